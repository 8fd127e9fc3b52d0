"""Anchors: what a checkpoint was, as one line to be kept outside the database.

A cut of newest rows together with newest checkpoints leaves a history that is in order, only shorter: nothing in the
database can tell it from one that never went on. An anchor can, for it names a checkpoint that has to be there.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from renumber.store.audit.checkpoints import Checkpoint, Counts
from renumber.store.records.mapper import moment, ms

SHAPE = re.compile(r"renumber-audit/(\d{1,18})/(\d{1,14})/(\d{1,18})/(\d{1,18})/([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A checkpoint by its number and the digest of its signature, which covers all the checkpoints before as well."""

    number: int
    at: datetime
    counts: Counts
    digest: str

    def __str__(self) -> str:
        parts = (self.number, ms(self.at), self.counts.accounts, self.counts.rows, self.digest)
        return "/".join(("renumber-audit", *map(str, parts)))

    def fault(self, found: Checkpoint | None) -> str:
        """Say in a sentence what became of the checkpoint, or nothing if it is there as it was."""
        held = f"{self.counts.rows} row(s) in {self.counts.accounts} account(s) at {self.at:%Y-%m-%d %H:%M} UTC"
        if found is None:
            return f"Checkpoint {self.number} of the anchor is missing, and with it what was written: {held}."
        if digest_of(found) != self.digest:
            return f"Checkpoint {self.number} is not the one of the anchor, which had seen {held}."
        return ""


def anchor_of(checkpoint: Checkpoint) -> Anchor | None:
    """Make the anchor of a signed checkpoint; one without counts has none."""
    counts = checkpoint.counts
    if counts is None:
        return None
    return Anchor(number=checkpoint.number, at=checkpoint.at, counts=counts, digest=digest_of(checkpoint))


def digest_of(checkpoint: Checkpoint) -> str:
    """Give the digest by which an anchor knows a checkpoint."""
    return hashlib.sha256(checkpoint.signature).hexdigest()


def anchors_in(lines: Iterable[str]) -> list[Anchor]:
    """Find every anchor in lines of a log, whatever else stands in them, in the order of their checkpoints."""
    found = {_read(match) for line in lines for match in SHAPE.finditer(line)}
    return sorted(found, key=lambda anchor: (anchor.number, anchor.digest))


def _read(match: re.Match[str]) -> Anchor:
    number, at, accounts, rows = (int(match[place]) for place in range(1, 5))
    return Anchor(number=number, at=moment(at), counts=Counts(accounts, rows), digest=match[5])
