"""Thieves who hold one thing each around one account, and its owner who comes back with what was there before."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from harness.soft_authenticator import SoftAuthenticator
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.account.release import begin_release
from renumber.flows.account.release_link import begin_by_link, begin_by_link_and_later
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.flows.factors.recovery_codes import make_set, prove_code, remove_set
from renumber.flows.factors.suspended import restore_by_code, restore_mailbox, send_restore_code
from renumber.flows.factors.totp import begin_totp, confirm_totp, prove_totp, remove_totp
from renumber.flows.passkeys.prove import prove_passkey
from renumber.flows.passkeys.register import begin_passkey, remove_passkey
from renumber.flows.phone_change.new_number import begin_in_session
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from renumber.flows.push.devices import remove_device
from renumber.flows.push.enrol import begin_device
from renumber.flows.sessions import end_other_sessions, reauthenticate, sign_out
from tests.builders import WRONG
from tests.flows.factors.totp import shown
from tests.flows.passkeys.ceremonies import add_passkey
from tests.flows.person import PASSWORD, Browser, Person
from tests.flows.push.phone import add_phone
from tests.flows.world import Received, World

BY_DAY = timedelta(hours=25)  # longer than every quota, pause and wait for a number
CHOSEN = (Factor.PHONE, Factor.PASSKEY, Factor.TOTP, Factor.RECOVERY_CODE, Factor.PUSH)
IN_SESSION: tuple[tuple[Callable[..., Awaitable[Any]], tuple[Any, ...]], ...] = (
    (request_change, ()),
    (send_link_again, ()),
    (cancel_change, ()),
    (begin_in_session, ()),
    (begin_totp, ()),
    (remove_totp, ()),
    (begin_passkey, ()),
    (begin_device, ()),
    (make_set, ("",)),
    (remove_set, ()),
    *((report_in_session, (factor,)) for factor in CHOSEN),
    (restore_lost, (Factor.PHONE,)),
    (end_other_sessions, ()),
    (sign_out, ()),
)


@dataclass
class Trouble:
    """One account and what was done to it; `number` is the one that was bound before all of it.

    `known` is the password that its owner knows, `stolen` the one that a thief does: a third may have renewed it since.
    """

    person: Person
    number: PhoneNumber
    former: PhoneNumber | None
    cookie: Ticket
    thief: Browser
    known: str = PASSWORD
    stolen: str = PASSWORD
    renewed: int = 0
    log: list[str] = field(default_factory=list)

    @classmethod
    async def begin(
        cls, world: World, serial: int, factors: frozenset[Factor], *, changed_for: float | None
    ) -> "Trouble":
        """Enter an owner with these factors, whose number was changed so many days ago."""
        old, new = (PhoneNumber(f"+49160{serial:06d}{end}") for end in (1, 2))
        email = f"back{serial}@example.com"
        person = Person(world, await world.enter(email, PASSWORD, old), email, old)
        await person.sign_in()
        for factor in sorted(factors):
            await _add(person, factor)
        world.clock.move(days=4)
        if changed_for is not None:
            await _change(person, new)
            world.clock.move(days=changed_for)
        await _sign_in_by_phone(person)
        number = new if changed_for is not None else old
        former = old if changed_for is not None else None
        return cls(person, number, former, person.browser.ticket, Browser(world))

    @property
    def world(self) -> World:
        return self.person.world

    def wait(self, by: timedelta) -> None:
        self.world.clock.time += by
        self.log.append(f"{by} pass")

    async def did(self, who: str, what: str, act: Awaitable[Any]) -> Any:
        """Let somebody do something, and write it down."""
        step = await act
        self.log.append(f"{who}: {what} -> {getattr(step, 'refusal', None) or 'done'}")
        return step

    async def act(self, who: str, pick: int) -> None:
        """Let a thief do what they can with what they have."""
        await {
            "password": self._with_password,
            "mailbox": self._with_mailbox,
            "cookie": self._with_cookie,
            "old SIM": self._with_old_sim,
            "stop link": self._with_stop_link,
        }[who](pick)

    async def _with_password(self, pick: int) -> None:
        browser, who = self.thief, "password"
        if browser.sign_in is None or await browser.state() is None:
            await self.did(who, "give password", browser.give_password(self.person.email, self.stolen))
            if browser.sign_in is None:
                return
        place = (self.world.services, browser.client, browser.begun)
        factor = CHOSEN[pick % len(CHOSEN)]
        acts: tuple[tuple[str, Callable[[], Awaitable[Any]]], ...] = (
            ("give password", lambda: browser.give_password(self.person.email, self.stolen)),
            (f"choose {factor}", lambda: browser.choose(factor)),
            ("guess a code", lambda: browser.type_code(WRONG)),
            (f"report {factor} lost", lambda: report_at_sign_in(*place, factor)),
            ("send again", browser.send_again),
            ("send restore code", lambda: send_restore_code(*place)),
            ("guess restore code", lambda: restore_by_code(*place, code=WRONG)),
            ("begin release", lambda: begin_release(*place)),
            ("guess app code", lambda: prove_totp(*place, code=WRONG)),
            ("guess recovery code", lambda: prove_code(*place, code=WRONG)),
            ("guess passkey", lambda: prove_passkey(*place, text="no answer")),
        )
        what, do = acts[pick % len(acts)]
        await self.did(who, what, do())

    async def guess_all(self, pick: int) -> None:
        """Guess at one code until no more guesses are taken, for as long as it takes."""
        browser = self.thief
        await self.did("password", "give password", browser.give_password(self.person.email, self.stolen))
        if browser.sign_in is None:
            return
        place = (self.world.services, browser.client, browser.begun)
        if await browser.state() is SignInState.AWAITING_FACTOR:
            await browser.choose(CHOSEN[pick % len(CHOSEN)])
        for _ in range(12):
            if await browser.state() is SignInState.AWAITING_RELEASE_MAILBOX:
                await begin_release(*place)
            guessed = await self.did("password", "guess a code", browser.type_code(WRONG))
            if guessed.refusal is Refusal.TOO_MANY_WRONG_CODES:
                self.wait(timedelta(minutes=2))
                await browser.send_again()

    async def _with_mailbox(self, pick: int) -> None:
        services, client = self.world.services, self.thief.client
        mails = await self.person.mails()
        turn = pick % 4
        if turn == 0 and await self.is_frozen():
            await self._use_up_release(pick)
        elif turn == 0:
            await self.renew_password("mailbox")
        for mail in reversed(mails):
            if turn == 1 and mail.notice is Notice.CHANGE_REQUESTED:
                await self.did("mailbox", "press link", Browser(self.world).press(mail.action))
                return
            if turn == 2 and mail.notice is Notice.MAILBOX_SUSPENDED:
                await self.did("mailbox", "restore mailbox", restore_mailbox(services, client, mail.action))
                return
            if turn == 3 and mail.stop:
                await self.did("mailbox", "freeze", freeze_by_link(services, client, mail.stop))
                return

    async def renew_password(self, who: str) -> None:
        """Choose a password by mail; the mailbox is the owner's too, who will do the same."""
        self.renewed += 1
        chosen = f"vurmix gapolde {self.renewed}"
        links = [mail.action for mail in await self._asked_for_link(Notice.PASSWORD_LINK)]
        if links:
            await self.did(who, "renew password", _choose(self.person, links[-1], chosen))
            self.known = chosen if who == "owner" else self.known

    async def is_frozen(self) -> bool:
        return (await self.world.account(self.person.account_id)).is_frozen

    async def _asked_for_link(self, notice: Notice) -> list[Received]:
        before = len(await self.person.mails(notice))
        await forget_password(self.world.services, Browser(self.world).client, EmailAddress(self.person.email))
        return (await self.person.mails(notice))[before:]

    async def open_release(self, who: str, browser: Browser, *, later: bool = False) -> Step[Any]:
        """Begin a release by the newest link in the mailbox."""
        await self._asked_for_link(Notice.PASSWORD_LINK_FROZEN)
        links = [mail.action for mail in await self.person.mails(Notice.PASSWORD_LINK_FROZEN)]
        begin = begin_by_link_and_later if later else begin_by_link
        place = (self.world.services, browser.client, links[-1] if links else "")
        step: Step[Any] = await self.did(who, f"open release {'by later' * later}", begin(*place))
        browser.sign_in = step.state.ticket if step.state else None
        return step

    async def _use_up_release(self, pick: int) -> None:
        """Have texts sent, or guess at them until none is taken: the number's codes are all that is missing."""
        browser = Browser(self.world)
        for _ in range(12):
            self.wait(timedelta(minutes=2))
            if browser.sign_in is None and (await self.open_release("mailbox", browser)).refusal:
                return
            if pick % 8:
                guessed = await self.did("mailbox", "guess a code", browser.type_code(WRONG))
                browser.sign_in = browser.sign_in if guessed.refusal is Refusal.WRONG_CODE else None
            else:
                await self.did("mailbox", "send again", browser.send_again())

    async def meddle(self, who: str, pick: int) -> None:
        """Let a thief do what keeps a frozen account frozen, once more."""
        if who == "mailbox":
            await self._use_up_release(pick)
        if who == "password":
            await self.guess_all(pick)
        reads = {"old SIM": self.former.e164 if self.former else "", "mailbox": self.person.email}.get(who, "")
        for message in await self.world.messages(reads) if reads else ():
            if message.stop:
                client = self.thief.client
                await self.did(who, "keep frozen", freeze_by_link(self.world.services, client, message.stop))

    async def _with_cookie(self, pick: int) -> None:
        act, given = IN_SESSION[pick % len(IN_SESSION)]
        client = self.person.browser.client
        await self.did("cookie", act.__name__, act(self.world.services, client, self.cookie, *given))
        passkeys = await self.world.reads.passkeys(self.person.account_id)
        devices = await self.world.reads.devices(self.person.account_id)
        for passkey in passkeys[:1]:
            taken = remove_passkey(self.world.services, client, self.cookie, passkey.passkey_id)
            await self.did("cookie", "remove passkey", taken)
        for device in devices[:1]:
            await self.did(
                "cookie", "remove device", remove_device(self.world.services, client, self.cookie, device.device_id)
            )
        wrong = reauthenticate(self.world.services, client, self.cookie, password="no such password")
        await self.did("cookie", "guess password", wrong)

    async def _with_old_sim(self, pick: int) -> None:
        if self.former:
            await self._freeze("old SIM", await self.world.messages(self.former.e164), pick)

    async def _with_stop_link(self, pick: int) -> None:
        await self._freeze("stop link", [*await self.person.mails(), *await self.texts()], pick)

    async def texts(self) -> list[Received]:
        """All that came to the owner's phone."""
        return await self.world.messages(self.number.e164)

    async def _freeze(self, who: str, messages: list[Received], pick: int) -> None:
        stops = [one.stop for one in messages if one.stop]
        if stops:
            stop = stops[-1 - pick % len(stops)]
            await self.did(who, "freeze", freeze_by_link(self.world.services, self.thief.client, stop))


