"""`renumber audit export`."""

from typing import Annotated

import typer

from renumber.cli.audit.entry_keys import read_key
from renumber.cli.console import BAD_INPUT, pour, stop
from renumber.cli.reading import read_time
from renumber.cli.run import By, find, look, operator
from renumber.domain.account import INSTALLATION
from renumber.domain.audit.entries import EntryKey, ExportFormat, TimeRange
from renumber.flows.audit.reading import ExportScope, export_by_operator
from renumber.policies.audit.export import exported, heading
from renumber.policies.operator.account_texts import read_reason
from renumber.store.audit.entries import AuditEntries
from renumber.wiring.core import Core

TIME = "2026-11-30, or 2026-11-30T08:00+01:00"


def export(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
    since: Annotated[str, typer.Option("--from", metavar="TIME", help=f"From this time on: {TIME}.")] = "",
    until: Annotated[str, typer.Option("--to", metavar="TIME", help="Up to this time, which is left out.")] = "",
    form: Annotated[
        ExportFormat, typer.Option("--format", help="JSON Lines, or CSV for spreadsheets.")
    ] = ExportFormat.JSONL,
    after: Annotated[str, typer.Option(metavar="ACCOUNT:NUMBER", help="Go on after this entry.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in one line, for the history.")] = "",
    by: By = "",
) -> None:
    """Export the audit log.

    Each line is one entry with its hash, which covers all entries before it in its account. They come as they are
    chained, by account; with --from or --to and without --account, by their time. The history keeps who has exported
    what: that of the account, or the installation's own.
    """
    key, times = read_key(after), TimeRange(read_time(since), read_time(until))
    if reason and read_reason(reason) is None:
        stop("Give a reason of one line, of at most 200 characters.")
    look(lambda core: _export(core, account, key, ExportScope(form, times), by=by, reason=reason))


async def _export(core: Core, who: str, after: EntryKey | None, scope: ExportScope, *, by: str, reason: str) -> None:
    account_id = await _chosen(core, who, scope, by=by, reason=reason)
    if after and account_id not in {None, after.account_id}:
        stop(f"The entry {after} is not of this account.", BAD_INPUT)
    pour(heading(scope.form))
    async for entries in AuditEntries(core.database).in_order(account_id, after, scope.times):
        pour(exported(entries, scope.form))


async def _chosen(core: Core, who: str, scope: ExportScope, *, by: str, reason: str) -> str | None:
    """Find the account, and write down what is about to be exported; the history of an erased account has ended."""
    account = await find(core, who) if who else None
    is_there = account is not None and bool(account.email.text)
    kept_by = account.account_id if account and is_there else INSTALLATION
    subject = str(scope) if is_there or account is None else f"{scope} {account.account_id}"
    await export_by_operator(core.services, operator(core, by), kept_by, subject, reason)
    return account.account_id if account else None
