"""Releasing a frozen account without its password: by a link to the mailbox, the number, and a new password at the end.

Whoever reads the mail may have renewed the password before somebody froze the account, and its owner knows only the
one from before.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.factor import STRONGER_THAN_TEXT, Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.password_reset import judge_password
from renumber.flows.account.release import release
from renumber.flows.act import LinkAct, behind_link
from renumber.flows.attempts import restore
from renumber.flows.codes import send_code
from renumber.flows.links import find_link
from renumber.flows.services import Client, Services
from renumber.flows.sign_in.begin import in_the_middle, new_sign_in, new_ticket
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.policies.release import (
    BY_LATER_NUMBER,
    about_release,
    later_number,
    later_releases_from,
    releasing_number,
)


@dataclass(frozen=True, slots=True)
class ReleaseLinkView:
    """The page behind the link; the later number may release `later_from` then, where there are two."""

    refusal: Refusal | None
    account: Account | None = None
    later_from: datetime | None = None


async def look_at_release_link(services: Services, token: str) -> ReleaseLinkView:
    """Say whether a release can begin with this link, changing nothing."""
    link = await find_link(services, token, LinkPurpose.RELEASE)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return ReleaseLinkView(Refusal.LINK_UNKNOWN)
    later_from = later_releases_from(account, release_for=services.rules.limits.release_for)
    return ReleaseLinkView(_examine(account, link, services.clock.now()), account, later_from)


def _examine(account: Account, link: Link, now: datetime) -> Refusal | None:
    if not account.is_frozen:
        return Refusal.ACCOUNT_NOT_FROZEN
    if link.subject != about_release(account):
        return Refusal.LINK_STOPPED
    if account.password_link_id != link.link_id:
        return Refusal.LINK_REPLACED
    if now >= link.expires_at:
        return Refusal.LINK_EXPIRED
    return None if account.number_for_release(now) else Refusal.RELEASE_NEEDS_NUMBER


@behind_link(LinkPurpose.RELEASE)
async def begin_by_link(act: LinkAct) -> Step[SignInResult | None]:
    """Begin a release: the link has shown the mailbox, which counts once, and the number's code comes next."""
    refusal = _examine(act.account, act.link, act.now)
    return act.refuse(refusal) if refusal else await _begin(act, Factor.PHONE)


@behind_link(LinkPurpose.RELEASE)
async def begin_by_link_and_later(act: LinkAct) -> Step[SignInResult | None]:
    """The same by the number that was bound after a recent change, once that one may."""
    may = later_number(act.account, act.now, release_for=act.limits.release_for)
    refusal = _examine(act.account, act.link, act.now) or (None if may else Refusal.RELEASE_NEEDS_NUMBER)
    return act.refuse(refusal) if refusal else await _begin(act, BY_LATER_NUMBER)


async def _begin(act: LinkAct, method: Factor) -> Step[SignInResult | None]:
    ticket = new_ticket(act)
    begun = new_sign_in(act, ticket, SignInState.AWAITING_RELEASE_NUMBER, change=None, known=False)
    releasing = in_the_middle(act, replace(begun, link_id=act.link.link_id, method=method), None)
    releasing.keep(releasing.sign_in)
    releasing.record(Fact.RELEASE_STARTED)
    intent = releasing.intent()
    assert intent is not None, "a release waits for a code"
    await send_code(releasing, intent)
    return releasing.done(releasing.result(ticket))


async def release_with_password(
    services: Services, client: Client, ticket: Ticket, *, password: str
) -> Step[SignInResult | None]:
    """Release the account with the password that was chosen after both proofs."""
    account = await services.store.find_account(ticket.account_id)
    unfit = judge_password(services.rules, account, password) if account else None
    hashed = await services.passwords.hash(password) if account and not unfit else ""
    return await _release(services, client, ticket, hashed, unfit)


@in_sign_in(SignInState.AWAITING_RELEASE_PASSWORD)
async def _release(act: SignInAct, hashed: str, unfit: Refusal | None) -> Step[SignInResult | None]:
    """Release the account and set the password in one act: neither is done without the other."""
    number = releasing_number(act.account, act.sign_in, act.now)
    if unfit or not hashed or number is None:
        return act.refuse(unfit or Refusal.RELEASE_NEEDS_NUMBER)
    shown = act.sign_in.method if act.sign_in.method in STRONGER_THAN_TEXT else None
    act.keep(act.sign_in.release_with_password().state)
    await release(act, number, trusted=shown)
    await restore(act, Factor.MAILBOX)  # the link has proven it, so that wrong codes sent to it are forgiven
    changed = act.account.change_password_by_mail(hashed, act.now)
    act.keep(changed.state)
    return act.done(SignInResult(state=SignInState.ENDED), *changed.facts)