async def _add(person: Person, factor: Factor) -> None:
    await person.prove_again()
    place = (person.world.services, person.browser.client, person.browser.ticket)
    if factor is Factor.PASSKEY:
        await add_passkey(person, SoftAuthenticator())
    elif factor is Factor.PUSH:
        await add_phone(person)
    elif factor is Factor.RECOVERY_CODE:
        assert (await make_set(*place, replacing="")).refusal is None
    else:
        begun = await begin_totp(*place)
        assert begun.state
        assert (await confirm_totp(*place, code=shown(person.world, begun.state))).refusal is None


async def _sign_in_by_phone(person: Person) -> None:
    browser = person.browser
    person.world.clock.move(minutes=11)
    await browser.give_password(person.email, person.password)
    if await browser.state() is SignInState.AWAITING_FACTOR:
        await browser.choose(Factor.PHONE)
    assert await person.sign_in_with_phone()


async def _change(person: Person, number: PhoneNumber) -> None:
    browser = person.browser
    await _sign_in_by_phone(person)
    await person.ask_for_change()
    assert (await browser.press(await person.link())).refusal is None
    await browser.give_password(person.email, person.password)
    if await browser.state() is SignInState.AWAITING_FACTOR:
        await browser.choose(Factor.PHONE)
    await person.bind(number)


async def _choose(person: Person, token: str, password: str) -> Any:
    return await choose_password(person.world.services, Browser(person.world).client, token, password=password)
