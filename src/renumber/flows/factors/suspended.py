"""Opening a suspended factor again by a proof of the mailbox, and a suspended mailbox by the link of its mail."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.sign_in import SignIn
from renumber.flows.act import LinkAct, behind_link
from renumber.flows.attempts import restore
from renumber.flows.codes import check_code, send_code
from renumber.flows.services import Services
from renumber.flows.sign_in.in_progress import SignInAct, in_sign_in

MAILBOXES = (Factor.MAILBOX, Factor.RELEASE_MAILBOX)


@in_sign_in()
async def send_restore_code(act: SignInAct) -> Step[None]:
    """Send a code to the mailbox that opens a suspended factor again."""
    return await send_code(act, _intent(act))


@in_sign_in()
async def restore_by_code(act: SignInAct, code: str) -> Step[None]:
    """Open a suspended factor again by a proof of the mailbox; it still has to be proven itself (NIST 3.2.2)."""
    step = await check_code(act, _intent(act), given=code)
    if step.refusal is None:
        await restore(act, *sorted(act.account.second_factors | {Factor.PHONE}), Factor.NEW_NUMBER)
    return step


def restore_intent(account: Account, sign_in: SignIn) -> CodeIntent:
    """The code that opens a suspended factor, asked for by this sign-in."""
    to = account.email.text
    return CodeIntent(purpose=CodePurpose.RESTORE, sign_in_id=sign_in.sign_in_id, about="", destination=to)


def _intent(act: SignInAct) -> CodeIntent:
    return restore_intent(act.account, act.sign_in)


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
    if link.used_at or not account.suspended.intersection(MAILBOXES):
        return Refusal.LINK_USED
    return Refusal.LINK_EXPIRED if now >= link.expires_at else None


@behind_link(LinkPurpose.MAILBOX)
async def restore_mailbox(act: LinkAct) -> Step[None]:
    """Send codes to it again, and count wrong ones anew; nobody is signed in by it, on a frozen account neither."""
    refusal = _examine(act.account, act.link, act.now)
    if refusal:
        return act.refuse(refusal)
    act.keep(act.link.use(act.now))
    await restore(act, *MAILBOXES)
    return act.done(None)
