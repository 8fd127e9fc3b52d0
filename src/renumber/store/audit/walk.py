"""Walking one account's chain, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from renumber.domain.account import INSTALLATION, is_nobody
from renumber.store.audit import append
from renumber.store.audit.append import Head
from renumber.store.audit.start import Start
from renumber.store.database.open import Row
from renumber.store.records.mapper import Columns, Sealer, moment


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the history, and the row where it shows."""

    account_id: str
    seq: int
    sentence: str

    def __str__(self) -> str:
        return f"Account {self.account_id}, row {self.seq}: {self.sentence}."


@dataclass(slots=True, kw_only=True)
class Unsigned:
    """The rows from before a time by which a checkpoint had to vouch for them, and none does; in milliseconds."""

    due_at: int
    rows: int = 0
    oldest_at: int = 0

    def count(self, at: int) -> None:
        """Count a row without a checkpoint, if one is due for it."""
        if at < self.due_at:
            self.oldest_at = min(at, self.oldest_at) if self.rows else at
            self.rows += 1

    def __str__(self) -> str:
        oldest = moment(max(0, self.oldest_at))
        return (
            f"{self.rows} row(s), the oldest of {oldest:%Y-%m-%d %H:%M} UTC, are under no checkpoint, though one is "
            "due: no `renumber serve` or `work` has run since, or checkpoints were taken away."
        )


class ChainWalk:
    """A walk along one chain; it goes on after a finding, so that each is reported once."""

    def __init__(self, head: Head, mac: bytes, *, sealer: Sealer, corrupt: type[Exception], unsigned: Unsigned) -> None:
        self.head, self.mac = head, mac
        self._marks: dict[int, bytes] = {}  # what signed checkpoints have seen, by row
        self._signed_up_to = 0
        self._unsigned = unsigned
        self._purged_up_to = 0  # since the walk began
        self.seq = 0
        self._hash: bytes | None = append.START
        self._sealer = sealer
        self._corrupt = corrupt
        self._columns = Columns(sealer, "audit", head.account_id)

    @property
    def is_ahead(self) -> bool:
        """Say whether more rows were found than the head that was read counts."""
        return self.seq > self.head.seq

    def begin_after(self, start: Start) -> None:
        """Begin behind the rows that were purged."""
        if start.seq > self.seq:
            self.seq, self._hash = start.seq, start.hash

    def go_on_after(self, start: Start) -> None:
        """Pass over rows that were purged during the walk, also those that were read before."""
        self.begin_after(start)
        self._purged_up_to = start.seq

    def passes_over(self, row: Row) -> bool:
        """Tell whether a row was purged since it was read."""
        return bool(row["seq"] <= self._purged_up_to)

    def mark(self, seq: int, seen: bytes) -> None:
        """Note which row a signed checkpoint has seen as the last."""
        self._marks[seq] = seen
        self._signed_up_to = max(self._signed_up_to, seq)

    def step(self, row: Row) -> Iterator[Finding]:
        """Compare a row with the one before, with its own origin, and with the checkpoint that marked it."""
        seq, found = row["seq"], bytes(row["hash"])
        if seq != self.seq + 1:
            yield from self._missing(seq - 1)
        elif self._hash is not None and append.link_hash(self._hash, row) != found:
            yield self._said(seq, "it was changed or moved")
        elif not self._origin_holds(row):
            yield self._said(seq, "where the act came from was changed")
        if self._marks.pop(seq, found) != found:
            yield self._said(seq, "it is not the row that a signed checkpoint has seen")
        if seq > self._signed_up_to:
            self._unsigned.count(row["at"])
        self.seq, self._hash = seq, found

    def _origin_holds(self, row: Row) -> bool:
        """Accept an erased origin; one that is there must be the one that was chained."""
        if row["origin"] is None:
            return True
        try:
            return append.digest_of(self._columns.text("origin", row["origin"])) == bytes(row["origin_digest"])
        except self._corrupt:
            return False

    def end(self) -> Iterator[Finding]:
        """Compare the last row with the head and with the checkpoints."""
        if self.seq < self.head.seq:
            yield from self._missing(self.head.seq)
        elif self._hash not in {None, self.head.hash}:
            yield self._said(self.seq, "it is not the row that the account names as its last")
        if not self._is_authentic():
            yield self._said(self.head.seq, "the account's mark of its last row was not made with the key")
        for seq in sorted(self._marks):
            if seq > max(self.seq, self.head.seq):
                yield self._said(seq, "it is missing, though a signed checkpoint has seen it")

    def _is_authentic(self) -> bool:
        # The histories of unknown addresses and of the installation are those that begin without a row.
        begins = is_nobody(self.head.account_id) or self.head.account_id == INSTALLATION
        fresh = begins and self.head.seq == 0 and not self.mac
        return fresh or append.is_authentic(self.head, self.mac, self._sealer)

    def _missing(self, last: int) -> Iterator[Finding]:
        first = self.seq + 1
        upto = f" (and all up to row {last})" if last > first else ""
        yield self._said(first, f"it is missing{upto}")
        self._hash = None

    def _said(self, seq: int, sentence: str) -> Finding:
        return Finding(self.head.account_id, seq, sentence)


class Walks:
    """The walks along the chains of a stretch of accounts."""

    def __init__(self, *, sealer: Sealer, corrupt: type[Exception], unsigned: Unsigned) -> None:
        self._with: dict[str, Any] = {"sealer": sealer, "corrupt": corrupt, "unsigned": unsigned}
        self._walks: dict[str, ChainWalk] = {}

    def begin(self, head: Head, mac: bytes) -> ChainWalk:
        """Begin the walk to this end of a chain."""
        walk = self._walks[head.account_id] = ChainWalk(head, mac, **self._with)
        return walk

    def of(self, account_id: str) -> ChainWalk:
        """Give the walk of an account; where the account is gone, nothing vouches for the end of its chain."""
        return self._walks.get(account_id) or self.begin(Head(account_id, 0, append.START), b"")

    def all(self) -> Iterable[ChainWalk]:
        """Give every walk that was begun."""
        return self._walks.values()
