"""A browser and the person before it: the acts of the journey, each one flow."""

from dataclasses import dataclass, field
from itertools import count

from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.account.release import prove_release_mailbox, prove_release_number
from renumber.flows.phone_change.link import Reset, press_link
from renumber.flows.phone_change.new_number import enter_number, keep_old_number, prove_number
from renumber.flows.phone_change.request import request_change
from renumber.flows.services import Client
from renumber.flows.sessions import reauthenticate
from renumber.flows.sign_in.begin import give_password
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.sign_in.method import choose_method
from renumber.flows.sign_in.prove import prove_factor, prove_mailbox, send_again
from renumber.flows.views import Progress, find_progress, find_visit
from renumber.policies.notices import CODE_NOTICE
from tests.builders import OLD
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import Received, World

PASSWORD = "correct horse battery"
PROVE = {
    SignInState.AWAITING_FACTOR: prove_factor,
    SignInState.AWAITING_MAILBOX: prove_mailbox,
    SignInState.AWAITING_NEW_NUMBER: prove_number,
    SignInState.AWAITING_RELEASE_MAILBOX: prove_release_mailbox,
    SignInState.AWAITING_RELEASE_NUMBER: prove_release_number,
}
numbers = count(1)


@dataclass
class Browser:
    """One browser with its cookies, as the pages set and remove them."""

    world: World
    name: str = "Firefox on Windows"
    serial: int = field(default_factory=lambda: next(numbers))
    session: Ticket | None = None
    sign_in: Ticket | None = None
    reset_token: str = ""
    ip: str = ""

    @property
    def client(self) -> Client:
        ip = self.ip or f"2001:db8:{self.serial >> 16:x}:{self.serial & 0xFFFF:x}::1"
        return Client(
            ip=ip,
            browser=self.name,
            browser_id=f"{self.serial:032x}",
            time_zone="Europe/Berlin",
            reset_token=self.reset_token,
        )

    @property
    def ticket(self) -> Ticket:
        assert self.session, "this browser is signed in"
        return self.session

    @property
    def begun(self) -> Ticket:
        assert self.sign_in, "this browser has begun to sign in"
        return self.sign_in

    def arrive(self, step: Step[SignInResult | None]) -> SignInStep:
        """Keep the cookie of the session, if the act has opened one."""
        arrived = SignInStep(step)
        if arrived.signed_in:
            self.session, self.sign_in = arrived.ticket, None
        return arrived

    async def give_password(self, email: str, password: str = PASSWORD, *, form_id: str = "") -> SignInStep:
        address = EmailAddress(email)
        given = SignInStep(
            await give_password(self.world.services, self.client, address, password=password, form_id=form_id)
        )
        if given.ticket:
            self.session, self.sign_in = None, given.ticket
        return given

    async def progress(self) -> Progress | None:
        """The sign-in of this browser, as its page would read it."""
        return await find_progress(self.world.services, self.sign_in) if self.sign_in else None

    async def state(self) -> SignInState | None:
        """What the sign-in of this browser waits for, as its page would show it."""
        progress = await self.progress()
        return progress.sign_in.state if progress else None

    async def method(self) -> Factor | None:
        """Which factor it waits for, if it waits for one."""
        progress = await self.progress()
        return progress.sign_in.method if progress else None

    async def type_code(self, code: str, *, at: SignInState | None = None) -> SignInStep:
        """Enter a code on the page that is open, or on another that was left open."""
        prove = PROVE[at or await self.state() or SignInState.AWAITING_FACTOR]
        return self.arrive(await prove(self.world.services, self.client, self.begun, code))

    async def send_again(self) -> Step[None]:
        return await send_again(self.world.services, self.client, self.begun)

    async def enter_number(self, number: PhoneNumber) -> SignInStep:
        return SignInStep(await enter_number(self.world.services, self.client, self.begun, number))

    async def keep_old_number(self, number: PhoneNumber) -> SignInStep:
        """Enter the old number after being told that it is the old one."""
        return SignInStep(await keep_old_number(self.world.services, self.client, self.begun, number))

    async def insist_on_number(self, number: PhoneNumber) -> SignInStep:
        """Enter a number, and keep it if it turns out to be the old one."""
        step = await self.enter_number(number)
        return await self.keep_old_number(number) if step.refusal is Refusal.NUMBER_IS_OLD else step

    async def choose(self, factor: Factor) -> SignInStep:
        """Go on with another method."""
        return SignInStep(await choose_method(self.world.services, self.client, self.begun, factor))

    async def press(self, token: str) -> Step[Reset | None]:
        pressed = await press_link(self.world.services, self.client, token)
        if pressed.state and pressed.refusal is None:
            self.reset_token, self.session, self.sign_in = pressed.state.token, None, None
        return pressed

    async def reauthenticate(self, password: str = PASSWORD) -> None:
        step = await reauthenticate(self.world.services, self.client, self.ticket, password=password)
        assert step.refusal is None, step.refusal
        self.session = step.state

    async def is_signed_in(self) -> bool:
        """Whether a page of the account would open."""
        session = self.session
        return bool(session and await find_visit(self.world.services, session))


