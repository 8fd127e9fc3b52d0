"""The owner's own way to a recovery case: after the password, by a link to the mailbox."""

from dataclasses import dataclass, replace

from renumber.domain.facts import Fact
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.sign_in import SignIn, SignInState
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.flows.act import LinkAct, behind_link
from renumber.flows.links import new_link
from renumber.flows.organisations.asking import ask_about_case
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.same_press import is_pressed_again
from renumber.flows.services import Client, Services
from renumber.flows.sign_in.in_progress import SignInAct, in_sign_in
from renumber.flows.support.case import begin_case, open_case_of
from renumber.policies.limits import ip_allowances, send_allowances

ASKED_AT = (SignInState.AWAITING_FACTOR, SignInState.AWAITING_MAILBOX, SignInState.WAITING)


def may_request(sign_in: SignIn) -> bool:
    """True where a person is asked for what they may no longer have."""
    return sign_in.state in ASKED_AT


@in_sign_in(*ASKED_AT)
async def request_recovery(act: SignInAct, *, form_id: str = "") -> Step[None]:
    """Send a link that opens a case, to somebody who has given the password and has no other way.

    `form_id` tells the page whose button was pressed from the same page opened again: sent twice, it sends one mail.
    """
    if await open_case_of(act):
        return act.refuse(Refusal.CASE_ALREADY_OPEN)
    if await is_pressed_again(act, form_id):
        return act.done(None)
    hashed = act.services.secrets.fingerprints
    quotas = [
        Quota(hashed(KeyedHash.SENDS_OF_RECOVERY, act.account.account_id), send_allowances(act.limits)),
        Quota(hashed(KeyedHash.SENDS_TO_IP, act.client.place), ip_allowances(act.limits)),
    ]
    open_at = await act.work.take(quotas, act.now)
    if open_at:
        return act.refuse(Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    until, account_id = act.now + act.limits.link_for, act.account.account_id
    link, derived = new_link(act.services, account_id, LinkPurpose.RECOVERY_REQUEST, subject="", until=until)
    act.keep(link)
    told = replace(act, action=derived, action_until=until, extra={"expires_at": until.isoformat()})
    return told.done(None, Fact.RECOVERY_LINK_SENT)


@dataclass(frozen=True, slots=True)
class RequestView:
    """The page behind the link that opens a case: why it opens none, and whose it is; empty where it is nobody's."""

    refusal: Refusal | None
    account_id: str = ""


async def look_at_request(services: Services, token: str) -> RequestView:
    """Say whether this link still opens a case, changing nothing."""
    link = await services.store.find_link(LinkPurpose.RECOVERY_REQUEST, token)
    if link is None:
        return RequestView(Refusal.LINK_UNKNOWN)
    if link.used_at:
        return RequestView(Refusal.LINK_USED, link.account_id)
    is_over = services.clock.now() >= link.expires_at
    return RequestView(Refusal.LINK_EXPIRED if is_over else None, link.account_id)


async def confirm_request(services: Services, client: Client, token: str) -> Step[RecoveryCase | None]:
    """Open the case, and ask the person's company: the password was given before, and the mailbox just shown."""
    step = await _confirm_request(services, client, token)
    await ask_about_case(services, step.state if step.refusal is None else None)
    return step


@behind_link(LinkPurpose.RECOVERY_REQUEST)
async def _confirm_request(act: LinkAct) -> Step[RecoveryCase | None]:
    if act.link.used_at:
        return act.refuse(Refusal.LINK_USED)
    if act.now >= act.link.expires_at:
        return act.refuse(Refusal.LINK_EXPIRED)
    act.keep(act.link.use(act.now))
    return await begin_case(act, by=act.account.account_id, evidence=(EvidenceKind.MAILBOX_CODE,))
