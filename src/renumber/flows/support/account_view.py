"""The view of one account at the console: where it stands, and a page of what happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.factor_list import FactorList
from renumber.domain.messages.message import Channel, Delivery, Notice
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import OpenSession
from renumber.domain.support.caller_check import CallerCheck
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.wait import Wait
from renumber.flows.ports.store import AuditEntry
from renumber.flows.services import Services
from renumber.policies.support.advice import Situation, SupportAdvice, advise

LINES = 30  # of the timeline at once


@dataclass(frozen=True, slots=True)
class TimelinePlace:
    """The place in an account's timeline after which a page begins; both of its streams go on where they were."""

    seq: int
    written_ms: int
    message_id: str

    def __str__(self) -> str:
        return f"{self.seq}.{self.written_ms}.{self.message_id}"


NEWEST = TimelinePlace(1 << 62, 1 << 62, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message in the timeline, without what it says: its kind, its way, and what the provider answered.

    `to` is masked, and empty once it was sent: then nobody keeps the address. `state` is waiting, sent, dead or
    expired; while it waits it is tried again at `due_at`, and `outcome` is why the last try failed.
    """

    at: datetime
    channel: Channel
    notice: Notice
    to: str
    state: str
    outcome: str
    due_at: datetime
    settled_at: datetime | None


Line = AuditEntry | MessageLine


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """All that one query reads of an account; `older` is where the timeline goes on, if it does."""

    account: Account
    change: PhoneChange | None
    case: RecoveryCase | None
    check: CallerCheck | None
    waits: Sequence[Wait]
    factor_list: FactorList
    sessions: Sequence[OpenSession]
    deliveries: Mapping[Notice, Delivery] = field(default_factory=dict)
    timeline: Sequence[Line] = ()
    older: TimelinePlace | None = None


class AccountViews(Protocol):
    """Reads an account for the console."""

    async def account(
        self, account_id: str, now: datetime, *, idle_since: datetime, after: TimelinePlace, lines: int
    ) -> AccountFacts | None:
        """Read it in one query, with the newest lines of its timeline that come after a place."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account, and the sentence that stands on top of it."""

    facts: AccountFacts
    advice: SupportAdvice


async def account_view(
    services: Services, views: AccountViews, account_id: str, *, after: TimelinePlace = NEWEST
) -> AccountView | None:
    """Look at an account, in one query; None if there is none, or if it was erased."""
    now, limits = services.clock.now(), services.rules.limits
    facts = await views.account(account_id, now, idle_since=now - limits.idle_for, after=after, lines=LINES)
    if facts is None:
        return None
    situation = Situation(
        account=facts.account,
        now=now,
        limits=limits,
        change=facts.change,
        case=facts.case,
        waits=facts.waits,
        deliveries=facts.deliveries,
    )
    return AccountView(facts, advise(situation))
