"""`renumber audit …`: proving the history."""

from typing import Annotated

import typer

from renumber.cli.progress import progress
from renumber.cli.running import find, run
from renumber.cli.words import FAILED, say, stop
from renumber.crypto import CorruptSecret
from renumber.store.audit_verify import AuditVerifier
from renumber.wiring import Parts

app = typer.Typer(help="Prove the history.", no_args_is_help=True)
MOST_FINDINGS = 50


@app.callback()
def audit() -> None:
    """Prove the history."""


@app.command()
def verify(
    account: Annotated[str, typer.Option(help="The e-mail address of one account; all of them without it.")] = "",
) -> None:
    """Recompute every chain and hold it against its end and the signed checkpoints."""
    rows, findings = run(lambda parts: _verify(parts, account))
    for finding in findings[:MOST_FINDINGS]:
        say(finding)
    if findings:
        stop(f"{len(findings)} finding(s) in {rows} rows: the history was altered. Keep a copy of it as it is.", FAILED)
    say(f"{rows} rows verified; nothing was altered.")


async def _verify(parts: Parts, email: str) -> tuple[int, list[str]]:
    account_id = (await find(parts, email)).account_id if email else None
    verifier = AuditVerifier(parts.database, parts.keys, CorruptSecret)
    size = await verifier.size(account_id)
    findings = [] if account_id else [sentence async for sentence in verifier.checkpoints()]
    with progress("Verifying", size) as advance:
        findings += [str(finding) async for finding in verifier.chains(advance, account_id)]
    return size, findings
