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
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, refuse_stale, resume
from renumber.flows.sign_in.prompt import ask_devices
from renumber.policies.methods import may_choose
from renumber.policies.sign_in_path import opening_to_number, pressed_in_this_browser


async def ask(work: UnitOfWork, underway: SignInInProgress) -> SignInResult:
    """Send what the chosen method sends.

    Releasing a frozen account sends nothing by itself: its page explains first, and has a button.
    """
    if underway.sign_in.awaits(Factor.PUSH):
        return await ask_devices(work, underway)
    errand = underway.errand()
    if errand is None or underway.sign_in.state is SignInState.AWAITING_RELEASE_MAILBOX:
        return underway.passage()
    sent = await send_code(work, underway.scene, errand)
    return underway.passage(open_at=sent.open_at)


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
    browser_keys = scene.house.secrets.fingerprints("browser", scene.origin.browser_id)
    return Pressed(pressed=True, asked=bool(asking and asking.browser_key in browser_keys))


def _pressed_here(scene: Scene, change: PhoneChange) -> bool:
    matches = change.reset_key in scene.house.secrets.fingerprints("reset", scene.origin.reset_token)
    window = scene.house.rules.limits.reset_browser_for
    return pressed_in_this_browser(change, scene.now, window=window, key_matches=matches)


async def choose_method(house: Services, ticket: Ticket, factor: Factor, *, origin: Client) -> SignInResult:
    """Be asked for another factor that the account has; choosing the one that is asked for sends nothing twice."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None or not underway.sign_in.may_choose:
            return refuse_stale(work, house, origin, underway=underway)
        if underway.sign_in.awaits(factor):
            return underway.passage()
        if factor is Factor.PHONE and work.account.number is None:
            return await _turn_to_number(work, underway)
        refusal = may_choose(work.account, factor, methods=house.rules.methods)
        if refusal:
            conclude(work, underway.scene, (), refusal=refusal)
            return underway.passage(refusal)
        return await _go_on(work, underway, underway.sign_in.choose(factor).state)


async def _turn_to_number(work: UnitOfWork, underway: SignInInProgress) -> SignInResult:
    """After the reset the phone stands for entering the new number."""
    if underway.sign_in.state is not SignInState.AWAITING_FACTOR:
        return underway.passage()
    refusal, through = await _way_to_number(work, underway)
    if refusal:
        conclude(work, underway.scene, (), refusal=refusal)
        return underway.passage(refusal)
    return await _go_on(work, underway, underway.sign_in.turn_to_number(through).state)


async def _way_to_number(work: UnitOfWork, underway: SignInInProgress) -> tuple[Refusal | None, SignInState]:
    scene, change = underway.scene, underway.change
    if change is None or not change.awaits_number:
        return Refusal.FACTOR_UNKNOWN, SignInState.AWAITING_FACTOR
    if scene.house.rules.reenrolment_requires_factor:
        return Refusal.NEEDS_ANOTHER_FACTOR, SignInState.AWAITING_FACTOR
    here = await where_pressed(work, scene, change)
    opening = opening_to_number(work.account, change, pressed_here=here.pressed, asked_here=here.asked)
    return opening.refusal, opening.state


async def _go_on(work: UnitOfWork, underway: SignInInProgress, sign_in: SignIn) -> SignInResult:
    work.keep(sign_in)
    chosen = replace(underway, sign_in=sign_in)
    conclude(work, replace(underway.scene, evidence=f"password; chose {sign_in.method}"), (Fact.METHOD_CHOSEN,))
    return await ask(work, chosen)
