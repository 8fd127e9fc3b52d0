"""The owner who comes back with the password, the mailbox and the number from before the trouble, and nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.release import begin_release, begin_release_by_later
from renumber.flows.account.release_link import release_with_password
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from tests.flows.machine.way_back import BY_DAY, Trouble
from tests.flows.person import Browser
from tests.flows.sign_in_step import SignInStep

DAYS = 18  # longer than the week after which the later number releases, and the week that it waits
STEPS = 8  # of one day


async def comes_back(trouble: Trouble, *, meddler: str = "", pick: int = 0) -> None:
    """Let the owner come every day with password, mailbox and number, in a browser that nobody knows.

    Each time a meddler comes just before, to keep a frozen account frozen, as far as what they have lets them.
    """
    owner = Owner(trouble, Browser(trouble.world))
    for _ in range(DAYS):
        if await trouble.is_frozen():
            await trouble.meddle(meddler, pick)
        for _ in range(STEPS):
            if await owner.is_in():
                return
            await owner.goes_on()
        trouble.wait(BY_DAY)
    raise AssertionError("the owner is shut out")


@dataclass
class Owner:
    """The owner, who does what the pages say; `by_later` once the number from before their own was asked for."""

    trouble: Trouble
    browser: Browser
    by_later: bool = False

    async def is_in(self) -> bool:
        """Tell whether they are signed in, with the number from before."""
        account = await self.trouble.world.account(self.trouble.person.account_id)
        return account.number == self.trouble.number and await self.browser.is_signed_in()

    async def goes_on(self) -> None:
        """Take the step that the open page asks for."""
        state = await self.browser.state()
        steps: dict[SignInState | None, Callable[[], Awaitable[Any]]] = {
            SignInState.AWAITING_RELEASE_MAILBOX: self._release,
            SignInState.AWAITING_RELEASE_NUMBER: lambda: self._type(CodePurpose.RELEASE_NUMBER),
            SignInState.AWAITING_RELEASE_PASSWORD: self._choose_password,
            SignInState.AWAITING_FACTOR: self._confirm,
            SignInState.AWAITING_MAILBOX: lambda: self._type(CodePurpose.MAILBOX),
            SignInState.AWAITING_NEW_NUMBER: self._enter_number,
            SignInState.WAITING: self._wait,
        }
        await steps.get(state, self._sign_in)()

    async def _said(self, what: str, act: Awaitable[Any]) -> Any:
        return await self.trouble.did("owner", what, act)

    async def _wait(self) -> None:
        """There is nothing to be done here before the time is over."""

    async def _sign_in(self) -> None:
        email = self.trouble.person.email
        given = await self._said("give password", self.browser.give_password(email, self.trouble.known))
        if given.refusal is not Refusal.WRONG_CREDENTIALS:
            return
        if await self.trouble.is_frozen():
            await self.trouble.open_release("owner", self.browser, later=self.by_later)
        else:
            await self.trouble.renew_password("owner")

    async def _release(self) -> None:
        place = (self.trouble.world.services, self.browser.client, self.browser.begun)
        begin = begin_release_by_later if self.by_later else begin_release
        begun = await self._said("begin release", begin(*place))
        if begun.refusal in (Refusal.RELEASE_PAUSED, Refusal.SEND_LIMIT_REACHED):
            await self.trouble.open_release("owner", self.browser, later=self.by_later)
        else:
            await self._type(CodePurpose.RELEASE_MAILBOX)

    async def _type(self, purpose: CodePurpose) -> None:
        """Type the code, if it went to an address of the owner's."""
        code = await self._code(purpose)
        if not code:
            self.by_later = self.by_later or purpose is CodePurpose.RELEASE_NUMBER
            self.browser.sign_in = None
            return
        step: SignInStep = await self._said(f"type {purpose}", self.browser.type_code(code))
        if step.refusal and purpose is CodePurpose.RELEASE_NUMBER:
            step = await self._type_long()
        if step.refusal:
            self.trouble.wait(timedelta(minutes=3))
            await self._said("send again", self.browser.send_again())
            self.browser.sign_in = None if step.refusal is Refusal.RELEASE_PAUSED else self.browser.sign_in

    async def _code(self, purpose: CodePurpose) -> str:
        """The code that the page waits for, as far as it goes to an address of the owner's."""
        world, person = self.trouble.world, self.trouble.person
        await world.deliver()
        progress = await self.browser.progress()
        intent = progress.intent if progress else None
        if intent is None or intent.destination not in (person.email, self.trouble.number.e164):
            return ""
        challenge = await world.challenge(person.account_id, purpose)
        own = challenge if challenge and challenge.is_for(intent) else None
        return world.keys.code(own.derived) if own else "000000"

    async def _type_long(self) -> SignInStep:
        """Type the long code that came by text, where the short ones aren't taken."""
        texts = await self.trouble.world.messages(self.trouble.number.e164, Notice.LONG_CODE)
        code = texts[-1].code if texts else "000000"
        step: SignInStep = await self._said("type long code", self.browser.type_code(code))
        return step

    async def _choose_password(self) -> None:
        place = (self.trouble.world.services, self.browser.client, self.browser.begun)
        self.trouble.renewed += 1
        chosen = f"vurmix gapolde {self.trouble.renewed}"
        released = await self._said("choose password", release_with_password(*place, password=chosen))
        self.trouble.known = self.trouble.known if released.refusal else chosen

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
