"""Asking for what a sign-in waits for: the first time, and when another method is chosen."""

from dataclasses import dataclass, replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session, Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Client, Services
from renumber.flows.codes import send_code
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, refuse_stale, resume
from renumber.flows.sign_in.prompt import ask_devices
from renumber.policies.methods import may_choose
from renumber.policies.sign_in_path import opening_to_number, pressed_in_this_browser


async def ask(work: UnitOfWork, in_progress: SignInInProgress) -> SignInResult:
    """Send what the chosen method sends.

    Releasing a frozen account sends nothing by itself: its page explains first, and has a button.
    """
    if in_progress.sign_in.awaits(Factor.PUSH):
        return await ask_devices(work, in_progress)
    intent = in_progress.intent()
    if intent is None or in_progress.sign_in.state is SignInState.AWAITING_RELEASE_MAILBOX:
        return in_progress.result()
    sent = await send_code(work, in_progress.scene, intent)
    return in_progress.result(open_at=sent.open_at)


@dataclass(frozen=True, slots=True)
class Pressed:
    """Whether the link was pressed in this browser, and whether the change was asked for in it."""

    pressed: bool = False
    asked: bool = False


async def where_pressed(work: UnitOfWork, scene: Scene, change: PhoneChange | None) -> Pressed:
    """Look at the cookie of the page behind the link, and at the session that asked for the change."""
    if change is None or not _pressed_here(scene, change):
        return Pressed()
    asking = await work.load(Session, change.proof.session_id) if change.proof else None
    browser_keys = scene.services.secrets.fingerprints(KeyedHash.BROWSER, scene.client.browser_id)
    return Pressed(pressed=True, asked=bool(asking and asking.browser_key in browser_keys))


def _pressed_here(scene: Scene, change: PhoneChange) -> bool:
    matches = change.reset_key in scene.services.secrets.fingerprints(KeyedHash.RESET, scene.client.reset_token)
    window = scene.services.rules.limits.reset_browser_for
    return pressed_in_this_browser(change, scene.now, window=window, key_matches=matches)


async def choose_method(services: Services, client: Client, ticket: Ticket, *, factor: Factor) -> SignInResult:
    """Be asked for another factor that the account has; choosing the one that is asked for sends nothing twice."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.may_choose:
            return refuse_stale(work, services, client, in_progress=in_progress)
        if in_progress.sign_in.awaits(factor):
            return in_progress.result()
        if factor is Factor.PHONE and work.account.number is None:
            return await _turn_to_number(work, in_progress)
        refusal = may_choose(work.account, factor, methods=services.rules.methods)
        if refusal:
            conclude(work, in_progress.scene, (), refusal=refusal)
            return in_progress.result(refusal)
        return await _go_on(work, in_progress, in_progress.sign_in.choose(factor).state)


async def _turn_to_number(work: UnitOfWork, in_progress: SignInInProgress) -> SignInResult:
    """After the reset the phone stands for entering the new number."""
    if in_progress.sign_in.state is not SignInState.AWAITING_FACTOR:
        return in_progress.result()
    refusal, through = await _way_to_number(work, in_progress)
    if refusal:
        conclude(work, in_progress.scene, (), refusal=refusal)
        return in_progress.result(refusal)
    return await _go_on(work, in_progress, in_progress.sign_in.turn_to_number(through).state)


async def _way_to_number(work: UnitOfWork, in_progress: SignInInProgress) -> tuple[Refusal | None, SignInState]:
    scene, change = in_progress.scene, in_progress.change
    if change is None or not change.awaits_number:
        return Refusal.FACTOR_UNKNOWN, SignInState.AWAITING_FACTOR
    if scene.services.rules.reenrolment_requires_factor:
        return Refusal.NEEDS_ANOTHER_FACTOR, SignInState.AWAITING_FACTOR
    here = await where_pressed(work, scene, change)
    opening = opening_to_number(work.account, change, pressed_here=here.pressed, asked_here=here.asked)
    return opening.refusal, opening.state


async def _go_on(work: UnitOfWork, in_progress: SignInInProgress, sign_in: SignIn) -> SignInResult:
    work.keep(sign_in)
    chosen = replace(in_progress, sign_in=sign_in)
    conclude(work, replace(in_progress.scene, evidence=f"password; chose {sign_in.method}"), (Fact.METHOD_CHOSEN,))
    return await ask(work, chosen)
