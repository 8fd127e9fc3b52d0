"""Opening a suspended factor again by a proof of the mailbox, and a suspended mailbox by the link of its mail."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.act import LinkAct, behind_link
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.codes import check_code, send_code
from renumber.flows.services import Services
from renumber.flows.sign_in.in_progress import SignInAct, in_sign_in

NUMBERS = (Factor.NEW_NUMBER, Factor.FORMER_NUMBER)


@in_sign_in()
async def send_restore_code(act: SignInAct) -> Step[None]:
    """Send a code to the mailbox that opens a suspended factor again."""
    return await send_code(act, _intent(act))


@in_sign_in()
async def restore_by_code(act: SignInAct, code: str) -> Step[None]:
    """Open a suspended factor again by a proof of the mailbox; it still has to be proven itself (NIST 3.2.2)."""
    step = await check_code(act, _intent(act), given=code)
    if step.refusal is None:
        await _restore_all(act)
    return step


def _intent(act: SignInAct) -> CodeIntent:
    return CodeIntent(CodePurpose.RESTORE, act.sign_in.sign_in_id, act.account.email.text)


async def _restore_all(act: SignInAct) -> None:
    for factor in (*sorted(act.account.second_factors | {Factor.PHONE}), *NUMBERS):
        suspended = await act.work.load(FactorStatus, factor)
        if suspended:
            step = suspended.restore()
            keep_status(act, step.state)
            act.record(*step.facts)


@dataclass(frozen=True, slots=True)
class MailboxView:
    """The page behind the link; a link that was used has done what it is for."""

    refusal: Refusal | None
    account: Account | None = None


async def look_at_restore_link(services: Services, token: str) -> MailboxView:
    """Say whether the link would still open the mailbox, changing nothing."""
    link = await services.store.find_link(LinkPurpose.MAILBOX, token)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return MailboxView(Refusal.LINK_UNKNOWN)
    return MailboxView(_examine(account, link, services.clock.now()), account)


def _examine(account: Account, link: Link, now: datetime) -> Refusal | None:
    if link.used_at or Factor.MAILBOX not in account.suspended:
        return Refusal.LINK_USED
    return Refusal.LINK_EXPIRED if now >= link.expires_at else None


@behind_link(LinkPurpose.MAILBOX)
async def restore_mailbox(act: LinkAct) -> Step[None]:
    """Send codes to it again, and count wrong ones anew; nobody is signed in by it, on a frozen account neither."""
    refusal = _examine(act.account, act.link, act.now)
    if refusal:
        return act.refuse(refusal)
    step = (await status_of(act, Factor.MAILBOX)).restore()
    act.keep(act.link.use(act.now))
    keep_status(act, step.state)
    return act.done(None, *step.facts)
