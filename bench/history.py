"""`python -m bench.history [ROWS [DATABASE]]`: exporting and verifying a long history, rows per second and peak memory.

Each command is a process of its own, as an operator runs it, with its output thrown away.
"""

import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, select, update

from bench import machine
from harness.postgres import running_postgres
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.ports.store import AuditEntry
from renumber.settings import Settings
from renumber.store.audit import append
from renumber.store.audit.checkpoints import Checkpoints
from renumber.store.database.commit import together
from renumber.store.database.open import Statement
from renumber.store.schema.migrate import upgrade
from renumber.store.schema.tables import account
from renumber.wiring.core import Core, assemble_core

ROWS = 1_000_000
EACH = 50  # rows of one account
AT_ONCE = 500  # accounts that are written together
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
RENUMBER = Path(sys.executable).with_name("renumber")
_HEADS = Statement(select(account).where(account.c.audit_seq == 1))
_MOVE = Statement(
    update(account)
    .where(account.c.account_id == bindparam("same_account_id"))
    .values({name: bindparam(name) for name in ("audit_seq", "audit_hash", "audit_mac")})
)
COMMANDS = {
    "verify": ("audit", "verify"),
    "export, JSON Lines": ("audit", "export"),
    "export, CSV": ("audit", "export", "--format", "csv"),
    "export by time": ("audit", "export", "--from", "2025-01-01"),
}


@dataclass(frozen=True)
class Ran:
    """What one command took."""

    seconds: float
    cpu: float
    megabytes: float

    def line(self, rows: int) -> str:
        """One line of the table."""
        rate, of_cpu = rows / self.seconds, rows / self.cpu
        return f"{rate:8,.0f} rows/s, {of_cpu:8,.0f} rows per second of CPU, {self.megabytes:4.0f} MB at the peak"


def environment(url: str, folder: Path) -> dict[str, str]:
    """The settings of the installation."""
    return {
        "RENUMBER_BASE_URL": "http://127.0.0.1:8000",
        "RENUMBER_DATABASE_URL": url,
        "RENUMBER_SECRET_KEY_FILE": str(folder / "key"),
    }


async def fill(core: Core, rows: int) -> int:
    """Write accounts with their histories, each row chained and sealed as the service does; and sign them."""
    await core.database.start()
    written = 0
    while written < rows:
        people = [_newcomer(f"p{written + number}@example.com") for number in range(AT_ONCE)]
        await enter_accounts(core.new_accounts, core.clock, core.keys, newcomers=people, joins=core.services.joins)
        written += AT_ONCE + await _histories(core, written)
    await Checkpoints(core.database, core.keys, core.clock).write()
    await core.database.close()
    return written


def _newcomer(email: str) -> Newcomer:
    return Newcomer(email=EmailAddress(email), name="P", locale="de", number=None, password_hash="-")  # noqa: S106 - of nobody


async def _histories(core: Core, before: int) -> int:
    at, added, moved = BEGAN + timedelta(seconds=before), [], []
    for row in await core.database.fetch(_HEADS):
        entries = [_entry(at + timedelta(seconds=number)) for number in range(EACH - 1)]
        head, writes = append.append(append.head_of(row), entries, core.keys)
        added += [values for _, values in writes]
        moved.append({**append.head_columns(head, core.keys), "same_account_id": head.account_id})
    async with together(core.database) as tx:
        await tx.execute_many(append.APPEND, added)
        await tx.execute_many(_MOVE, moved)
    return len(added)


def _entry(at: datetime) -> AuditEntry:
    evidence = f"session {'5' * 32} phone"
    return AuditEntry(
        at=at, actor=Actor.OWNER, act="signed_in", subject="", evidence=evidence, browser="Firefox on Windows", ip="::1"
    )


def run(words: tuple[str, ...], settings: Mapping[str, str]) -> Ran:
    """Run a command to its end, and see what it took."""
    started = time.perf_counter()
    with subprocess.Popen([RENUMBER, *words], env={**os.environ, **settings}, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words} ended with {process.returncode}"
    return Ran(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def measure(name: str, url: str, rows: int) -> None:
    """Fill a database, and print what each command takes on it."""
    with tempfile.TemporaryDirectory(prefix="renumber-bench-") as folder:
        _measure(name, url or f"sqlite:///{folder}/bench.db", Path(folder), rows=rows)


def _measure(name: str, url: str, folder: Path, *, rows: int) -> None:
    settings = environment(url, folder)
    upgrade(url)
    started = time.perf_counter()
    written = asyncio.run(fill(assemble_core(Settings.from_environment(settings)), rows))
    print(f"{name}: {written:,} rows written in {time.perf_counter() - started:.0f} s", flush=True)
    for label, words in COMMANDS.items():
        print(f"{name}: {label:22} {run(words, settings).line(written)}", flush=True)


def main() -> None:
    """Measure on either database."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {machine.noise():.0%}")
    databases = sys.argv[2:] or ["sqlite", "postgresql"]
    if "sqlite" in databases:
        measure("sqlite", "", rows)
    if "postgresql" in databases:
        with running_postgres(durable=True) as postgres:
            measure("postgresql", postgres.create("history"), rows)
    print(f"noise at the end {machine.noise():.0%}")


if __name__ == "__main__":
    main()
