"""The methods of a sign-in: asking for the one that is due, and choosing another."""

from dataclasses import dataclass, replace

from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.act import Act
from renumber.flows.codes import send_code
from renumber.flows.ports.services import KeyedHash
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.prompt import ask_devices
from renumber.policies.methods import may_choose
from renumber.policies.sign_in_path import opening_to_number, pressed_in_this_browser, way_to


async def ask(act: SignInAct) -> None:
    """Send what the chosen method sends, as far as the quotas allow it: the page offers to send again.

    Releasing a frozen account sends nothing by itself: its page explains first, and has a button.
    """
    if act.sign_in.awaits(Factor.PUSH):
        await ask_devices(act)
        return
    intent = act.intent()
    if intent and act.sign_in.state is not SignInState.AWAITING_RELEASE_MAILBOX:
        await send_code(act, intent)


@dataclass(frozen=True, slots=True)
class PressedHere:
    """The part of this browser in a change: its link was pressed here, or it was also asked for here."""

    pressed: bool = False
    asked: bool = False


async def where_pressed(act: Act, change: PhoneChange | None) -> PressedHere:
    """Look at the cookie of the page behind the link, and at the session that asked for the change."""
    if change is None or not _is_pressed_here(act, change):
        return PressedHere()
    asking = await act.work.load(Session, change.proof.session_id) if change.proof else None
    browser_keys = act.services.secrets.fingerprints(KeyedHash.BROWSER, act.client.browser_id)
    return PressedHere(pressed=True, asked=bool(asking and asking.browser_key in browser_keys))


def _is_pressed_here(act: Act, change: PhoneChange) -> bool:
    matches = change.reset_key in act.services.secrets.fingerprints(KeyedHash.RESET, act.client.reset_token)
    return pressed_in_this_browser(change, act.now, window=act.limits.reset_browser_for, key_matches=matches)


@in_sign_in()
async def choose_method(act: SignInAct, factor: Factor) -> Step[SignInResult | None]:
    """Be asked for another factor that the account has; choosing the one that is asked for sends nothing twice."""
    if not act.sign_in.may_choose:
        return act.refuse(Refusal.NOT_NOW)
    if act.sign_in.awaits(factor):
        return act.done(act.result())
    if factor is Factor.PHONE and act.account.number is None:
        return await _turn_to_number(act)
    refusal = may_choose(act.account, factor, methods=act.services.rules.methods)
    through = way_to(factor, act.account, proves_number_first=act.services.rules.prove_imported_numbers)
    return act.refuse(refusal) if refusal else await _go_on(act, act.sign_in.choose(factor, through))


async def _turn_to_number(act: SignInAct) -> Step[SignInResult | None]:
    """After the reset the phone stands for entering the new number."""
    if act.sign_in.state is not SignInState.AWAITING_FACTOR:
        return act.done(act.result())
    refusal, through = await _way_to_number(act)
    return act.refuse(refusal) if refusal else await _go_on(act, act.sign_in.turn_to_number(through))


async def _way_to_number(act: SignInAct) -> tuple[Refusal | None, SignInState]:
    if act.change is None or not act.change.awaits_number:
        return Refusal.FACTOR_UNKNOWN, SignInState.AWAITING_FACTOR
    if act.services.rules.reenrolment_requires_factor:
        return Refusal.NEEDS_ANOTHER_FACTOR, SignInState.AWAITING_FACTOR
    here = await where_pressed(act, act.change)
    opening = opening_to_number(act.account, act.change, pressed_here=here.pressed, asked_here=here.asked)
    return opening.refusal, opening.state


async def _go_on(act: SignInAct, chosen: Step[SignIn]) -> Step[SignInResult | None]:
    act.keep(chosen.state)
    going_on = replace(act, sign_in=chosen.state)
    replace(going_on, evidence=Evidence.password().with_choice(chosen.state.method)).record(Fact.METHOD_CHOSEN)
    await ask(going_on)
    return going_on.done(going_on.result())
