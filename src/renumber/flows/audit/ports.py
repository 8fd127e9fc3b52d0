"""The ports by which auditors read the history, without locks."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from renumber.domain.audit.entries import ChainedEntry, ChainProof, EntryFilter, SignedCheckpoint, TimeRange


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The place in a list of entries after which a page begins."""

    at_ms: int
    account_id: str
    seq: int

    def __str__(self) -> str:
        return f"{self.at_ms}.{self.account_id}.{self.seq}"


NEWEST = ListPlace(1 << 62, "", 1 << 62)


class EntryReads(Protocol):
    """Reads entries of all accounts."""

    async def found(self, wanted: EntryFilter, after: ListPlace, limit: int) -> Sequence[ChainedEntry]:
        """Read entries that a filter lets through, the newest first, that come after a place."""


class EntryExport(Protocol):
    """Reads entries for a file."""

    def in_order(self, account_id: str | None, *, times: TimeRange) -> AsyncIterator[Sequence[ChainedEntry]]:
        """Read every entry of one account or of all, in pages: as they are chained, or as they came in a time range."""


class Proofs(Protocol):
    """Proves the history, and reads what vouches for it."""

    async def prove(self, account_id: str) -> ChainProof | None:
        """Verify the chain of one account; None if there is none."""

    async def checkpoints(self, before: int, limit: int) -> Sequence[SignedCheckpoint]:
        """Read the checkpoints that come before a number, the newest first."""

    def anchors(self) -> AsyncIterator[str]:
        """Read the anchors of all checkpoints, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditServices:
    """The ports that an auditor's pages need beside those of every flow."""

    entries: EntryReads
    export: EntryExport
    proofs: Proofs
