"""The methods of a sign-in: asking for the one that is due, and choosing another."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.codes import send_code
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.part import part_in
from renumber.flows.sign_in.prompt import ask_devices
from renumber.policies.methods import may_choose
from renumber.policies.release import is_by_later, may_release_with
from renumber.policies.sign_in_path import needs_factor, opening_to_number, way_to


async def ask(act: SignInAct) -> None:
    """Send what the chosen method sends, as far as the quotas allow it: the page offers to send again.

    Releasing a frozen account sends nothing by itself: its page explains first, and has a button. Nor does a new number
    that an earlier sign-in has entered, which may have been somebody else's.
    """
    if act.sign_in.awaits(Factor.PUSH):
        await ask_devices(act)
        return
    intent = act.intent()
    if intent and act.sign_in.state not in (SignInState.AWAITING_RELEASE_MAILBOX, SignInState.AWAITING_NEW_NUMBER):
        await send_code(act, intent)


@in_sign_in()
async def choose_method(act: SignInAct, factor: Factor) -> Step[SignInResult | None]:
    """Be asked for another factor that the account has; choosing the one that is asked for sends nothing twice."""
    if not act.sign_in.may_choose:
        return act.refuse(Refusal.NOT_NOW)
    if act.sign_in.awaits(factor):
        return act.done(act.result())
    if act.account.is_frozen:
        return await _choose_for_release(act, factor)
    if factor is Factor.PHONE and act.account.number is None:
        return await _turn_to_number(act)
    refusal = may_choose(act.account, factor, methods=act.services.rules.methods)
    through = way_to(factor, act.account, proves_number_first=act.services.rules.prove_imported_numbers)
    return act.refuse(refusal) if refusal else await _go_on(act, act.sign_in.choose(factor, through))


async def _choose_for_release(act: SignInAct, factor: Factor) -> Step[SignInResult | None]:
    """A frozen account that waits for its release takes a factor instead; the text to the phone was given already."""
    refusal = Refusal.NOT_NOW if is_by_later(act.sign_in) else may_release_with(act.account, factor)
    return act.refuse(refusal) if refusal else await _go_on(act, act.sign_in.choose(factor))


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
    part = await part_in(act, act.change)
    if needs_factor(act.account, part):
        return Refusal.NEEDS_ASKING_BROWSER, SignInState.AWAITING_FACTOR
    return None, opening_to_number(act.change, part).state


async def _go_on(act: SignInAct, chosen: Step[SignIn]) -> Step[SignInResult | None]:
    act.keep(chosen.state)
    going_on = replace(act, sign_in=chosen.state)
    replace(going_on, evidence=act.evidence.with_choice(chosen.state.method)).record(Fact.METHOD_CHOSEN)
    await ask(going_on)
    return going_on.done(going_on.result())
