"""The end of a recovery case: time passes, the mailbox gets a link, and it leads to a new number with the password."""

from dataclasses import dataclass, field, replace

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.organisations.membership import organisation_of
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import recover
from renumber.domain.support.recovery_case import CaseState, RecoveryCase
from renumber.flows.act import Act, LinkAct, behind_link, by_system
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.consequences import end_sessions
from renumber.flows.links import new_link
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Services
from renumber.flows.support.case import about_case, carry_out


@by_system
async def go_on_with_case(act: Act, case_id: str) -> Step[RecoveryCase | None]:
    """Do what is due for a case: tell again, send the link, or close it."""
    case = await act.work.load(RecoveryCase, case_id)
    if case is None or not case.is_open:
        return act.refuse(Refusal.CASE_CLOSED)
    if case.state is not CaseState.WAITING:
        return carry_out(act, case.expire(act.now))
    if case.over_at and act.now >= case.over_at:
        return _send_link(act, case)
    return carry_out(act, case.remind(act.now, tell_every=act.services.rules.recovery.remind_every))


def _send_link(act: Act, case: RecoveryCase) -> Step[RecoveryCase]:
    link_for, account_id = act.services.rules.recovery.link_for, act.account.account_id
    until = act.now + link_for
    link, derived = new_link(act.services, account_id, LinkPurpose.RECOVERY, subject=case.case_id, until=until)
    act.keep(link)
    told = replace(act, action=derived, action_until=until, extra={"expires_at": until.isoformat()})
    return carry_out(told, case.get_ready(act.now, link_for=link_for))


@dataclass(frozen=True, slots=True)
class Recovered:
    """The browser that goes on to the new number is marked by the token; `email` is filled in at its sign-in."""

    token: str = field(default="", repr=False)
    email: EmailAddress | None = None


@dataclass(frozen=True, slots=True)
class RecoveryLinkView:
    """The page behind the link; looking never changes anything."""

    refusal: Refusal | None
    account: Account | None = None


async def look_at_recovery_link(services: Services, token: str) -> RecoveryLinkView:
    """Say whether a link still leads on, changing nothing."""
    link = await services.store.find_link(LinkPurpose.RECOVERY, token)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return RecoveryLinkView(Refusal.LINK_UNKNOWN)
    if account.is_frozen:
        return RecoveryLinkView(Refusal.ACCOUNT_FROZEN, account)
    if link.used_at:
        return RecoveryLinkView(Refusal.LINK_USED, account)
    is_over = services.clock.now() >= link.expires_at
    return RecoveryLinkView(Refusal.LINK_EXPIRED if is_over else None, account)


@behind_link(LinkPurpose.RECOVERY)
async def press_recovery_link(act: LinkAct) -> Step[Recovered]:
    """Use the link: the number goes, every factor counts as lost, every session ends. It opens no session.

    What comes next is the sign-in with the password, which leads to nothing but the new number.
    """
    case = await act.work.load(RecoveryCase, act.link.subject)
    assert case is not None, "a link belongs to a case"
    about = about_case(act, case)
    completed = case.complete(act.now)
    if completed.refusal:
        act.keep(*((completed.state,) if completed.facts else ()))
        return about.refuse(completed.refusal, Recovered(), facts=completed.facts)
    about.carry_out(completed)
    act.keep(act.link.use(act.now))
    return await _reset(act)


async def _reset(act: LinkAct) -> Step[Recovered]:
    account, recovered = act.account, Recovered(act.services.secrets.new_id(), act.account.email)
    await _stop_change(act)
    browser_key = act.services.secrets.fingerprints(KeyedHash.RESET, recovered.token)[0]
    change = recover(
        account.account_id, act.services.secrets.new_id(), account.number, reset_key=browser_key, now=act.now
    )
    about = replace(act, subject=change.state.change_id, number=account.number)
    belonging = replace(change.state, organisation_id=organisation_of(account.membership))
    about.carry_out(replace(change, state=belonging))
    for factor in sorted(account.factors - account.lost):
        keep_status(act, (await status_of(act, factor)).report_lost(act.now).state)
    detached = act.account.detach_number(act.now, act.limits.release_for)
    act.keep(detached.state)
    end_sessions(act)
    return about.done(recovered, *detached.facts)


async def _stop_change(act: Act) -> None:
    change = await act.work.open_change()
    stopped = change.stop(act.now) if change else None
    if stopped:
        replace(act, subject=stopped.state.change_id).carry_out(stopped)
