"""`python -m bench.spread`: how evenly connections and CPU lie on the workers with 32 people signing in at once."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import machine
from bench.journey import Traveller, sign_in, traveller
from bench.servers import enter, running_service
from bench.sinks import Sinks, running_sinks
from harness.postgres import running_postgres
from renumber.store.schema.migrate import upgrade

AT_ONCE, ROUNDS, WARMING = 32, 4, 4
ESTABLISHED = "01"


def sockets_of(pid: int, port: int) -> int:
    """The connections to this port that a process holds."""
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    fields = [line.split() for line in lines]
    ours = {each[9] for each in fields if each[1].endswith(f":{port:04X}") and each[3] == ESTABLISHED}
    return sum(_inode(link) in ours for link in Path(f"/proc/{pid}/fd").iterdir())


def _inode(link: Path) -> str:
    try:
        return str(link.readlink()).removeprefix("socket:[").removesuffix("]")
    except OSError:
        return ""


async def measure(url: str, sinks: Sinks, workers: int = 2) -> None:
    """Let as many sign in at once as are to be, round after round, and print what each worker had of it."""
    async with running_service(url, sinks, workers=workers) as service:
        people = [traveller(index) for index in range(WARMING + AT_ONCE * ROUNDS)]
        await enter(service, people)
        for who in people[:WARMING]:
            await sign_in(service.port, sinks, who)
        pids = machine.tree(service.process.pid)[1:]
        for start in range(WARMING, len(people), AT_ONCE):
            before = [machine.cpu_seconds(pid) for pid in pids]
            held, seconds = await _round(service.port, sinks, people=people[start : start + AT_ONCE], pids=pids)
            spent = [machine.cpu_seconds(pid) - since for pid, since in zip(pids, before, strict=True)]
            print(
                f"connections {held}, CPU {[round(each, 2) for each in spent]} s; of requests p50"
                f" {seconds[len(seconds) // 2] * 1000:.0f} ms, p99 {seconds[int(len(seconds) * 0.99)] * 1000:.0f} ms,"
                f" the longest {seconds[-1] * 1000:.0f} ms",
                flush=True,
            )


async def _round(
    port: int, sinks: Sinks, *, people: Sequence[Traveller], pids: Sequence[int]
) -> tuple[list[int], list[float]]:
    tasks = [asyncio.create_task(sign_in(port, sinks, who)) for who in people]
    held = [0] * len(pids)
    while not any(task.done() for task in tasks):
        counted = [await asyncio.to_thread(sockets_of, pid, port) for pid in pids]
        held = max(held, counted, key=sum)
    requests = await asyncio.gather(*tasks)
    return held, sorted(second for seconds in requests for second in seconds)


async def main() -> None:
    """Measure and print."""
    print(f"load {'/'.join(f'{load:.1f}' for load in os.getloadavg())}, noise {machine.noise():.0%}", flush=True)
    with running_postgres(durable=True) as postgres:
        url = postgres.create("spread")
        await asyncio.to_thread(upgrade, url)
        async with running_sinks() as sinks:
            await measure(url, sinks)
    print(f"load {'/'.join(f'{load:.1f}' for load in os.getloadavg())}, noise at the end {machine.noise():.0%}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
