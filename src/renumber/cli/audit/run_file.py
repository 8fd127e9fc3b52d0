"""The file in which a run of `audit verify` keeps where it stands, so that one that was broken off can go on.

It is signed with the installation's key: nobody who can't write the history as it should be can make a run pass over
anything. A run that began more than a day ago begins anew, so that no old one vouches for what was altered since.
"""

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from renumber.cli.console import stop, told
from renumber.store.audit.checkpoints import Notary
from renumber.store.records.mapper import moment, ms

GOES_ON_FOR = timedelta(days=1)
WRITTEN_EVERY = 1.0  # seconds


@dataclass(slots=True, kw_only=True)
class Standing:
    """Where a run stands: from when it is, up to which account everything was verified, and what was found so far.

    `anchor` is the checkpoint that was the newest when it began: it has to be there at the end as well.
    """

    begun_at: int
    after: str = ""
    rows: int = 0
    findings: int = 0
    altered: bool = False
    first: list[str] = field(default_factory=list)
    unsigned_rows: int = 0
    oldest_unsigned_at: int = 0
    anchor: str = ""


class RunFile:
    """The file of one run; without a path nothing is kept."""

    def __init__(self, path: Path | None, notary: Notary) -> None:
        self._path, self._notary = path, notary
        self._written_at = 0.0

    def read(self, now: datetime) -> Standing:
        """Read where the run before was broken off; a new one begins where there is none, or where it is too old."""
        found = self._content()
        if found is None:
            return Standing(begun_at=ms(now))
        standing = self._genuine(found)
        if moment(standing.begun_at) + GOES_ON_FOR < now:
            told(f"The run in {self._path} began more than a day ago: it begins anew.")
            return Standing(begun_at=ms(now))
        if standing.after:
            told(f"Going on with the run of {moment(standing.begun_at):%Y-%m-%d %H:%M} UTC.")
        return standing

    def _content(self) -> bytes | None:
        if self._path is None:
            return None
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def _genuine(self, found: bytes) -> Standing:
        try:
            kept = json.loads(found)
            payload, signature = kept["run"], bytes.fromhex(kept["signature"])
            is_genuine = self._notary.verify(_signed(payload), signature)
            given = {each.name: payload[each.name] for each in fields(Standing)}
        except (ValueError, KeyError, TypeError):
            is_genuine, given = False, {}
        if not is_genuine:
            stop(f"{self._path} was not written by a run of this installation. Name another file, or remove it.")
        return Standing(**given)

    def write(self, standing: Standing, *, at_once: bool = False) -> None:
        """Keep where the run stands, in place of what was there; not more often than once a second."""
        if self._path is None or (not at_once and time.monotonic() < self._written_at + WRITTEN_EVERY):
            return
        run = asdict(standing)
        kept = {"run": run, "signature": self._notary.sign(_signed(run)).hex()}
        beside = self._path.with_name(f"{self._path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file)
        beside.replace(self._path)
        self._written_at = time.monotonic()

    def remove(self) -> None:
        """Forget the run, which has come to its end."""
        if self._path:
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()


def _signed(run: dict[str, Any]) -> bytes:
    return f"renumber audit run {json.dumps(run, sort_keys=True)}".encode()
