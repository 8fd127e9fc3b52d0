"""`renumber audit export`."""

import json
from typing import Annotated

import typer

from renumber.cli.audit.entry_keys import read_key
from renumber.cli.console import BAD_INPUT, say, stop
from renumber.cli.run import By, find, look, operator
from renumber.flows.account.show import show_to_operator
from renumber.store.audit.entries import AuditEntries, EntryKey
from renumber.store.database.open import Row
from renumber.store.records.mapper import moment
from renumber.wiring.core import Core


def export(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
    after: Annotated[str, typer.Option(metavar="ACCOUNT:NUMBER", help="Go on after this entry.")] = "",
    by: By = "",
) -> None:
    """Export the audit log.

    Each line is one entry with its hash, which covers all entries before it in its account. With --account, the history
    of that account keeps who has looked.
    """
    key = read_key(after)
    look(lambda core: _export(core, account, key, by=by))


async def _export(core: Core, who: str, after: EntryKey | None, *, by: str) -> None:
    account_id = await _chosen(core, who, by) if who else None
    if after and account_id not in {None, after.account_id}:
        stop(f"The entry {after} is not of this account.", BAD_INPUT)
    async for rows in AuditEntries(core.database).in_order(account_id, after):
        for row in rows:
            say(json.dumps(_exported(row), ensure_ascii=False))


async def _chosen(core: Core, who: str, by: str) -> str:
    account = await find(core, who)
    if account.email.text:
        await show_to_operator(core.services, operator(core, by), account.account_id)
    return account.account_id


def _exported(row: Row) -> dict[str, object]:
    told = {name: row[name] for name in ("account_id", "seq", "actor", "act", "subject", "evidence")}
    return {
        **told,
        "at": moment(row["at"]).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "origin_digest": bytes(row["origin_digest"]).hex(),
        "hash": bytes(row["hash"]).hex(),
    }
