"""A lost device: suspended at once on the word of whoever knows the password, and opened again on another proof."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.act import Act, SessionAct, in_session
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.consequences import end_sessions
from renumber.flows.factors.manage import about_factor, end_others, may_manage, new_factors, turn_to_tell
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.method import ask
from renumber.policies.assurance import may_report_lost, may_restore_lost
from renumber.policies.methods import first_method


@in_sign_in()
async def report_at_sign_in(act: SignInAct, factor: Factor) -> Step[SignInResult | None]:
    """Suspend a factor after the password, and go on with another one."""
    if not act.sign_in.may_choose:
        return act.refuse(Refusal.NOT_NOW)
    reported = await _report(act, factor, keeping=act.sign_in.sign_in_id)
    if reported.refusal:
        return reported
    if not act.sign_in.awaits(factor):
        return act.done(act.result())
    chosen = act.carry_out(act.sign_in.choose(first_method(act.account, act.services.rules.methods)))
    going_on = replace(act, sign_in=chosen.state)
    await ask(going_on)
    return going_on.done(going_on.result())


async def _report(act: Act, factor: Factor, *, keeping: str) -> Step[None]:
    """Whoever has found it may sit in a session already: all others end, and every channel is told."""
    about = act.on_factor(factor)
    new = await new_factors(act)
    refusal = may_report_lost(act.account, factor, methods=act.services.rules.methods, new=new)
    step = (await status_of(act, factor)).report_lost(act.now)
    if refusal or step.refusal:
        return about.refuse(refusal or step.refusal or Refusal.NOT_NOW)
    keep_status(act, step.state)
    end_sessions(act, keeping=keeping)
    return about.done(None, *step.facts)


@in_session
async def report_in_session(act: SessionAct, factor: Factor) -> Step[None]:
    """Suspend a factor from the profile: a stolen cookie must not be enough to take an owner's way in."""
    about = about_factor(act, factor)
    refusal = may_manage(act)
    return about.refuse(refusal) if refusal else await _report(about, factor, keeping=act.session.session_id)


@in_session
async def restore_lost(act: SessionAct, factor: Factor) -> Step[None]:
    """Trust again what was lost and found, in a fresh session that another factor has proven."""
    about = about_factor(act, factor)
    fresh_for = act.limits.fresh_for
    judged = may_restore_lost(act.account, act.session, act.now, factor=factor, fresh_for=fresh_for)
    step = (await status_of(act, factor)).restore_lost()
    refusal = may_manage(act) or judged or step.refusal or await turn_to_tell(act)
    if refusal:
        return about.refuse(refusal)
    keep_status(act, step.state)
    end_others(act)
    return about.done(None, *step.facts)
