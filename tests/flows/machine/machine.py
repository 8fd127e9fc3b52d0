"""Acts on one account, each one flow, each judged."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.number_history import Wanted
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator, look_at_stop
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.account.release import begin_release, release_by_operator
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from renumber.flows.housekeeping import keep_house
from renumber.flows.phone_change.link import look_at_link
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from renumber.flows.services import Services
from renumber.flows.sessions import end_other_sessions, reauthenticate, sign_out
from tests.flows.machine.actors import WAITS_FOR, Actor, Actors
from tests.flows.machine.ledger import Ledger
from tests.flows.machine.observed import ObservedAct
from tests.flows.machine.snapshot import Snapshot, read_snapshot
from tests.flows.person import Browser
from tests.flows.world import World


@dataclass
class Machine:
    """One account with its actors, from the first act to the last."""

    world: World
    actors: Actors
    account_id: str
    ledger: Ledger
    seen: Snapshot
    log: list[str] = field(default_factory=list)
    passwords: int = 0
    is_sound: bool = True

    @classmethod
    async def begin(cls, world: World, serial: int) -> "Machine":
        """Enter the owner with the old number."""
        actors = Actors(world, serial)
        password = actors.by_name["owner"].password
        account_id = await world.enter(actors.email, password, actors.old)
        return cls(world, actors, account_id, Ledger(actors.email, password), await read_snapshot(world, account_id))

    @property
    def services(self) -> Services:
        return self.world.services

    async def act(
        self,
        actor: Actor,
        verb: str,
        flow: Awaitable[Any],
        *,
        number: PhoneNumber | None = None,
        token: str = "",
        code: str = "",
        browser: Browser | None = None,
    ) -> Any:
        """Let one flow run, read what was committed and sent, and judge it."""
        before, outcome = self.seen, await flow
        messages = await self.world.deliver()
        self.actors.received += messages
        self.seen = await read_snapshot(self.world, self.account_id)
        refusal = getattr(outcome, "refusal", None)
        self.log.append(f"{actor.name}: {verb} -> {refusal or 'done'}")
        seen = (before, self.seen, messages, self.world.clock.time)
        self.is_sound = False
        about = {"number": number, "token": token, "code": code, "browser": browser}
        self.ledger.judge(ObservedAct(actor, verb, refusal, *seen, **about))  # type: ignore[arg-type]  # as it takes them
        self.is_sound = True
        return outcome

    async def give_password(self, actor: Actor, browser: Browser) -> None:
        await self.act(actor, "give password", browser.give_password(self.actors.email, actor.password))

    async def type_code(self, actor: Actor, browser: Browser, code: str, *, at: SignInState | None = None) -> None:
        """Type it on the open page, or post it to another."""
        state = at or await browser.state()
        if browser.sign_in and state is not None:
            verb = "release number" if state is SignInState.AWAITING_RELEASE_NUMBER else "type code"
            await self.act(actor, verb, browser.type_code(code, at=state), code=code, browser=browser)

    async def type_newest_code(self, actor: Actor, browser: Browser) -> None:
        """Type the code that the open page waits for, if it came to an address of theirs."""
        state = await browser.state()
        received = self.actors.newest(actor, *WAITS_FOR[state]) if state in WAITS_FOR else None
        if received:
            await self.type_code(actor, browser, received.code)

    async def guess(self, actor: Actor, browser: Browser, digit: int) -> None:
        """Type a wrong code."""
        await self.type_code(actor, browser, self._no_code(digit))

    def _no_code(self, digit: int = 0) -> str:
        """A code that is certainly none that is in flight."""
        live = {received.code for received in self.actors.received if received.code}
        return next(code for code in (f"{digit + more:06d}" for more in range(1000)) if code not in live)

    async def send_again(self, actor: Actor, browser: Browser) -> None:
        if browser.sign_in:
            await self.act(actor, "send again", browser.send_again())

    async def enter_number(self, actor: Actor, browser: Browser, number: PhoneNumber) -> None:
        if browser.sign_in:
            await self.act(actor, "enter number", browser.insist_on_number(number), number=number, browser=browser)

    async def restore(self, actor: Actor, browser: Browser) -> None:
        """Open suspended factors by a code to the mailbox."""
        ticket = browser.sign_in
        if ticket is None or not actor.mailbox:
            return
        await self.act(actor, "send restore code", send_restore_code(self.services, browser.client, ticket))
        received = self.actors.newest(actor, Notice.RESTORE_CODE, Channel.EMAIL)
        if received:
            flow = restore_by_code(self.services, browser.client, ticket, code=received.code)
            await self.act(actor, "restore", flow, code=received.code)

    async def restore_by_guess(self, actor: Actor, browser: Browser) -> None:
        """Try to open suspended factors without having read the code."""
        if browser.sign_in:
            flow = restore_by_code(self.services, browser.client, browser.sign_in, code=self._no_code())
            await self.act(actor, "restore", flow)

    async def begin_release(self, actor: Actor, browser: Browser) -> None:
        if browser.sign_in:
            await self.act(actor, "begin release", begin_release(self.services, browser.client, browser.sign_in))

    async def reauthenticate(self, actor: Actor, browser: Browser) -> None:
        if browser.session:
            flow = reauthenticate(self.services, browser.client, browser.session, password=actor.password)
            step = await self.act(actor, "reauthenticate", flow)
            browser.session = step.state or browser.session

    async def in_session(self, actor: Actor, browser: Browser, verb: str) -> None:
        """Do what a session allows."""
        flows = {
            "ask": request_change,
            "ask again": send_link_again,
            "cancel": cancel_change,
            "sign out": sign_out,
            "end others": end_other_sessions,
        }
        ticket: Ticket | None = browser.session
        if ticket:
            flow = flows[verb](self.services, browser.client, ticket)
            await self.act(actor, verb, flow, browser=browser)

    async def press(self, actor: Actor, browser: Browser, token: str) -> None:
        """Look at the link first, as every reader and scanner does, then press its button."""
        await look_at_link(self.services, token)
        await self.act(actor, "press", browser.press(token), token=token)

    async def stop(self, actor: Actor, browser: Browser, token: str) -> None:
        await look_at_stop(self.services, token)
        await self.act(actor, "freeze", freeze_by_link(self.services, browser.client, token), token=token)

    async def forget(self, actor: Actor, browser: Browser) -> None:
        flow = forget_password(self.services, browser.client, EmailAddress(self.actors.email))
        await self.act(actor, "forget password", flow)

    async def choose_password(self, actor: Actor, browser: Browser, token: str) -> None:
        self.passwords += 1
        password = f"vurmix gapolde {self.passwords}"
        hashed = self.seen.account.password_hash
        flow = choose_password(self.services, browser.client, token, password=password)
        await self.act(actor, "choose password", flow, token=token)
        if self.seen.account.password_hash != hashed:
            actor.learn(password, self.world.clock.time)
            self.ledger.password = password

    async def operator(self, verb: str, wanted: Wanted = Wanted.RECENT) -> None:
        client = Browser(self.world).client
        flow: Awaitable[Any]
        if verb == "operator release":
            flow = release_by_operator(self.services, client, self.account_id, "a call", wanted=wanted)
        else:
            flow = freeze_by_operator(self.services, client, self.account_id, "a call")
        await self.act(Actor("operator", []), verb, flow)

    async def keep_house(self) -> None:
        """Close what ran out, forget the number that can undo nothing any more, purge what ended long ago."""
        flow = keep_house(self.services, self.world.chores)
        await self.act(Actor("housekeeping", []), "keep house", flow)

    def wait(self, by: timedelta) -> None:
        self.world.clock.time += by
        self.log.append(f"{by} pass")
