"""`renumber audit …`: proving the history."""

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
MOST_TOLD = 50


@app.callback()
def audit() -> None:
    """Prove the history."""


@dataclass(slots=True)
class Verdict:
    """How much was verified, and how much was found; the first findings are told at once."""

    rows: int
    newest: Checkpoint | None
    findings: int = 0

    def find(self, sentence: str) -> None:
        """Count a finding."""
        self.findings += 1
        if self.findings <= MOST_TOLD:
            say(sentence)


@app.command()
def verify(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
) -> None:
    """Recompute every chain and hold it against its end and the signed checkpoints."""
    verdict = run(lambda parts: _verify(parts, account))
    if verdict.findings:
        more = f", {MOST_TOLD} of them told" if verdict.findings > MOST_TOLD else ""
        stop(f"{verdict.findings} finding(s){more}: the history was altered. Keep a copy of it as it is.", FAILED)
    newest = verdict.newest
    signed = f"checkpoint {newest.number} of {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "no checkpoint yet"
    say(f"{verdict.rows} row(s) verified; nothing was altered ({signed}).")


async def _verify(parts: Parts, who: str) -> Verdict:
    account_id = (await find(parts, who)).account_id if who else None
    verifier = AuditVerifier(parts.database, parts.keys, CorruptSecret)
    verdict = Verdict(await verifier.size(account_id), await newest_checkpoint(parts.database))
    with progress("Verifying", verdict.rows) as advance:
        async for sentence in verifier.checkpoints():
            verdict.find(sentence)
        async for finding in verifier.chains(advance, account_id):
            verdict.find(str(finding))
    return verdict