@dataclass
class Person:
    """Somebody with an account, a mailbox, phones and a browser."""

    world: World
    account_id: str
    email: str
    number: PhoneNumber | None
    password: str = PASSWORD

    def __post_init__(self) -> None:
        self.browser = Browser(self.world)

    async def mails(self, *notices: Notice) -> list[Received]:
        return await self.world.messages(self.email, *notices)

    async def texts(self, *notices: Notice, number: PhoneNumber | None = None) -> list[Received]:
        phone = number or self.number
        assert phone, "a text goes to a number"
        return await self.world.messages(phone.e164, *notices)

    async def code(self, purpose: CodePurpose) -> str:
        """The newest code for this purpose, from whichever address it went to."""
        await self.world.deliver()
        told, sent = CODE_NOTICE[purpose], [one for one in self.world.received if one.code]
        own = [one for one in sent if one.message.account_id == self.account_id]
        messages = [one for one in own if (one.notice, one.message.channel) == told]
        assert messages, "a code was sent"
        return messages[-1].code

    async def sign_in(self, browser: Browser | None = None) -> Browser:
        """Password, then the code from the phone."""
        at = browser or self.browser
        result = await at.give_password(self.email, self.password)
        assert result.state is SignInState.AWAITING_FACTOR, result
        result = await at.type_code(await self.code(CodePurpose.SIGN_IN))
        assert result.signed_in, result
        return at

    async def prove_again(self) -> None:
        """Give the password once more, as the page asks before a method is changed."""
        await self.browser.reauthenticate(self.password)

    async def sign_in_to_manage(self) -> Browser:
        """Sign in, and give the password once more, so that methods can be changed."""
        await self.sign_in()
        await self.prove_again()
        return self.browser

    async def sign_in_with_phone(self, browser: Browser | None = None) -> bool:
        """Give the code on the phone's page, which is open."""
        at = browser or self.browser
        return (await at.type_code(await self.code(CodePurpose.SIGN_IN))).signed_in

    async def ask_for_change(self) -> PhoneChange:
        step = await request_change(self.world.services, self.browser.client, self.browser.ticket)
        assert step.refusal is None, step.refusal
        assert step.state
        return step.state

    async def link(self) -> str:
        """The token of the newest mail 1."""
        return (await self.mails(Notice.CHANGE_REQUESTED))[-1].action

    async def reset_number(self, browser: Browser | None = None) -> Browser:
        """Sign in, ask for the change, and press its link."""
        await self.sign_in()
        await self.ask_for_change()
        at = browser or self.browser
        assert (await at.press(await self.link())).refusal is None
        return at

    async def reach_new_number(self, browser: Browser | None = None) -> Browser:
        """Sign in after the reset, as far as the page that asks for the new number."""
        at = browser or self.browser
        result = await at.give_password(self.email, self.password)
        if result.state is SignInState.AWAITING_MAILBOX:
            result = await at.type_code(await self.code(CodePurpose.MAILBOX))
        assert result.state is SignInState.AWAITING_NEW_NUMBER, result
        return at

    async def begin_to_wait(self, browser: Browser) -> Browser:
        """Sign in after the reset in another browser, as far as the page that says until when to wait."""
        await browser.give_password(self.email, self.password)
        result = await browser.type_code(await self.code(CodePurpose.MAILBOX))
        assert result.state is SignInState.WAITING, result
        return browser

    async def wait_for_number(self, browser: Browser) -> Browser:
        """Wait in another browser, and reach the new number there."""
        await self.begin_to_wait(browser)
        self.world.clock.move(seconds=self.world.limits.number_wait_for.total_seconds())
        return await self.reach_new_number(browser)

    async def bind(self, number: PhoneNumber, browser: Browser | None = None) -> None:
        """Enter the new number and its code."""
        at = browser or self.browser
        assert (await at.enter_number(number)).refusal is None
        result = await at.type_code(await self.code(CodePurpose.NEW_NUMBER))
        assert result.signed_in, result
        self.number = number

    async def change_number(self, number: PhoneNumber) -> None:
        """Walk the whole journey."""
        await self.reset_number()
        await self.reach_new_number()
        await self.bind(number)

    async def forget_password(self) -> str:
        """Ask for the mail, and give the token of its link."""
        await forget_password(self.world.services, self.browser.client, EmailAddress(self.email))
        return (await self.mails(Notice.PASSWORD_LINK))[-1].action

    async def freeze_by(self, token: str) -> None:
        """Press the button behind a stop link."""
        step = await freeze_by_link(self.world.services, self.browser.client, token)
        assert step.refusal is None, step.refusal

    async def choose_password(self, password: str) -> None:
        step = await choose_password(
            self.world.services, self.browser.client, await self.forget_password(), password=password
        )
        assert step.refusal is None, step.refusal
        self.password = password


async def a_person(world: World, email: str = "erika@example.com", number: PhoneNumber | None = OLD) -> Person:
    """Enter somebody with a password."""
    account_id = await world.enter(email, PASSWORD, number)
    return Person(world, account_id, email, number)
