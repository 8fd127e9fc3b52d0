"""`renumber account import`: many accounts from a CSV file, in bounded memory."""

import asyncio
import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from renumber.cli.console import err, progress
from renumber.cli.csv_file import CsvFile
from renumber.cli.new_account import Entrant, NotAnEntrant, read_entrant
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.store.database.open import StoreBusy
from renumber.wiring import Parts

AT_ONCE = 500
TRIES = 5  # for a batch, each of which waits for ten seconds
TOLD_BESIDE_A_FILE = 10

Report = Callable[[int, str], None]


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    entered: int = 0
    already_there: int = 0
    bad: int = 0


async def import_file(parts: Parts, file: CsvFile, errors: Path | None) -> Tally:
    """Enter every good row, batch by batch, and tell the others."""
    tally = Tally()
    with ExitStack() as open_things:
        report = open_things.enter_context(_reporting(tally, errors))
        advance = open_things.enter_context(progress("Importing", file.size))
        shown = 0
        for batch in _batches(_entrants(file, parts, report)):
            await _enter(parts, batch, tally)
            advance(file.position - shown)
            shown = file.position
    return tally


@contextmanager
def _reporting(tally: Tally, errors: Path | None) -> Iterator[Report]:
    """Tell bad rows at once: on the terminal, and all of them in a file if there is one."""
    with ExitStack() as stack:
        lines = csv.writer(stack.enter_context(errors.open("w", encoding="utf-8", newline=""))) if errors else None
        if lines:
            lines.writerow(("line", "reason"))

        def report(line: int, reason: str) -> None:
            tally.bad += 1
            if lines:
                lines.writerow((line, reason))
            if lines is None or tally.bad <= TOLD_BESIDE_A_FILE:
                err.print(f"line {line}: {reason}", markup=False)

        yield report


def _entrants(file: CsvFile, parts: Parts, report: Report) -> Iterator[Entrant]:
    for line, row in file.rows():
        if isinstance(row, str):
            report(line, row)
            continue
        try:
            yield read_entrant(row, parts.settings)
        except NotAnEntrant as problem:
            report(line, str(problem))


def _batches(entrants: Iterator[Entrant]) -> Iterator[list[Entrant]]:
    batch: list[Entrant] = []
    for entrant in entrants:
        batch.append(entrant)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _enter(parts: Parts, batch: Sequence[Entrant], tally: Tally) -> None:
    newcomers = await _hashed(parts, batch)
    added = await _patiently(parts, newcomers)
    tally.entered += sum(added)
    tally.already_there += len(added) - sum(added)


async def _patiently(parts: Parts, newcomers: Sequence[Newcomer]) -> Sequence[bool]:
    """Another import, or a busy service, may have the database: a batch that was rolled back is tried again."""
    for _ in range(TRIES - 1):
        try:
            return await enter_accounts(parts.new_accounts, parts.clock, parts.keys, newcomers=newcomers)
        except StoreBusy:
            continue
    return await enter_accounts(parts.new_accounts, parts.clock, parts.keys, newcomers=newcomers)


async def _hashed(parts: Parts, batch: Sequence[Entrant]) -> list[Newcomer]:
    """Hash passwords that came in the clear, on all the threads there are for it."""
    room = asyncio.Semaphore(parts.settings.password_threads * 2)

    async def one(entrant: Entrant) -> Newcomer:
        if not entrant.password:
            return entrant.newcomer
        async with room:
            return replace(entrant.newcomer, password_hash=await parts.passwords.hash(entrant.password))

    return await asyncio.gather(*map(one, batch))
