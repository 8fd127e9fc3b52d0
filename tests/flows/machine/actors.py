"""Everybody who acts in the journey machine: the owner, the thieves, a link scanner."""

from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.messages.message import Channel, Notice
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.sign_in import SignInState
from tests.flows.person import PASSWORD, Browser
from tests.flows.world import START, Received, World

WAITS_FOR = {
    SignInState.AWAITING_FACTOR: (Notice.SIGN_IN_CODE, Channel.SMS),
    SignInState.AWAITING_MAILBOX: (Notice.MAILBOX_CODE, Channel.EMAIL),
    SignInState.AWAITING_NEW_NUMBER: (Notice.NEW_NUMBER_CODE, Channel.SMS),
    SignInState.AWAITING_RELEASE_MAILBOX: (Notice.RELEASE_CODE, Channel.EMAIL),
    SignInState.AWAITING_RELEASE_NUMBER: (Notice.RELEASE_CODE, Channel.SMS),
}


@dataclass
class Actor:
    """Somebody with what they hold; `learnt_at` is when they came to know the password, `by_mail` how."""

    name: str
    browsers: list[Browser]
    phones: tuple[PhoneNumber, ...] = ()
    mailbox: str = ""
    password: str = ""
    learnt_at: datetime = START
    by_mail: bool = False
    app: bytes = field(default=b"", repr=False)  # the key in their authenticator app, while it is the account's

    def can_read(self, received: Received) -> bool:
        """Whether it came to an address of theirs."""
        return received.to == self.mailbox or received.to in {phone.e164 for phone in self.phones}

    def learn(self, password: str, at: datetime) -> None:
        """Choose a password by a link from the mailbox."""
        self.password, self.learnt_at, self.by_mail = password, at, True


@dataclass
class Actors:
    """Everybody around one account; each example has an account and numbers of its own."""

    world: World
    serial: int
    email: str = ""
    received: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.email = f"owner{self.serial}@example.com"
        old, new, newer = self._phone(0), self._phone(1), self._phone(2)
        self.old = old
        people = (
            Actor("owner", self._browsers(2), (old, new, newer), self.email, PASSWORD),
            Actor("thief with the password", self._browsers(1), (self._phone(3),), "", PASSWORD),
            Actor("thief with both", self._browsers(1), (self._phone(4),), self.email, PASSWORD),
            Actor("thief with the mailbox", self._browsers(1), (self._phone(5),), self.email),
            Actor("thief with the old phone", self._browsers(1), (old, self._phone(6))),
            Actor("scanner", self._browsers(1), (), self.email),
        )
        self.by_name = {actor.name: actor for actor in people}

    def _phone(self, end: int) -> PhoneNumber:
        return PhoneNumber(f"+49151{self.serial:07d}{end}")

    def _browsers(self, count: int) -> list[Browser]:
        return [Browser(self.world) for _ in range(count)]

    def newest(self, actor: Actor, notice: Notice, channel: Channel) -> Received | None:
        """The last of these that the actor can read."""
        fitting = [
            one for one in self.received if one.notice is notice and one.channel is channel and actor.can_read(one)
        ]
        return fitting[-1] if fitting else None

    def readable(self, actor: Actor) -> list[Received]:
        """All that the actor can read."""
        return [one for one in self.received if actor.can_read(one)]
