"""A password that was renewed by mail: what takes an older factor for some time, and the wait in its place."""

from renumber.domain.account import Account
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.wait import Wait, WaitPurpose
from renumber.flows.act import SessionAct, in_session
from renumber.flows.waits import begin_wait, is_kept_here, standing_wait, telling_of
from renumber.policies.assurance import may_wait_instead
from renumber.policies.waits import ONE_MAILBOX, needs_older_factor


def about_password(account: Account) -> str:
    """The password that a wait is about: a newer one begins it anew."""
    return account.password_mailed_at.isoformat() if account.password_mailed_at else ""


async def bar_of_doubt(act: SessionAct) -> Refusal | None:
    """Refuse what a stolen phone with its mail program must not do, unless an older factor or a wait has vouched."""
    doubted_for = act.limits.mailed_password_for
    if not needs_older_factor(act.account, act.session.proven, act.now, doubted_for=doubted_for):
        return None
    wait = await standing_wait(act, WaitPurpose.PASSWORD, about_password(act.account))
    has_waited = wait is not None and is_kept_here(act, wait) and wait.is_over(act.now)
    return None if has_waited else Refusal.NEEDS_OLDER_FACTOR


@in_session
async def wait_instead(act: SessionAct) -> Step[Wait | None]:
    """Begin to wait in this browser, in place of the older factor; every channel is told, and can stop it."""
    refusal = may_wait_instead(act.account, act.session, act.now, fresh_for=act.limits.fresh_for)
    if refusal or await bar_of_doubt(act) is None:
        return act.refuse(refusal or Refusal.NOT_NOW)
    step = await begin_wait(act, WaitPurpose.PASSWORD, about_password(act.account), wait_for=ONE_MAILBOX)
    return telling_of(act, step.state).done(step.state, *step.facts)
