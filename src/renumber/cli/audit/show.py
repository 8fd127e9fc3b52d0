"""`renumber audit show`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from renumber.cli.account.shown import entry_json
from renumber.cli.audit.entry_keys import read_key
from renumber.cli.console import BAD_INPUT, FAILED, say, stop, told
from renumber.cli.reading import Json, Limit, Times, Utc, next_page, say_columns, say_json
from renumber.cli.run import By, find, look, operator
from renumber.domain.audit.entries import EntryKey
from renumber.flows.account.show import show_to_operator
from renumber.store.audit.entries import AuditEntries, key_of
from renumber.store.database.open import Row
from renumber.store.records.mapper import moment
from renumber.wiring.core import Core


def show(
    account: Annotated[str, typer.Option(help="The address or id of one account; all of them without it.")] = "",
    limit: Limit = 50,
    after: Annotated[str, typer.Option(metavar="ACCOUNT:NUMBER", help="Go on after this entry.")] = "",
    utc: Utc = False,
    as_json: Json = False,
    by: By = "",
) -> None:
    """Show the newest entries of the audit log.

    They hold ids, and neither names nor addresses nor numbers. With --account, the history of that account keeps who
    has looked.
    """
    key = read_key(after)
    found = look(lambda core: _read(core, account, key, limit=limit + 1, by=by))
    page = found[:limit]
    following = str(key_of(page[-1])) if len(found) > limit else None
    if as_json:
        say_json({"entries": [entry_json(row) for row in page], "next": following})
        return
    say_columns([_row(row, Times(utc)) for row in page], wide="evidence")
    if not page:
        say("There is no entry." if not after else "There is no further entry.")
    told(next_page(following))


async def _read(core: Core, who: str, after: EntryKey | None, *, limit: int, by: str) -> Sequence[Row]:
    entries = AuditEntries(core.database)
    if who:
        return await _of_one(core, who, after, limit=limit, by=by)
    found = await entries.newest(limit, after)
    if found is None:
        stop(f"There is no entry {after}.", FAILED)
    return found


async def _of_one(core: Core, who: str, after: EntryKey | None, *, limit: int, by: str) -> Sequence[Row]:
    account = await find(core, who)
    if after and after.account_id != account.account_id:
        stop(f"The entry {after} is not of this account.", BAD_INPUT)
    if account.email.text:
        await show_to_operator(core.services, operator(core, by), account.account_id)
    entries = AuditEntries(core.database)
    if after:
        return await entries.newest_of(account.account_id, limit, after.seq)
    return await entries.newest_of(account.account_id, limit)


def _row(row: Row, times: Times) -> dict[str, str]:
    return {
        "entry": str(key_of(row)),
        "at": times.shown(moment(row["at"])),
        "actor": row["actor"],
        "act": row["act"],
        "evidence": row["evidence"],
    }
