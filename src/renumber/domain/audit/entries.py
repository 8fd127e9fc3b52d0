"""The history as auditors read it: entries with their links, checkpoints, and what a proof has found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ExportFormat(StrEnum):
    """The format of an exported history."""

    JSONL = "jsonl"
    CSV = "csv"


class Outcome(StrEnum):
    """The outcome of what an entry tells of."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EntryKey:
    """The place of an entry: its account, and its number in that account's chain."""

    account_id: str
    seq: int

    def __str__(self) -> str:
        return f"{self.account_id}:{self.seq}"


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From a time on, up to but without another; None leaves an end open."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True where all times are meant."""
        return self.since is None and self.until is None

    def __str__(self) -> str:
        since, until = (f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ".." for at in (self.since, self.until))
        return f"{since}/{until}"  # ISO 8601-2: two dots are an open end


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEntry:
    """An entry as it is chained: `hash` covers it and, by the hash before, all entries before it in its account."""

    account_id: str
    seq: int
    at: datetime
    actor: str
    act: str
    subject: str
    evidence: str
    origin_digest: bytes
    hash: bytes

    @property
    def key(self) -> EntryKey:
        """The place of the entry."""
        return EntryKey(self.account_id, self.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """The entries that somebody looks for; what is empty narrows nothing."""

    times: TimeRange = TimeRange()
    act: str = ""
    actor: str = ""
    staff_id: str = ""
    account_id: str = ""
    subject: str = ""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint as it is shown; one from before counts were signed has neither them nor an anchor."""

    number: int
    at: datetime
    chains: int
    accounts: int | None
    rows: int | None
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProof:
    """The findings of verifying one account's chain, and what vouches for it.

    Its entries go from `first` to `last`; those before `first` were purged, and a signed start stands in their place.
    `sealed_to` is the last that a signed checkpoint has seen.
    """

    account_id: str
    at: datetime
    first: int
    last: int
    last_hash: bytes
    findings: tuple[str, ...]
    unsigned: int
    checkpoint: SignedCheckpoint | None
    sealed_to: int

    @property
    def holds(self) -> bool:
        """True if nothing was altered."""
        return not self.findings
