"""`renumber account import`: many accounts from a CSV file, in bounded memory."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.account.csv_encoding import UnusableFile
from renumber.cli.account.csv_file import CsvFile
from renumber.cli.account.entering import enter
from renumber.cli.account.new_account import InvalidAccount, NewAccount, read_new_account
from renumber.cli.console import FAILED, say, stop, told
from renumber.cli.progress import progress
from renumber.cli.run import By, run
from renumber.wiring.core import Core

AT_ONCE = 500
PRINTED_BESIDE_A_FILE = 10

Report = Callable[[int, str], None]


@dataclass(slots=True)
class Tally:
    """The number of rows by what became of them."""

    created: int = 0
    already_there: int = 0
    bad: int = 0
    unspoken: Counter[str] = field(default_factory=Counter)


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: email, name, locale, phone, country, verified, organisation, password_hash.",
            exists=True,
            dir_okay=False,
        ),
    ],
    errors: Annotated[Path | None, typer.Option(help="Write the bad rows' lines and reasons here, as CSV.")] = None,
    encoding: Annotated[
        str, typer.Option(help="The encoding, where the file doesn't say it and is not UTF-8: windows-1252, …")
    ] = "",
    by: By = "",
) -> None:
    """Create many accounts."""
    try:
        csv_file = CsvFile(file, encoding)
        tally = run(lambda core: import_file(core, csv_file, errors, by=by))
    except UnusableFile as problem:
        stop(str(problem))
    say(f"{tally.created} created, {tally.already_there} already there, {tally.bad} bad.")
    told(_on_languages(tally.unspoken))
    if tally.bad:
        where = f" They are listed in {errors}." if errors else ""
        stop(f"Mend the bad rows and import the file again; what is there already stays as it is.{where}", FAILED)


def _on_languages(unspoken: Counter[str]) -> str:
    if not unspoken:
        return ""
    several = ", ".join(f"{locale} ({times})" for locale, times in sorted(unspoken.items()))
    return f"Not among RENUMBER_LOCALES, so that these people are written to in its first language: {several}."


async def import_file(core: Core, file: CsvFile, errors: Path | None, *, by: str) -> Tally:
    """Create an account for every good row, in batches, and report the others."""
    tally = Tally()
    with ExitStack() as open_things:
        report = open_things.enter_context(_reporting(tally, errors))
        advance = open_things.enter_context(progress("Importing", file.size))
        shown = 0
        organisations = await organisations_by_name(core)
        for batch in _batches(_valid_rows(file, core, report, organisations=organisations)):
            await _enter(core, batch, tally, by=by)
            advance(file.position - shown)
            shown = file.position
    return tally


@contextmanager
def _reporting(tally: Tally, errors: Path | None) -> Iterator[Report]:
    """Report bad rows at once: on the terminal, and all of them in a file if one is named."""
    with ExitStack() as stack:
        lines = csv.writer(stack.enter_context(errors.open("w", encoding="utf-8", newline=""))) if errors else None
        if lines:
            lines.writerow(("line", "reason"))

        def report(line: int, reason: str) -> None:
            tally.bad += 1
            if lines:
                lines.writerow((line, reason))
            if lines is None or tally.bad <= PRINTED_BESIDE_A_FILE:
                told(f"line {line}: {reason}")

        yield report


async def organisations_by_name(core: Core) -> Mapping[str, str]:
    """The ids of all companies by their names: there are few beside the accounts."""
    found: dict[str, str] = {}
    after = ""
    while page := await core.services.organisations.organisations(after, AT_ONCE):
        found |= {each.name: each.account_id for each in page}
        after = page[-1].account_id
    return found


def _valid_rows(file: CsvFile, core: Core, report: Report, *, organisations: Mapping[str, str]) -> Iterator[NewAccount]:
    for line, row in file.rows():
        if isinstance(row, str):
            report(line, row)
            continue
        try:
            yield read_new_account(row, core.settings, organisations)
        except InvalidAccount as problem:
            report(line, str(problem))


def _batches(accounts: Iterator[NewAccount]) -> Iterator[list[NewAccount]]:
    batch: list[NewAccount] = []
    for account in accounts:
        batch.append(account)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _enter(core: Core, batch: Sequence[NewAccount], tally: Tally, *, by: str) -> None:
    added = await enter(core, batch, by=by)
    tally.created += sum(added)
    tally.unspoken.update(account.unspoken for account in batch if account.unspoken)
    tally.already_there += len(added) - sum(added)
