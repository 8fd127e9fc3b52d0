"""Reading what pages show; nothing here changes anything but the time a session was last seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodeIntent
from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorList
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import OpenSession, Session, Ticket
from renumber.domain.sign_in import SignIn
from renumber.flows.act import Services
from renumber.flows.ports.reads import Reads
from renumber.flows.ports.services import KeyedHash
from renumber.flows.sign_in.in_progress import intent_for
from renumber.policies.cooling_off import held_until

SEEN_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in request."""

    session: Session
    account: Account
    change: PhoneChange | None
    held_until: datetime | None
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A request in the middle of a sign-in: what it waits for, and the code in flight."""

    sign_in: SignIn
    account: Account
    change: PhoneChange | None
    intent: CodeIntent | None = field(repr=False)
    challenge: Challenge | None = None

    @property
    def has_other_method(self) -> bool:
        """Whether another factor may be used instead, also on the way to a new number."""
        return self.sign_in.may_choose and bool(self.account.factors - self.account.lost)

    def is_suspended(self, factor: Factor, refusal: Refusal | None = None) -> bool:
        """Whether a factor takes no proof; a refusal that has just said so is newer than what was read before."""
        return refusal is Refusal.FACTOR_SUSPENDED or factor in self.account.suspended


async def find_visit(services: Services, reads: Reads, ticket: Ticket) -> Visit | None:
    """Find the live session of a cookie."""
    found = await reads.session(ticket.account_id, ticket.id)
    if found is None:
        return None
    session, account, change = found
    now, limits = services.clock.now(), services.rules.limits
    matches = session.token_key in services.secrets.fingerprints(KeyedHash.SESSION, ticket.token)
    if not matches or account.is_frozen or not session.is_live(now, limits.idle_for):
        return None
    if session.seen_at + SEEN_EVERY < now:
        await reads.touch(session, now)
    held = held_until(account, now, limits.hold_for)
    return Visit(session, account, _still_open(change, now), held, session.is_fresh(now, limits.fresh_for))


def _still_open(change: PhoneChange | None, now: datetime) -> PhoneChange | None:
    """A request whose link ran out is over, also before the housekeeping has closed it."""
    if change is None or (change.link_is_expired(now) and not change.awaits_number):
        return None
    return change


async def find_progress(services: Services, reads: Reads, ticket: Ticket) -> Progress | None:
    """Find the live sign-in of a cookie."""
    found = await reads.sign_in(ticket.account_id, ticket.id)
    if found is None:
        return None
    sign_in, account, change, _session = found
    now = services.clock.now()
    if not sign_in.is_live(now) or sign_in.token_key not in services.secrets.fingerprints(
        KeyedHash.SIGN_IN, ticket.token
    ):
        return None
    own = change if change and change.change_id == sign_in.change_id else None
    if not sign_in.waits_for(own.change_id if own else None):
        return None
    return Progress(sign_in, account, own, intent_for(account, sign_in, own, now=now))


async def code_in_flight(reads: Reads, progress: Progress, intent: CodeIntent) -> Progress:
    """Add the code that the sign-in waits for, as far as one was sent."""
    challenge = await reads.challenge(progress.account.account_id, intent.purpose)
    fitting = challenge if challenge and challenge.is_for(intent) else None
    return Progress(progress.sign_in, progress.account, progress.change, intent, fitting)


async def whole_profile(services: Services, reads: Reads, visit: Visit) -> tuple[FactorList, Sequence[OpenSession]]:
    """All second factors, and the sessions that can still be used, newest first."""
    now, idle_for = services.clock.now(), services.rules.limits.idle_for
    return await reads.profile(visit.account.account_id, now, idle_since=now - idle_for)


async def recent_sign_ins(reads: Reads, visit: Visit) -> Sequence[Session]:
    """The last few sign-ins."""
    return await reads.sessions(visit.account.account_id, 5)
