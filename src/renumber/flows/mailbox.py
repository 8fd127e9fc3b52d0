"""Opening a suspended mailbox again, by the link of the mail that says so: a proof of the mailbox (NIST 3.2.2)."""

from dataclasses import dataclass
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.authenticator import Factor
from renumber.domain.link import Link, Purpose
from renumber.domain.outcomes import Refusal
from renumber.flows.consequences import VISITOR, Scene, conclude
from renumber.flows.house import House, Origin
from renumber.flows.tries import settle, tries_of


@dataclass(frozen=True, slots=True)
class MailboxView:
    """What the page behind the link shows; a link that was used has done what it is for."""

    refusal: Refusal | None
    account: Account | None = None


async def look_at_mailbox_link(house: House, token: str) -> MailboxView:
    """Say whether the link would still open the mailbox, changing nothing."""
    link = await house.store.find_link(Purpose.MAILBOX, token)
    account = await house.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return MailboxView(Refusal.LINK_UNKNOWN)
    return MailboxView(_examine(account, link, house.clock.now()), account)


def _examine(account: Account, link: Link, now: datetime) -> Refusal | None:
    if link.used_at or Factor.MAILBOX not in account.suspended:
        return Refusal.LINK_USED
    return Refusal.LINK_EXPIRED if now >= link.expires_at else None


async def open_mailbox(house: House, token: str, origin: Origin) -> Refusal | None:
    """Send codes to it again, and count wrong ones anew; nobody is signed in by it, on a frozen account neither."""
    link = await house.store.find_link(Purpose.MAILBOX, token)
    if link is None:
        return Refusal.LINK_UNKNOWN
    async with house.store.work(link.account_id) as work:
        link = await work.load(Link, link.link_id) or link  # as it is now that the account is locked
        scene = Scene(house, origin, work.account, house.clock.now(), VISITOR, f"link {link.link_id}")
        refusal = _examine(work.account, link, scene.now)
        step = (await tries_of(work, scene, Factor.MAILBOX)).restore()
        if refusal is None:
            work.keep(link.use(scene.now))
            settle(work, step.state)
        conclude(work, scene, () if refusal else step.facts, refusal=refusal)
        return refusal
