"""`make bench`: journeys per second, what each costs, and how far that is from the floor of the same run."""

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import applications, before, factors, floor, machine, operators
from bench.journey import REQUESTS, Traveller, travel, traveller
from bench.servers import Service, enter, running_service
from bench.sinks import Sinks, running_sinks
from harness.postgres import running_postgres
from renumber.store.schema.migrate import upgrade

LOADS = ((1, 20), (8, 64), (32, 128))  # at once, journeys
FLOOR_JOURNEYS = 50


@dataclass(frozen=True)
class Round:
    """One load on one database."""

    database: str
    at_once: int
    journeys: int
    seconds: float
    requests: Sequence[float]
    server_cpu: float
    database_cpu: float
    memory: Sequence[float]

    @property
    def cpu(self) -> float:
        """CPU seconds per journey, of server and database."""
        return (self.server_cpu + self.database_cpu) / self.journeys

    def line(self, least: float, hashing: float) -> str:
        """One line of the table."""
        millis = sorted(second * 1000 for second in self.requests)
        above = (self.server_cpu / self.journeys - hashing) / REQUESTS * 1000
        return (
            f"{self.database:10} {self.at_once:3} at once: {self.journeys / self.seconds:5.1f} journeys/s, request p50"
            f" {statistics.median(millis):6.1f} ms, p99 {millis[int(len(millis) * 0.99)]:6.1f} ms; CPU per journey:"
            f" server {self.server_cpu / self.journeys * 1000:5.1f} ms, database"
            f" {self.database_cpu / self.journeys * 1000:4.1f} ms = {self.cpu / least:.2f} x floor;"
            f" {above:.2f} ms a request above the hash; workers {'/'.join(f'{size:.0f}' for size in self.memory)} MB"
        )


async def measured(database: str, service: Service, sinks: Sinks, *, people: Sequence[Traveller], at_once: int,
                   database_pid: int | None) -> Round:  # fmt: skip
    """Let so many travel at once and see what it takes."""
    gate = asyncio.Semaphore(at_once)

    async def one(who: Traveller) -> list[float]:
        async with gate:
            return await travel(service.port, sinks, who)

    server, store = service.process.pid, database_pid
    before = machine.cpu_seconds(server), machine.cpu_seconds(store) if store else 0.0
    started = time.perf_counter()
    requests = await asyncio.gather(*(one(who) for who in people))
    elapsed = time.perf_counter() - started
    await asyncio.sleep(1.0)  # the last messages leave
    server_cpu = machine.cpu_seconds(server) - before[0]
    store_cpu = (machine.cpu_seconds(store) if store else 0.0) - before[1]
    flat = [second for seconds in requests for second in seconds]
    memory = machine.memory_megabytes(server)[:2]
    return Round(database, at_once, len(people), elapsed, flat, server_cpu, store_cpu, memory)


async def rounds(database: str, url: str, sinks: Sinks, *, database_pid: int | None) -> list[Round]:
    """Every load on one database."""
    async with running_service(url, sinks) as service:
        print(f"{database}: ready {service.ready_after:.2f} s after start", flush=True)
        everyone = [traveller(index) for index in range(5 + sum(journeys for _, journeys in LOADS))]
        await enter(service, everyone)
        for who in everyone[:5]:  # each connection prepares its statements once
            await travel(service.port, sinks, who)
        done, taken = [], 5
        for at_once, journeys in LOADS:
            people = everyone[taken : taken + journeys]
            taken += journeys
            done.append(
                await measured(database, service, sinks, people=people, at_once=at_once, database_pid=database_pid)
            )
        return done


@asynccontextmanager
async def databases() -> AsyncIterator[dict[str, tuple[str, int | None]]]:
    """A durable PostgreSQL and a SQLite file, each with the schema."""
    with running_postgres(durable=True) as postgres, tempfile.TemporaryDirectory(prefix="renumber-bench-") as folder:
        urls = {"postgresql": postgres.create("bench"), "sqlite": f"sqlite:///{folder}/bench.db"}
        for url in urls.values():
            await asyncio.to_thread(upgrade, url)
        pid = int((postgres.folder / "data" / "postmaster.pid").read_text().split()[0])
        yield {"postgresql": (urls["postgresql"], pid), "sqlite": (urls["sqlite"], None)}


async def least(name: str, url: str, *, pid: int | None, written: Sequence[floor.Written]) -> tuple[float, float]:
    """The floor of a database in CPU seconds per journey, and the part of it that is hashing."""
    hashing = await floor.hashing(FLOOR_JOURNEYS)
    before = machine.cpu_seconds(pid) if pid else 0.0
    if name == "sqlite":
        writing = await asyncio.to_thread(
            floor.writing_sqlite, Path(url.removeprefix("sqlite:///")), written, FLOOR_JOURNEYS
        )
    else:
        writing = await floor.writing_postgresql(url, written, FLOOR_JOURNEYS)
    spent = ((machine.cpu_seconds(pid) - before) / FLOOR_JOURNEYS) if pid else 0.0
    total = hashing + writing + spent
    print(
        f"{name}: floor {total * 1000:.1f} ms of CPU per journey, of which {hashing * 1000:.1f} ms hashing", flush=True
    )
    return total, hashing


async def main() -> None:
    """Measure and print."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; noise {machine.noise():.0%}"
    )
    async with databases() as found, running_sinks() as sinks:
        written: list[floor.Written] = []
        for name, (url, pid) in found.items():
            done = await rounds(name, url, sinks, database_pid=pid)
            written = written or await floor.rows_left(url, 3)
            total, hashing = await least(name, url, pid=pid, written=written)
            for each in done:
                print(each.line(total, hashing), flush=True)
    with running_postgres() as postgres:
        spent = await asyncio.to_thread(factors.measure, postgres.create("factors"))
        joined = await asyncio.to_thread(applications.measure, postgres.create("applications"))
        joined |= await asyncio.to_thread(operators.measure, postgres.create("operators"))
    for name, seconds in spent.items():
        ratio = seconds / spent["text message"]
        print(f"sign-in by {name}: {seconds * 1000:.1f} ms of server CPU = {ratio:.2f} x text message", flush=True)
    own = joined["sign-in on our own pages"]
    for name, seconds in joined.items():
        print(
            f"{name}: {seconds * 1000:.2f} ms of server CPU = {seconds / own:.2f} x sign-in on our own pages",
            flush=True,
        )
    print(f"noise at the end {machine.noise():.0%}")


def run() -> None:
    """Measure this tree, or with --before both in turn."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--before", metavar="REV", help="measure this revision too, and print both side by side")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="runs of each tree, in turn (default: 2)")
    wanted = parser.parse_args()
    if wanted.before:
        before.measure_both(wanted.before, wanted.rounds)
    else:
        asyncio.run(main())


if __name__ == "__main__":
    run()
