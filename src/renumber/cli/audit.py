"""`renumber audit …`: proving that the history was not altered."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import FAILED, progress, say, stop
from renumber.cli.run import find, run
from renumber.crypto import CorruptSecret
from renumber.store.audit.anchors import Anchor, anchors_in
from renumber.store.audit.checkpoints import Checkpoint, newest_checkpoint
from renumber.store.audit.verify import AuditVerifier
from renumber.store.audit.walk import Finding, Unsigned
from renumber.wiring import Parts

app = typer.Typer(name="audit", help="Prove the history.", no_args_is_help=True, add_completion=False)
MOST_PRINTED = 50


@app.callback()
def audit() -> None:
    """Prove the history."""


@dataclass(slots=True, kw_only=True)
class Verification:
    """The number of rows verified and of findings; the first findings are printed at once."""

    rows: int
    newest: Checkpoint | None
    findings: int = 0
    altered: bool = False

    def find(self, found: str | Finding | Unsigned) -> None:
        """Count a finding, and print it if it is one of the first."""
        self.findings += 1
        self.altered |= not isinstance(found, Unsigned)
        if self.findings <= MOST_PRINTED:
            say(str(found))

    @property
    def verdict(self) -> str:
        """Say what the findings mean."""
        what = "the history was altered" if self.altered else "nothing vouches for the end of the history"
        return f"{what}. Keep a copy of it as it is."


@app.command()
def verify(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
    after: Annotated[
        str, typer.Option(help="A line of the log with an anchor, or a file of such lines: they have to be there.")
    ] = "",
) -> None:
    """Recompute every chain and hold it against its end, the signed checkpoints and anchors from outside."""
    anchors = _anchors(after) if after else []
    verification = run(lambda parts: _verify(parts, account, anchors))
    if verification.findings:
        more = f", {MOST_PRINTED} of them told" if verification.findings > MOST_PRINTED else ""
        stop(f"{verification.findings} finding(s){more}: {verification.verdict}", FAILED)
    newest = verification.newest
    signed = f"checkpoint {newest.number} of {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "no checkpoint yet"
    held = f", {len(anchors)} anchor(s) held" if anchors else ""
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


async def _verify(parts: Parts, who: str, anchors: Sequence[Anchor]) -> Verification:
    account_id = (await find(parts, who)).account_id if who else None
    verifier = AuditVerifier(parts.database, parts.keys, CorruptSecret, clock=parts.clock)
    verification = Verification(rows=await verifier.size(account_id), newest=await newest_checkpoint(parts.database))
    with progress("Verifying", verification.rows) as advance:
        async for sentence in verifier.checkpoints(anchors):
            verification.find(sentence)
        async for finding in verifier.chains(advance, account_id):
            verification.find(finding)
    return verification
