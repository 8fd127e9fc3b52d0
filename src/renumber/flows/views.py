"""Views: all that a page or an endpoint shows, with what may be done next.

Nothing here changes anything but the time a session was last seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodeIntent
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import RELEASING, Factor
from renumber.domain.factor_list import FactorList
from renumber.domain.messages.message import Delivery, Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.session import OpenSession, Session, Ticket
from renumber.domain.sign_in import SignIn, SignInState
from renumber.domain.wait import WaitPurpose
from renumber.flows.account.mailed_password import about_password
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.flows.sign_in.in_progress import intent_of
from renumber.policies.advice import Advice, next_step
from renumber.policies.cooling_off import held_until
from renumber.policies.notices import CODE_NOTICE
from renumber.policies.release import about_release, release_purpose
from renumber.policies.waits import needs_older_factor

SEEN_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A signed-in request."""

    session: Session
    account: Account
    change: PhoneChange | None
    held_until: datetime | None
    is_fresh: bool
    is_reauthenticated: bool

    def held_for(self, made_at: datetime | None) -> datetime | None:
        """The time until which something that was made then can't be taken away."""
        return self.held_until if self.account.stood_before_change(made_at) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A request in the middle of a sign-in: what it waits for, and the code in flight."""

    sign_in: SignIn
    account: Account
    change: PhoneChange | None
    intent: CodeIntent | None = field(repr=False)
    challenge: Challenge | None = None
    delivery: Delivery | None = None

    @property
    def has_other_method(self) -> bool:
        """Tell whether another factor may be used instead, also on the way to a new number."""
        return self.sign_in.may_choose and bool(self.account.factors - self.account.lost)

    def bar(self, factor: Factor, refusal: Refusal | None = None) -> Refusal | None:
        """Say why a factor takes no proof; a refusal that has just said so is newer than what was read before.

        The pause of a release ends by itself, so that only a refusal knows of it.
        """
        if refusal in (Refusal.FACTOR_SUSPENDED, Refusal.FACTOR_DISABLED, Refusal.RELEASE_PAUSED):
            return refusal
        return None if factor in RELEASING else self.account.bar(factor)


async def find_visit(services: Services, ticket: Ticket, kind: KeyedHash = KeyedHash.SESSION) -> Visit | None:
    """Find the live session of a cookie, of this kind, whose owner has just done something."""
    visit, now = await glance_at_visit(services, ticket, kind), services.clock.now()
    if visit and visit.session.seen_at + SEEN_EVERY < now:
        await services.reads.touch(visit.session, now)
    return visit


async def glance_at_visit(services: Services, ticket: Ticket, kind: KeyedHash = KeyedHash.SESSION) -> Visit | None:
    """Find the live session of a cookie for a page that looks by itself: nobody need sit before it any more."""
    found = await services.reads.session(ticket.account_id, ticket.id)
    if found is None:
        return None
    session, account, change = found
    now, limits = services.clock.now(), services.rules.limits
    keys = services.secrets.fingerprints(kind, ticket.token)
    if account.is_frozen or not session.is_held_by(keys, now=now, idle_for=limits.idle_for):
        return None
    return visit_in(services, session, of=account, change=change, now=now)


def visit_in(services: Services, session: Session, *, of: Account, change: PhoneChange | None, now: datetime) -> Visit:
    """Judge what a session that holds may do now."""
    limits = services.rules.limits
    held = held_until(of, now, limits.hold_for)
    return Visit(
        session=session,
        account=of,
        change=_still_open(change, now),
        held_until=held,
        is_fresh=session.is_fresh(now, limits.fresh_for),
        is_reauthenticated=session.is_reauthenticated(now, limits.fresh_for),
    )


async def email_of_asker(services: Services, ticket: Ticket) -> EmailAddress | None:
    """Give the account's address to a browser whose session a reset has ended, and which is to enter the new number."""
    found = await services.reads.session(ticket.account_id, ticket.id)
    if found is None:
        return None
    session, account, change = found
    is_own = session.token_key in services.secrets.fingerprints(KeyedHash.SESSION, ticket.token)
    by_reset = change is not None and change.awaits_number and session.ended_at == change.reset_at
    return account.email if is_own and by_reset else None


async def email_of_sign_in(services: Services, ticket: Ticket) -> EmailAddress | None:
    """Give the address to a browser in which it was typed with the password, also once that sign-in is over."""
    found = await services.reads.sign_in(ticket.account_id, ticket.id)
    if found is None:
        return None
    sign_in, account, _, _ = found
    is_own = sign_in.token_key in services.secrets.fingerprints(KeyedHash.SIGN_IN, ticket.token)
    return account.email if is_own and sign_in.link_id is None else None


def _still_open(change: PhoneChange | None, now: datetime) -> PhoneChange | None:
    """A request whose link ran out is over, also before the housekeeping has closed it."""
    return None if change is None or change.is_over(now) else change


