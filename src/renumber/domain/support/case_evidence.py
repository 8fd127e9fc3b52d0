"""Evidence in a recovery case: what speaks for the person being the owner, and what it weighs together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EvidenceKind(StrEnum):
    """Something that speaks for the person being the owner."""

    FACTOR = "factor"
    CALL_BACK = "call_back"
    DOCUMENT = "document"
    MAILBOX_CODE = "mailbox_code"
    COMPANY = "company"
    COMPANY_DENIES = "company_denies"
    ACCOUNT_FACTS = "account_facts"
    CALLER = "caller"


COMPANY_WORDS = frozenset({EvidenceKind.COMPANY, EvidenceKind.COMPANY_DENIES})
BY_OURSELVES = COMPANY_WORDS | {EvidenceKind.FACTOR, EvidenceKind.MAILBOX_CODE, EvidenceKind.CALLER}
"""The kinds that the service itself takes down when they come true: nobody ticks them."""

ONE_PHONE = frozenset({EvidenceKind.CALL_BACK, EvidenceKind.CALLER})
"""The kinds that whoever has the phone can have: together they weigh no more than the heavier of them."""


def weigh(kinds: Iterable[EvidenceKind], weights: Mapping[EvidenceKind, int]) -> int:
    """Add up what kinds of evidence weigh: each once, and one phone once."""
    given = frozenset(kinds)
    apart = sum(weights.get(kind, 0) for kind in given - ONE_PHONE)
    return apart + max((weights.get(kind, 0) for kind in given & ONE_PHONE), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidence:
    """One piece: its kind, who took it down, when, and a reference to where its proof is kept, never the proof."""

    kind: EvidenceKind
    by: str
    at: datetime
    reference: str = field(default="", repr=False)
