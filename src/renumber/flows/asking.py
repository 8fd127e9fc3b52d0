"""Asking for what a sign-in waits for: the first time, and when another method is chosen."""

from dataclasses import dataclass, replace

from renumber.domain.authenticator import Factor
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session, Ticket
from renumber.domain.sign_in import SignIn, State
from renumber.flows.codes import send_code
from renumber.flows.consequences import Scene, conclude
from renumber.flows.house import House, Origin
from renumber.flows.ports import UnitOfWork
from renumber.flows.prompting import ask_devices
from renumber.flows.underway import Passage, Underway, refuse_stale, resume
from renumber.policies import assurance


async def ask(work: UnitOfWork, underway: Underway) -> Passage:
    """Send what the chosen method sends.

    Releasing a frozen account sends nothing by itself: its page explains first, and has a button.
    """
    if underway.sign_in.awaits(Factor.PUSH):
        return await ask_devices(work, underway)
    errand = underway.errand()
    if errand is None or underway.sign_in.state is State.AWAITING_RELEASE_MAILBOX:
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
    return assurance.pressed_in_this_browser(change, scene.now, window=window, key_matches=matches)


async def choose_method(house: House, ticket: Ticket, factor: Factor, *, origin: Origin) -> Passage:
    """Be asked for another factor that the account has; choosing the one that is asked for sends nothing twice."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None or not underway.sign_in.may_choose:
            return refuse_stale(work, house, origin, underway=underway)
        if underway.sign_in.awaits(factor):
            return underway.passage()
        if factor is Factor.PHONE and work.account.number is None:
            return await _turn_to_number(work, underway)
        refusal = assurance.may_choose(work.account, factor, methods=house.rules.methods)
        if refusal:
            conclude(work, underway.scene, (), refusal=refusal)
            return underway.passage(refusal)
        return await _go_on(work, underway, underway.sign_in.choose(factor).state)


async def _turn_to_number(work: UnitOfWork, underway: Underway) -> Passage:
    """After the reset the phone stands for entering the new number."""
    if underway.sign_in.state is not State.AWAITING_FACTOR:
        return underway.passage()
    refusal, through = await _way_to_number(work, underway)
    if refusal:
        conclude(work, underway.scene, (), refusal=refusal)
        return underway.passage(refusal)
    return await _go_on(work, underway, underway.sign_in.turn_to_number(through).state)


async def _way_to_number(work: UnitOfWork, underway: Underway) -> tuple[Refusal | None, State]:
    scene, change = underway.scene, underway.change
    if change is None or not change.awaits_number:
        return Refusal.FACTOR_UNKNOWN, State.AWAITING_FACTOR
    if scene.house.rules.reenrolment_requires_factor:
        return Refusal.NEEDS_ANOTHER_FACTOR, State.AWAITING_FACTOR
    here = await where_pressed(work, scene, change)
    opening = assurance.opening_to_number(work.account, change, pressed_here=here.pressed, asked_here=here.asked)
    return opening.refusal, opening.state


async def _go_on(work: UnitOfWork, underway: Underway, sign_in: SignIn) -> Passage:
    work.keep(sign_in)
    chosen = replace(underway, sign_in=sign_in)
    conclude(work, replace(underway.scene, evidence=f"password; chose {sign_in.method}"), (Fact.METHOD_CHOSEN,))
    return await ask(work, chosen)
