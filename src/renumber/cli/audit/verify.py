"""`renumber audit verify`: proving that the history was not altered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.audit.run_file import RunFile, Standing
from renumber.cli.console import FAILED, Say, say, stop, told
from renumber.cli.progress import progress
from renumber.cli.reading import Json, Times, Utc, say_json
from renumber.cli.run import find, look
from renumber.crypto import CorruptSecret
from renumber.store.audit.anchors import Anchor, anchor_of, anchors_in
from renumber.store.audit.checkpoints import Checkpoint, newest_checkpoint
from renumber.store.audit.run import Run
from renumber.store.audit.verify import Advance, AuditVerifier
from renumber.store.audit.walk import Finding, Unsigned
from renumber.wiring.core import Core

MOST_PRINTED = 50


@dataclass(slots=True, kw_only=True)
class Verification:
    """The number of rows to verify, and what was found; the first findings are told as they are found."""

    rows: int
    newest: Checkpoint | None
    tell: Say
    standing: Standing = field(default_factory=lambda: Standing(begun_at=0))

    def find(self, found: str | Finding | Unsigned) -> None:
        """Count a finding, and tell it if it is one of the first."""
        self.standing.findings += 1
        self.standing.altered |= not isinstance(found, Unsigned)
        if self.standing.findings <= MOST_PRINTED:
            self.standing.first.append(str(found))
            self.tell(str(found))

    @property
    def findings(self) -> int:
        """The number of findings."""
        return self.standing.findings

    @property
    def verdict(self) -> str:
        """Name what the findings mean, in a word for programs."""
        return "altered" if self.standing.altered else "unsigned" if self.findings else "in order"


VERDICTS = {"altered": "the history was altered", "unsigned": "nothing vouches for the end of the history"}


def verify(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
    after: Annotated[
        str, typer.Option(help="A line of the log with an anchor, or a file of such lines: they have to be there.")
    ] = "",
    state: Annotated[
        str,
        typer.Option(metavar="FILE", help="Keep in this file where the run stands: one that is broken off goes on."),
    ] = "",
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """Verify the audit log."""
    if account and state:
        stop("Give --state without --account: one account is verified in one go.")
    anchors = _anchors(after) if after else []
    first: list[str] = []
    tell = first.append if as_json else say
    path = Path(state) if state else None
    try:
        verification = look(lambda core: _verify(core, account, anchors, tell, path=path))
    except KeyboardInterrupt:
        told("Broken off; the same command goes on from here." if path and path.exists() else "Broken off.")
        raise
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


async def _verify(core: Core, who: str, anchors: Sequence[Anchor], tell: Say, *, path: Path | None) -> Verification:
    account_id = (await find(core, who)).account_id if who else None
    verifier = AuditVerifier(core.database, core.keys, CorruptSecret, clock=core.clock)
    kept = RunFile(path, core.keys)
    rows, newest = await verifier.size(account_id), await newest_checkpoint(core.database)
    verification = Verification(rows=rows, newest=newest, tell=tell, standing=kept.read(core.clock.now()))
    for sentence in verification.standing.first:
        tell(sentence)
    with progress("Verifying", verification.rows) as advance:
        await _whole(verifier, verification, kept, [*anchors, *_of_run(verification)])
        await _chains(verifier, verification, kept, advance, account_id=account_id)
    kept.remove()
    return verification


def _of_run(verification: Verification) -> list[Anchor]:
    """The checkpoint that was the newest when the run began has to be there when it goes on, too."""
    standing, newest = verification.standing, verification.newest
    if not standing.after:
        standing.anchor = str((newest and anchor_of(newest)) or "")
        return []
    return anchors_in([standing.anchor])


async def _whole(verifier: AuditVerifier, verification: Verification, kept: RunFile, anchors: Sequence[Anchor]) -> None:
    """Verify the checkpoints and anchors: at the beginning of each run, and anew of one that goes on."""
    known = set(verification.standing.first)
    async for sentence in verifier.checkpoints(anchors):
        if sentence not in known:
            verification.find(sentence)
    kept.write(verification.standing, at_once=True)


async def _chains(
    verifier: AuditVerifier, verification: Verification, kept: RunFile, advance: Advance, *, account_id: str | None
) -> None:
    standing = verification.standing
    run = Run(standing.after, standing.unsigned_rows, standing.oldest_unsigned_at)
    advance(standing.rows)

    def counted(rows: int) -> None:
        standing.rows += rows
        advance(rows)

    def keep() -> None:
        standing.after, standing.unsigned_rows = run.after, run.unsigned_rows
        standing.oldest_unsigned_at = run.oldest_unsigned_at
        kept.write(standing)

    run.kept = keep
    async for finding in verifier.chains(counted, account_id, run):
        verification.find(finding)
