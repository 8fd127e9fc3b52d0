"""`renumber account import`: many accounts from a CSV file, in bounded memory."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from renumber.cli.console import err, progress
from renumber.cli.csv_file import CsvFile
from renumber.cli.entering import enter
from renumber.cli.new_account import InvalidAccount, NewAccount, read_new_account
from renumber.wiring import Parts

AT_ONCE = 500
PRINTED_BESIDE_A_FILE = 10

Report = Callable[[int, str], None]


@dataclass(slots=True)
class Tally:
    """The number of rows by what became of them."""

    entered: int = 0
    already_there: int = 0
    bad: int = 0


async def import_file(parts: Parts, file: CsvFile, errors: Path | None, *, by: str) -> Tally:
    """Create an account for every good row, in batches, and report the others."""
    tally = Tally()
    with ExitStack() as open_things:
        report = open_things.enter_context(_reporting(tally, errors))
        advance = open_things.enter_context(progress("Importing", file.size))
        shown = 0
        for batch in _batches(_valid_rows(file, parts, report)):
            await _enter(parts, batch, tally, by=by)
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
                err.print(f"line {line}: {reason}", markup=False)

        yield report


def _valid_rows(file: CsvFile, parts: Parts, report: Report) -> Iterator[NewAccount]:
    for line, row in file.rows():
        if isinstance(row, str):
            report(line, row)
            continue
        try:
            yield read_new_account(row, parts.settings)
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


async def _enter(parts: Parts, batch: Sequence[NewAccount], tally: Tally, *, by: str) -> None:
    added = await enter(parts, batch, by=by)
    tally.entered += sum(added)
    tally.already_there += len(added) - sum(added)
