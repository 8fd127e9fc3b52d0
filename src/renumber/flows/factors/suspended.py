"""Opening a suspended factor again, by a proof of the mailbox."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.flows.act import Client, Services
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.codes import check_code, send_code
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, refuse_stale, resume

NUMBERS = (Factor.NEW_NUMBER, Factor.FORMER_NUMBER)


async def send_restore_code(services: Services, client: Client, ticket: Ticket) -> SignInResult:
    """Send a code to the mailbox that opens a suspended factor again."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None:
            return refuse_stale(work, services, client, in_progress=in_progress)
        sent = await send_code(work, in_progress.scene, _lift(in_progress))
        return SignInResult(sent.refusal, in_progress.sign_in.state, open_at=sent.open_at)


async def restore_by_code(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Open a suspended factor again by a proof of the mailbox; it still has to be proven itself (NIST 3.2.2)."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None:
            return refuse_stale(work, services, client, in_progress=in_progress)
        step = await check_code(work, in_progress.scene, _lift(in_progress), given=code)
        if step.refusal is None:
            await _restore(work, in_progress)
        return SignInResult(step.refusal, in_progress.sign_in.state, tries_left=step.tries_left, open_at=step.open_at)


def _lift(in_progress: SignInInProgress) -> CodeIntent:
    return CodeIntent(CodePurpose.RESTORE, in_progress.sign_in.sign_in_id, in_progress.scene.account.email.text)


async def _restore(work: UnitOfWork, in_progress: SignInInProgress) -> None:
    for factor in (*sorted(in_progress.scene.account.second_factors | {Factor.PHONE}), *NUMBERS):
        suspended = await work.load(FactorStatus, factor)
        if suspended:
            step = suspended.restore()
            keep_status(work, step.state)
            conclude(work, in_progress.scene, step.facts)


@dataclass(frozen=True, slots=True)
class MailboxView:
    """What the page behind the link shows; a link that was used has done what it is for."""

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


async def restore_mailbox(services: Services, client: Client, token: str) -> Refusal | None:
    """Send codes to it again, and count wrong ones anew; nobody is signed in by it, on a frozen account neither."""
    link = await services.store.find_link(LinkPurpose.MAILBOX, token)
    if link is None:
        return Refusal.LINK_UNKNOWN
    async with services.store.work(link.account_id) as work:
        link = await work.load(Link, link.link_id) or link  # as it is now that the account is locked
        scene = Scene(services, client, work.account, services.clock.now(), Actor.VISITOR, f"link {link.link_id}")
        refusal = _examine(work.account, link, scene.now)
        step = (await status_of(work, scene, Factor.MAILBOX)).restore()
        if refusal is None:
            work.keep(link.use(scene.now))
            keep_status(work, step.state)
        conclude(work, scene, () if refusal else step.facts, refusal=refusal)
        return refusal
