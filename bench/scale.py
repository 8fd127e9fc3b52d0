"""`make bench-scale`: what a sign-in and a change of the number cost among few accounts and among many.

Sizes can be given: `make bench-scale ARGS="1000 100000"`. Ten million accounts take some 60 GB of disk.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench import fill, machine
from bench.journey import Traveller, sign_in, travel, traveller
from bench.servers import Service, enter, running_service
from bench.sinks import Sinks, running_sinks
from harness.postgres import PostgresServer, running_postgres
from renumber.crypto import KeyRing
from renumber.settings import Settings
from renumber.store.audit.checkpoints import Checkpoints
from renumber.store.keys.rotation import Rotation
from renumber.store.schema.migrate import upgrade
from renumber.wiring.parts import assemble

SIZES = (1_000, 100_000, 1_000_000)
PEOPLE, AT_ONCE, WARMING = 40, 4, 4
TEMPLATES = 900_000  # the numbers of people who are copied, behind all others
OPTIONS = (
    "-c", "shared_buffers=1GB", "-c", "max_wal_size=8GB", "-c", "shared_preload_libraries=pg_stat_statements",
)  # fmt: skip
_OURS = "SELECT coalesce(sum(total_exec_time), 0), coalesce(sum(calls), 0) FROM pg_stat_statements WHERE {}"
_HOUSEKEEPING = "query LIKE 'WITH chosen AS%' OR query ~ '\\mlease\\M'"

Journey = Callable[[int, Sinks, Traveller], Awaitable[list[float]]]
JOURNEYS: dict[str, Journey] = {"sign-in": sign_in, "sign-in, change and sign-in": travel}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One journey at one size, per person: milliseconds of CPU, and of statements but those of housekeeping."""

    server: float
    database: float
    statements: float
    calls: float
    p50: float

    def line(self, size: int, journey: str, *, backlog: bool, of: "Measured | None") -> str:
        """One line of the table."""
        ratio = f" = {self.cpu / of.cpu:.2f} x {of.statements and self.statements / of.statements:.2f}" if of else ""
        return (
            f"{size:>9,} accounts{', backlog' if backlog else '':9} {journey:28} server {self.server:6.1f} ms, "
            f"database {self.database:5.1f} ms of CPU; {self.calls:5.1f} statements in {self.statements:6.2f} ms; "
            f"request p50 {self.p50:5.1f} ms{ratio}"
        )

    @property
    def cpu(self) -> float:
        """CPU of server and database."""
        return self.server + self.database


async def measure(service: Service, postgres: PostgresServer, url: str, *, journey: Journey, sinks: Sinks,
                  people: Sequence[Traveller]) -> Measured:  # fmt: skip
    """Let these people make the journey, a few at once."""
    pid, gate = _postmaster(postgres), asyncio.Semaphore(AT_ONCE)

    async def one(who: Traveller) -> list[float]:
        async with gate:
            return await journey(service.port, sinks, who)

    await _asked(url, "SELECT pg_stat_statements_reset()")
    before = machine.cpu_seconds(service.process.pid), machine.cpu_seconds(pid)
    requests = await asyncio.gather(*(one(who) for who in people))
    await asyncio.sleep(1.0)  # the last messages leave
    server, database = machine.cpu_seconds(service.process.pid) - before[0], machine.cpu_seconds(pid) - before[1]
    spent, calls = await _asked(url, _OURS.format(f"NOT ({_HOUSEKEEPING})"))
    each = 1000 / len(people)
    return Measured(
        server=server * each,
        database=database * each,
        statements=spent / len(people),
        calls=float(calls) / len(people),
        p50=statistics.median(second for seconds in requests for second in seconds) * 1000,
    )


def _postmaster(postgres: PostgresServer) -> int:
    return int((postgres.folder / "data" / "postmaster.pid").read_text().split()[0])


async def _asked(url: str, sql: str) -> asyncpg.Record:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchrow(sql)
    finally:
        await connection.close()


