"""Thieves who hold one thing each around one account, and its owner who comes back with what was there before."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from harness.soft_authenticator import SoftAuthenticator
from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.account.release import begin_release
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
DAYS = 12  # longer than the week after which the present number releases, whoever has the one before
STEPS = 8  # of one day
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
    """One account and what was done to it; `number` is the one that was bound before all of it."""

    person: Person
    number: PhoneNumber
    former: PhoneNumber | None
    cookie: Ticket
    thief: Browser
    password: str = PASSWORD
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
        if turn == 0:
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
        if (await self.world.account(self.person.account_id)).is_frozen:
            return
        self.renewed += 1
        chosen = f"vurmix gapolde {self.renewed}"
        links = [mail.action for mail in await self._asked_for_link()]
        if links:
            await self.did(who, "renew password", _choose(self.person, links[-1], chosen))
            self.password = chosen

    async def _asked_for_link(self) -> list[Received]:
        before = len(await self.person.mails(Notice.PASSWORD_LINK))
        await _forget(self.person)
        return (await self.person.mails(Notice.PASSWORD_LINK))[before:]

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


async def _forget(person: Person) -> None:
    await forget_password(person.world.services, Browser(person.world).client, EmailAddress(person.email))


async def _choose(person: Person, token: str, password: str) -> Any:
    return await choose_password(person.world.services, Browser(person.world).client, token, password=password)


async def comes_back(trouble: Trouble) -> None:
    """Let the owner come every day with password, mailbox and number, in a browser that nobody knows."""
    owner = Owner(trouble, Browser(trouble.world))
    for _ in range(DAYS):
        for _ in range(STEPS):
            if await owner.is_in():
                return
            await owner.goes_on()
        trouble.wait(BY_DAY)
    raise AssertionError("the owner is shut out")


@dataclass
class Owner:
    """The owner with the password, the mailbox and the number, and no more than what the pages say."""

    trouble: Trouble
    browser: Browser

    async def is_in(self) -> bool:
        """Tell whether they are signed in, with the number from before."""
        account = await self.trouble.world.account(self.trouble.person.account_id)
        if account.is_frozen and self.trouble.password != self.trouble.stolen:
            # A mailbox renewed the password and a freeze came after it: the owner holds no password. That a frozen
            # account's password can be renewed, after a wait, is for the release (issue 9, item 5).
            return True
        return account.number == self.trouble.number and await self.browser.is_signed_in()

    async def goes_on(self) -> None:
        """Take the step that the open page asks for."""
        state = await self.browser.state()
        steps: dict[SignInState | None, Callable[[], Awaitable[Any]]] = {
            SignInState.AWAITING_RELEASE_MAILBOX: self._release,
            SignInState.AWAITING_RELEASE_NUMBER: lambda: self._type(CodePurpose.RELEASE_NUMBER),
            SignInState.AWAITING_FACTOR: self._confirm,
            SignInState.AWAITING_MAILBOX: lambda: self._type(CodePurpose.MAILBOX),
            SignInState.AWAITING_NEW_NUMBER: self._enter_number,
        }
        await steps.get(state, self._sign_in)()

    async def _said(self, what: str, act: Awaitable[Any]) -> Any:
        return await self.trouble.did("owner", what, act)

    async def _sign_in(self) -> None:
        email = self.trouble.person.email
        given = await self._said("give password", self.browser.give_password(email, self.trouble.password))
        if given.refusal is Refusal.WRONG_CREDENTIALS:
            await self.trouble.renew_password("owner")

    async def _release(self) -> None:
        place = (self.trouble.world.services, self.browser.client, self.browser.begun)
        await self._said("begin release", begin_release(*place))
        await self._type(CodePurpose.RELEASE_MAILBOX)

    async def _type(self, purpose: CodePurpose) -> None:
        """Type the code, if it went to an address of the owner's."""
        world, person = self.trouble.world, self.trouble.person
        await world.deliver()
        challenge = await world.challenge(person.account_id, purpose)
        if challenge is None or challenge.destination not in (person.email, self.trouble.number.e164):
            self.browser.sign_in = None
            return
        step = await self._said(f"type {purpose}", self.browser.type_code(world.keys.code(challenge.derived)))
        if step.refusal:
            self.trouble.wait(timedelta(minutes=3))
            await self._said("send again", self.browser.send_again())
            self.browser.sign_in = None if step.refusal is Refusal.RELEASE_PAUSED else self.browser.sign_in

    async def _confirm(self) -> None:
        if await self.browser.method() is not Factor.PHONE:
            chosen = await self._said("choose phone", self.browser.choose(Factor.PHONE))
            if chosen.refusal is None:
                return
        account = await self.trouble.world.account(self.trouble.person.account_id)
        bar = account.bar(Factor.PHONE)
        if bar is Refusal.FACTOR_SUSPENDED:
            await self._restore()
        elif bar or account.number is None:
            await self._freeze()
        else:
            await self._type(CodePurpose.SIGN_IN)

    async def _restore(self) -> None:
        world, place = self.trouble.world, (self.trouble.world.services, self.browser.client, self.browser.begun)
        await self._said("send restore code", send_restore_code(*place))
        challenge = await world.challenge(self.trouble.person.account_id, CodePurpose.RESTORE)
        if challenge:
            code = world.keys.code(challenge.derived)
            await self._said("restore", restore_by_code(*place, code=code))
        await self._said("send again", self.browser.send_again())

    async def _freeze(self) -> None:
        """Press "This wasn't me" in a message of their own; a new one comes with a new password."""
        messages = [*await self.trouble.person.mails(), *await self.trouble.texts()]
        for stop in reversed([one.stop for one in messages if one.stop]):
            place = (self.trouble.world.services, self.browser.client)
            if (await self._said("freeze", freeze_by_link(*place, stop))).refusal is None:
                self.browser.sign_in = None
                return
        await self.trouble.renew_password("owner")

    async def _enter_number(self) -> None:
        await self._said("enter number", self.browser.insist_on_number(self.trouble.number))
        await self._type(CodePurpose.NEW_NUMBER)
