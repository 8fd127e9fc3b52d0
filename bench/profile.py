"""`python -m bench.profile`: where the CPU of a journey goes, layer by layer, with one worker on PostgreSQL.

The CPU of each kind of thread is measured without a profiler: the password checks, the HTTP server, and the event
loop with all of our Python. The loop's part is divided by what a profiler sees of it in a second round, builtins
counted where they are called; what a profiler sees is dearer than it is where there are many small calls.
"""

import asyncio
import json
import os
import platform
import pstats
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench import machine
from bench.journey import REQUESTS, Traveller, travel, traveller
from bench.profiled import PROFILE, THREADS
from bench.servers import Service, enter, running_service
from bench.sinks import Sinks, running_sinks
from harness.postgres import running_postgres
from renumber.store.schema.migrate import upgrade

PEOPLE, AT_ONCE, WARMING = 24, 4, 4
# The first part of a path that fits names the layer.
LAYERS = (
    ("pages", ("renumber/web/templates/", "renumber/web/templating", "jinja2/", "markupsafe/")),
    ("web room", ("renumber/web/",)),
    ("framework", ("litestar/", "multipart", "typing_extensions")),
    ("round trips to PostgreSQL", ("asyncpg/", "renumber/store/database/")),
    ("SMTP session", ("aiosmtplib/", "renumber/delivery/mail/smtp")),
    ("texts", ("renumber/delivery/direct", "renumber/delivery/sms/", "h11/", "renumber/delivery/http")),
    ("mails", ("renumber/delivery/mail/", "renumber/delivery/templates/", "renumber/delivery/", "/email/")),
    ("mapping", ("renumber/store/",)),
    ("crypto", ("renumber/crypto/", "cryptography/", "hmac.py", "hashlib.py", "secrets.py")),
    ("flows, policies and domain", ("renumber/flows/", "renumber/policies/", "renumber/domain/", "dataclasses.py")),
    ("logs and figures", ("renumber/observability/", "structlog/", "msgspec/", "prometheus_client/")),
    ("event loop", ("asyncio/", "uvloop", "granian/", "contextlib.py", "selectors.py", "concurrent/")),
)


def layer_of(path: str) -> str:
    """Name the layer that a file belongs to."""
    return next(
        (layer for layer, parts in LAYERS if any(part in path for part in parts)), "standard library and others"
    )


def by_layer(stats: pstats.Stats) -> Counter[str]:
    """Add up the time of all functions; that of a builtin belongs to whoever calls it."""
    spent: Counter[str] = Counter()
    for (path, _, _), (_, _, own, _, callers) in stats.stats.items():  # type: ignore[attr-defined]  # it has no type
        if path != "~":
            spent[layer_of(path)] += own
            continue
        for (caller, _, _), (_, _, part, _) in callers.items():
            spent[layer_of(caller) if caller != "~" else "event loop"] += part
        spent["event loop"] += own - sum(part for _, _, part, _ in callers.values())  # nobody of ours has called it
    return spent


async def journeys(service: Service, sinks: Sinks, people: Sequence[Traveller]) -> None:
    """Let these people travel, a few at once, and all their messages leave."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(who: Traveller) -> None:
        async with gate:
            await travel(service.port, sinks, who)

    await asyncio.gather(*(one(who) for who in people))
    await asyncio.sleep(1.0)


async def threads(worker: int, folder: Path) -> dict[str, float]:
    """The CPU seconds that each kind of thread has spent by now."""
    os.kill(worker, signal.SIGUSR1)
    await asyncio.to_thread(_await_file, folder / THREADS)
    return _taken(folder / THREADS)


def _await_file(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)


def _taken(path: Path) -> dict[str, float]:
    content: dict[str, float] = json.loads(path.read_bytes())
    path.unlink()
    return content


async def measure(url: str, sinks: Sinks, folder: Path) -> tuple[dict[str, float], Counter[str]]:
    """Milliseconds of each kind of thread per journey, and of each layer as far as the profiler sees it."""
    command = (sys.executable, "-m", "bench.profiled", str(folder))
    async with running_service(url, sinks, workers=1, command=command) as service:
        everyone = [traveller(index) for index in range(WARMING + 2 * PEOPLE)]
        await enter(service, everyone)
        await journeys(service, sinks, everyone[:WARMING])
        worker = machine.tree(service.process.pid)[1]
        before = await threads(worker, folder)
        await journeys(service, sinks, everyone[WARMING : WARMING + PEOPLE])
        after = await threads(worker, folder)
        os.kill(worker, signal.SIGUSR2)
        await journeys(service, sinks, everyone[WARMING + PEOPLE :])
        os.kill(worker, signal.SIGUSR2)
        await asyncio.to_thread(_await_file, folder / PROFILE)
    spent = {name: (seconds - before.get(name, 0)) / PEOPLE * 1000 for name, seconds in after.items()}
    return spent, by_layer(pstats.Stats(str(folder / PROFILE)))


async def main() -> None:
    """Measure and print."""
    load = "/".join(f"{load:.1f}" for load in os.getloadavg())
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; load {load},"
        f" noise {machine.noise():.0%}",
        flush=True,
    )
    with running_postgres(durable=True) as postgres, tempfile.TemporaryDirectory(prefix="renumber-bench-") as folder:
        url = postgres.create("profile")
        await asyncio.to_thread(upgrade, url)
        async with running_sinks() as sinks:
            spent, layers = await measure(url, sinks, Path(folder))
    total, loop = sum(spent.values()), spent.pop("loop")
    print(f"one journey of {REQUESTS} requests: {total:.1f} ms of CPU in the worker")
    lines = {"hash": spent.pop("password", 0.0), "HTTP server": spent.pop("server", 0.0), **spent}
    lines |= {layer: loop * part / layers.total() for layer, part in layers.most_common()}
    for name, millis in lines.items():
        print(f"| {name} | {millis:.1f} ms | {millis / total:.0%} |")
    print(f"load {'/'.join(f'{load:.1f}' for load in os.getloadavg())}, noise at the end {machine.noise():.0%}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
