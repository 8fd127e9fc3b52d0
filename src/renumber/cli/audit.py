"""`renumber audit …`: proving that the history was not altered."""

from dataclasses import dataclass
from typing import Annotated

import typer

from renumber.cli.console import FAILED, progress, say, stop
from renumber.cli.run import find, run
from renumber.crypto import CorruptSecret
from renumber.store.audit.checkpoints import Checkpoint, newest_checkpoint
from renumber.store.audit.verify import AuditVerifier
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

    def find(self, sentence: str) -> None:
        """Count a finding, and print it if it is one of the first."""
        self.findings += 1
        if self.findings <= MOST_PRINTED:
            say(sentence)


@app.command()
def verify(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
) -> None:
    """Recompute every chain and hold it against its end and the signed checkpoints."""
    verification = run(lambda parts: _verify(parts, account))
    if verification.findings:
        more = f", {MOST_PRINTED} of them told" if verification.findings > MOST_PRINTED else ""
        stop(f"{verification.findings} finding(s){more}: the history was altered. Keep a copy of it as it is.", FAILED)
    newest = verification.newest
    signed = f"checkpoint {newest.number} of {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "no checkpoint yet"
    say(f"{verification.rows} row(s) verified; nothing was altered ({signed}).")


async def _verify(parts: Parts, who: str) -> Verification:
    account_id = (await find(parts, who)).account_id if who else None
    verifier = AuditVerifier(parts.database, parts.keys, CorruptSecret)
    verification = Verification(rows=await verifier.size(account_id), newest=await newest_checkpoint(parts.database))
    with progress("Verifying", verification.rows) as advance:
        async for sentence in verifier.checkpoints():
            verification.find(sentence)
        async for finding in verifier.chains(advance, account_id):
            verification.find(str(finding))
    return verification