async def find_progress(services: Services, ticket: Ticket) -> Progress | None:
    """Find the live sign-in of a cookie."""
    found = await services.reads.sign_in(ticket.account_id, ticket.id)
    if found is None:
        return None
    sign_in, account, change, session = found
    now, keys = services.clock.now(), services.secrets.fingerprints(KeyedHash.SIGN_IN, ticket.token)
    own = change if change and change.change_id == sign_in.change_id else None
    if not sign_in.is_held_by(keys, now=now, open_change_id=own.change_id if own else None, session=session):
        return None
    intent = intent_of(account, sign_in, own, now=now)
    return Progress(sign_in=sign_in, account=account, change=own, intent=intent)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitView:
    """A wait that stands: until when, and whether it is this browser's own and is over."""

    until: datetime
    is_here: bool
    is_over: bool


async def wait_at_sign_in(services: Services, client: Client, progress: Progress) -> WaitView | None:
    """Read the wait for the new number or for the release of a frozen account, whichever browser began it."""
    account, change_id = progress.account, progress.sign_in.change_id or ""
    if account.is_frozen:
        purpose, about = release_purpose(progress.sign_in), about_release(account)
        return await _wait_view(services, client, account, purpose=purpose, about=about)
    return await _wait_view(services, client, account, purpose=WaitPurpose.NEW_NUMBER, about=change_id)


async def wait_for_release(services: Services, client: Client, account: Account) -> WaitView | None:
    """Read the wait of a release of a frozen account by the number from before, before anything was shown for it."""
    about = about_release(account)
    return await _wait_view(services, client, account, purpose=WaitPurpose.RELEASE, about=about)


async def wait_in_session(services: Services, client: Client, visit: Visit) -> WaitView | None:
    """Read the wait that stands in for an older factor, whichever browser began it."""
    about = about_password(visit.account)
    return await _wait_view(services, client, visit.account, purpose=WaitPurpose.PASSWORD, about=about)


async def is_barred(services: Services, client: Client, visit: Visit) -> bool:
    """Tell whether a change of the number would be refused for want of an older factor, and of a wait in its place."""
    proven, doubted_for = visit.session.proven, services.rules.limits.mailed_password_for
    if not needs_older_factor(visit.account, proven, services.clock.now(), doubted_for=doubted_for):
        return False
    wait = await wait_in_session(services, client, visit)
    return not (wait and wait.is_here and wait.is_over)


async def _wait_view(
    services: Services, client: Client, account: Account, *, purpose: WaitPurpose, about: str
) -> WaitView | None:
    wait = await services.reads.wait(account.account_id, purpose)
    now = services.clock.now()
    if wait is None or not wait.stands(about, now):
        return None
    is_here = wait.is_kept_by(services.secrets.fingerprints(KeyedHash.BROWSER, client.browser_id))
    return WaitView(until=wait.over_at, is_here=is_here, is_over=wait.is_over(now))


async def was_ended(services: Services, ticket: Ticket) -> bool:
    """Tell whether a sign-in that no longer holds was ended, rather than having run out by itself."""
    found = await services.reads.sign_in(ticket.account_id, ticket.id)
    is_over = found is None or found[0].state in {SignInState.COMPLETE, SignInState.ENDED}
    return is_over or found is None or services.clock.now() < found[0].expires_at


async def code_in_flight(services: Services, progress: Progress, intent: CodeIntent) -> Progress:
    """Add the code that the sign-in waits for, as far as one was sent, and what became of the message with it."""
    notice, _ = CODE_NOTICE[intent.purpose]
    challenge, delivery = await services.reads.code(progress.account.account_id, intent.slot, notice)
    fitting = challenge if challenge and challenge.is_for(intent) else None
    return replace(progress, intent=intent, challenge=fitting, delivery=delivery)


async def link_delivery(services: Services, visit: Visit) -> Delivery | None:
    """Read what became of the mail with the link, as long as it is waited for."""
    if visit.change is None or visit.change.state is not ChangeState.REQUESTED:
        return None
    return await services.reads.delivery(visit.account.account_id, Notice.CHANGE_REQUESTED)


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The profile: every second factor, the open sessions with one's own first, and the one step that would help."""

    factor_list: FactorList
    sessions: Sequence[OpenSession]
    advice: Advice | None


async def profile_view(services: Services, visit: Visit) -> ProfileView:
    """Read the profile of a signed-in person, in one query."""
    now, idle_for, own_id = services.clock.now(), services.rules.limits.idle_for, visit.session.session_id
    found, live = await services.reads.profile(visit.account.account_id, now, idle_since=now - idle_for)
    codes_left = sum(item.left or 0 for item in found.items)
    advice = next_step(visit.account, methods=services.rules.methods, codes_left=codes_left)
    return ProfileView(found, sorted(live, key=lambda session: session.session_id != own_id), advice)


async def recent_sign_ins(services: Services, visit: Visit) -> Sequence[Session]:
    """Read the last few sign-ins."""
    return await services.reads.sessions(visit.account.account_id, 5)
