"""`renumber audit verify`: proving that the history was not altered."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import FAILED, Say, say, stop
from renumber.cli.progress import progress
from renumber.cli.reading import Json, Times, Utc, say_json
from renumber.cli.run import find, look
from renumber.crypto import CorruptSecret
from renumber.store.audit.anchors import Anchor, anchors_in
from renumber.store.audit.checkpoints import Checkpoint, newest_checkpoint
from renumber.store.audit.verify import AuditVerifier
from renumber.store.audit.walk import Finding, Unsigned
from renumber.wiring.core import Core

MOST_PRINTED = 50


@dataclass(slots=True, kw_only=True)
class Verification:
    """The number of rows verified and of findings; the first findings are told as they are found."""

    rows: int
    newest: Checkpoint | None
    tell: Say
    findings: int = 0
    altered: bool = False

    def find(self, found: str | Finding | Unsigned) -> None:
        """Count a finding, and tell it if it is one of the first."""
        self.findings += 1
        self.altered |= not isinstance(found, Unsigned)
        if self.findings <= MOST_PRINTED:
            self.tell(str(found))

    @property
    def verdict(self) -> str:
        """Name what the findings mean, in a word for programs."""
        return "altered" if self.altered else "unsigned" if self.findings else "in order"


VERDICTS = {"altered": "the history was altered", "unsigned": "nothing vouches for the end of the history"}


def verify(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
    after: Annotated[
        str, typer.Option(help="A line of the log with an anchor, or a file of such lines: they have to be there.")
    ] = "",
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """Verify the audit log."""
    anchors = _anchors(after) if after else []
    first: list[str] = []
    tell = first.append if as_json else say
    verification = look(lambda core: _verify(core, account, anchors, tell))
    if as_json:
        say_json({**_json(verification), "anchors": len(anchors), "first_findings": first})
        raise typer.Exit(FAILED if verification.findings else 0)
    _conclude(verification, Times(utc), held=f", {len(anchors)} anchor(s) held" if anchors else "")


def _json(verification: Verification) -> dict[str, object]:
    newest = verification.newest
    return {
        "verdict": verification.verdict,
        "rows": verification.rows,
        "checkpoint": {"number": newest.number, "at": newest.at} if newest else None,
        "findings": verification.findings,
    }


def _conclude(verification: Verification, times: Times, *, held: str) -> None:
    if verification.findings:
        more = f", {MOST_PRINTED} of them told" if verification.findings > MOST_PRINTED else ""
        means = VERDICTS[verification.verdict]
        stop(f"{verification.findings} finding(s){more}: {means}. Keep a copy of it as it is.", FAILED)
    newest = verification.newest
    signed = f"checkpoint {newest.number} of {times.shown(newest.at)}" if newest else "no checkpoint yet"
    say(f"{verification.rows} row(s) verified; nothing was altered ({signed}{held}).")


def _anchors(after: str) -> list[Anchor]:
    """Read the anchors of a file, or of the line itself; without one there is nothing to hold the history against."""
    path = Path(after)
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            found = anchors_in(lines)
    except OSError:  # no such file, or a line that no file can be called
        found = anchors_in([after])
    if not found:
        stop(f"There is no anchor in {after[:80]}: give a line of the log that says `renumber-audit/…`, or a file.")
    return found


async def _verify(core: Core, who: str, anchors: Sequence[Anchor], tell: Say) -> Verification:
    account_id = (await find(core, who)).account_id if who else None
    verifier = AuditVerifier(core.database, core.keys, CorruptSecret, clock=core.clock)
    rows, newest = await verifier.size(account_id), await newest_checkpoint(core.database)
    verification = Verification(rows=rows, newest=newest, tell=tell)
    with progress("Verifying", verification.rows) as advance:
        async for sentence in verifier.checkpoints(anchors):
            verification.find(sentence)
        async for finding in verifier.chains(advance, account_id):
            verification.find(finding)
    return verification