class Scale:
    """One database of one size."""

    def __init__(self, postgres: PostgresServer, sinks: Sinks, size: int, *, folder: Path) -> None:
        self._postgres, self._sinks, self._size = postgres, sinks, size
        self._url, self._key_file = postgres.create(f"scale_{size}"), folder / f"key-{size}"
        self._next = 0
        self._environment: dict[str, str] = {}

    async def run(self) -> None:
        """Fill it, measure commands of operators, then both journeys without and with a backlog."""
        await asyncio.to_thread(upgrade, self._url)
        started = time.monotonic()
        await self._fill()
        size = (await _asked(self._url, "SELECT pg_database_size(current_database())"))[0]
        took = time.monotonic() - started
        print(f"{self._size:>9,} accounts: filled in {took:.0f} s, {size / 1e9:.1f} GB", flush=True)
        await self._operate()
        plain = await self._journeys(backlog=False, of={})
        await fill.leave_backlog(self._url)
        await self._journeys(backlog=True, of=plain)
        await asyncio.to_thread(self._postgres.drop, f"scale_{self._size}")

    async def _fill(self) -> None:
        one, other = traveller(TEMPLATES), traveller(TEMPLATES + 1)
        async with self._serving() as service:
            await enter(service, [one, other])
            await sign_in(service.port, self._sinks, one)
            await travel(service.port, self._sinks, other)
            await asyncio.sleep(3.0)  # the last messages leave
            self._environment = service.environment
        by_age = "SELECT min(account_id), max(account_id) FROM account WHERE email IS NOT NULL AND version {} 5"
        changed = (await _asked(self._url, by_age.format(">")))[0]
        signed_in = (await _asked(self._url, by_age.format("<=")))[0]
        await fill.fill(self._url, self._size, signed_in=signed_in, changed=changed)

    async def _operate(self) -> None:
        """The first checkpoint over all, the look of `renumber doctor` at the keys, and that of `--full`."""
        keys = KeyRing.from_file(self._key_file)
        parts = assemble(Settings.from_environment(self._environment))
        await parts.database.start()
        rotation = Rotation(parts.database, keys, parts.clock)
        timed = {
            "a checkpoint": Checkpoints(parts.database, keys, parts.clock).write,
            "doctor": rotation.sampled,
            "doctor --full": rotation.stale,
        }
        for what, act in timed.items():
            started = time.monotonic()
            await act()
            print(f"{self._size:>9,} accounts: {what} in {time.monotonic() - started:.2f} s", flush=True)
        parts.passwords.close()
        await parts.database.close()

    async def _journeys(self, *, backlog: bool, of: dict[str, Measured]) -> dict[str, Measured]:
        found: dict[str, Measured] = {}
        async with self._serving() as service:
            for name, journey in JOURNEYS.items():
                people = await self._people(service)
                for who in people[:WARMING]:  # each connection prepares its statements once
                    await journey(service.port, self._sinks, who)
                found[name] = await measure(
                    service, self._postgres, self._url, journey=journey, sinks=self._sinks, people=people[WARMING:]
                )
                print(found[name].line(self._size, name, backlog=backlog, of=of.get(name)), flush=True)
        if backlog:
            left = await fill.backlog_left(self._url)
            print(f"{self._size:>9,} accounts: {left:,} rows of the backlog are left", flush=True)
        return found

    async def _people(self, service: Service) -> list[Traveller]:
        people = [traveller(self._next + place) for place in range(PEOPLE + WARMING)]
        self._next += len(people)
        await enter(service, people)
        return people

    def _serving(self) -> AbstractAsyncContextManager[Service]:
        return running_service(self._url, self._sinks, key_file=self._key_file)


async def main() -> None:
    """Measure and print."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%F')}")
    print(f"noise at the start {machine.noise():.0%}", flush=True)
    with (
        running_postgres(durable=True, options=OPTIONS) as postgres,
        tempfile.TemporaryDirectory(prefix="renumber-bench-") as folder,
    ):
        async with running_sinks() as sinks:
            for size in sizes:
                scale = Scale(postgres, sinks, size, folder=Path(folder))
                await _asked(postgres.database(f"scale_{size}"), "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
                await scale.run()
    print(f"noise at the end {machine.noise():.0%}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
