"""The real thing: `renumber serve` in processes of its own, with a mail server, an SMS gateway and a clock to move."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

from harness.person import PASSWORD, Person
from harness.ports import free_port, listeners
from harness.postgres import in_a_thread, stop
from harness.preloaded import Forked, ForkedCommand, fork_command, fork_server
from harness.sinks import Sinks
from harness.tables import Rows, Snapshot, rows_of, snapshot, write_to
from harness.visitor import Visitor
from renumber.clock import SystemClock
from renumber.crypto import KeyRing
from renumber.crypto.passwords import Passwords
from renumber.domain.account import NOBODIES
from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.settings import Argon2, Settings
from renumber.settings.joins.watched import WatchedJoins
from renumber.store.account_store import AccountStore
from renumber.store.database.open import open_database
from renumber.store.new_accounts import NewAccountStore

RENUMBER = Path(sys.executable).with_name("renumber")
STARTS_WITHIN = 60.0  # seconds
CHEAP_PASSWORDS = {"argon2_memory": "8192", "argon2_time": "1"}
HOUSE_IS_FREE = 3700.0  # seconds, after which a checkpoint is due again as well
SIGNED = re.compile(r".*history_signed.*\n")
COMMAND_ENDS_WITHIN = 60.0  # seconds
PROXY = "127.0.0.2"  # the one address whose X-Forwarded-For is believed
people = count(1)
places = count(1)
numbers = count(1)


@dataclass(repr=False)
class Server:
    """One installation; `move` moves its clock, `kill` ends it without a word."""

    url: str
    folder: Path
    sinks: Sinks
    workers: int = 2
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    listens_at: str = "127.0.0.1"
    offset: float = 0.0
    is_preloaded: bool = False
    process: "subprocess.Popen[bytes] | Forked | None" = None

    @property
    def origin(self) -> str:
        """The configured one, with which every link begins."""
        return f"http://{self.host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """All that an operator sets."""
        clock = self.folder / "clock"
        return {
            "RENUMBER_BASE_URL": self.origin,
            "RENUMBER_DATABASE_URL": self.url,
            "RENUMBER_SECRET_KEY_FILE": str(self.folder / "key"),
            "RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{self.sinks.mail.port}?tls=none",
            "RENUMBER_MAIL_FROM": "account@example.com",
            "RENUMBER_SMS_URL": f"http+json://127.0.0.1:{self.sinks.sms.port}/sms",
            "RENUMBER_PUSH_HOSTS": self.sinks.push.origin,
            "RENUMBER_BRAND": "Example Card",
            "RENUMBER_SUPPORT_CONTACT": "support@example.com",
            "RENUMBER_TRUSTED_PROXIES": f"{PROXY}/32",
            "RENUMBER_WORKERS": str(self.workers),
            "RENUMBER_CLOCK_OFFSET_FILE": str(clock),
            **self.more,
        }

    def start(self) -> None:
        """Serve, and come back when every worker listens and the database answers."""
        if self.is_preloaded:
            address = (self.listens_at, self.port)
            self.process = fork_server(address, self.workers, self._inherited, self.folder)
        else:
            self.process = self._started(["--host", self.listens_at, "--port", str(self.port)])
        self._await_ready()

    def _started(self, options: list[str]) -> subprocess.Popen[bytes]:
        command = [str(RENUMBER), "serve", *options]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                command, env=self._inherited, stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )

    @property
    def _inherited(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("RENUMBER_")}
        return {**ours, **self.environment}

    def run(self, *words: str) -> str:
        """Run another command of the operator, and give what it says."""
        ran = self.tries(*words)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def tries(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command that may fail."""
        if self.is_preloaded:
            return _ended(fork_command(words, self._inherited, self.folder))
        return subprocess.run(
            [str(RENUMBER), *words],
            env=self._inherited,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=COMMAND_ENDS_WITHIN,
            check=False,
        )

    def sign_history(self) -> str:
        """Let somebody keep house once the turn of the last has lapsed, and give the line with the anchor.

        A process is started for it, but one of the server's may be there before.
        """
        already = len(self.log)
        self.move(HOUSE_IS_FREE)
        working = fork_command(["work"], self._inherited, self.folder)
        give_up_at = time.monotonic() + STARTS_WITHIN
        try:
            while not (said := SIGNED.search(working.err.read_text() + self.log[already:])):
                assert working.process.poll() is None, working.err.read_text()
                assert time.monotonic() < give_up_at, f"not signed within seconds: {working.err.read_text()}"
                time.sleep(0.02)
            return said[0]
        finally:
            stop(working.process)

    def _await_ready(self) -> None:
        give_up_at = time.monotonic() + STARTS_WITHIN
        probe = Visitor(self.port, "127.0.0.1")
        while listeners(self.port) < self.workers or not _is_ready(probe):
            assert self.process
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"The server did not start: {self.log}")
            time.sleep(0.03)

    def kill(self) -> None:
        """End every process of it at once, as a power cut does."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process and self.process.poll() is None:
            stop(self.process)

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @property
    def log(self) -> str:
        """All that it has written."""
        return self._log.read_text(errors="replace")

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.offset += seconds
        beside = self.folder / "clock.new"
        beside.write_text(str(self.offset))
        beside.replace(self.folder / "clock")

    def await_sent(self, account_id: str) -> None:
        """Wait until nothing of this account is on its way; a text for which there is no room today waits until due."""
        now = int((SystemClock().now().timestamp() + self.offset) * 1000)
        waiting = f"SELECT 1 FROM outbox WHERE account_id = '{account_id}' AND state = 'waiting'"  # noqa: S608 - ours
        self._await_none(f"{waiting} AND (notice <> 'notices_joined' OR due_at <= {now})")

    def await_published(self, account_id: str) -> None:
        """Wait until each event of this account has its place in the one order."""
        self._await_none(f"SELECT 1 FROM event WHERE account_id = '{account_id}' AND place IS NULL")  # noqa: S608 - ours

    def _await_none(self, waiting: str) -> None:
        give_up_at = time.monotonic() + STARTS_WITHIN
        while self.rows(waiting):
            assert time.monotonic() < give_up_at, "what waits leaves within seconds"
            time.sleep(0.05)

    def visitor(self, ip: str = "") -> Visitor:
        """A browser that was never here, at an address that was never here."""
        place = next(places)
        return Visitor(self.port, ip or f"127.{1 + place // 62500}.{1 + place // 250 % 250}.{1 + place % 250}")

    def person(
        self, name: str = "Erika Muster", *, number: str | None = "", locale: str = "en", verified: bool = True
    ) -> Person:
        """An account of a new person, entered by the operator."""
        return self._entered([_newcomer(name, number, locale, self._cost, verified=verified)])[0]

    def people(self, count: int) -> list[Person]:
        """Many accounts."""
        return self._entered([_newcomer("Erika Muster", "", "en", self._cost) for _ in range(count)])

    @property
    def _settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    @property
    def _cost(self) -> Argon2:
        return self._settings.argon2

    def _entered(self, newcomers: list[Newcomer]) -> list[Person]:
        ids = in_a_thread(asyncio.run, _enter(self._settings, newcomers))
        numbers_of = [each.number.e164 if each.number else "" for each in newcomers]
        return [
            Person(self, each.email.text, number, account_id)
            for each, number, account_id in zip(newcomers, numbers_of, ids, strict=True)
        ]

    def snapshot(self, *people: Person) -> Snapshot:
        """What is kept of these people and of nobody, once nothing of theirs is on its way."""
        for person in people:
            self.await_sent(person.account_id)
            self.await_published(person.account_id)
        return snapshot(self.url, [*NOBODIES, *(person.account_id for person in people)])

    def rows(self, sql: str) -> Rows:
        """Look into the database."""
        return rows_of(self.url, sql)

    def write(self, sql: str) -> None:
        """Change the database past every flow."""
        write_to(self.url, sql)


def new_number() -> str:
    """A number that nobody has yet."""
    return f"+491512{1_000_000 + next(numbers) * 37:07}"


def _newcomer(name: str, number: str | None, locale: str, cost: Argon2, *, verified: bool = True) -> Newcomer:
    own = new_number() if number == "" else number
    email = EmailAddress(f"person-{next(people)}@example.com")
    return Newcomer(email, name, locale, PhoneNumber(own) if own else None, hashed(PASSWORD, cost), verified)


async def _enter(settings: Settings, newcomers: list[Newcomer]) -> list[str]:
    keys, database = KeyRing.opened("", settings.secret_key_file), open_database(settings.database_url)
    joins = WatchedJoins(settings.joins_file, lambda _: None)
    register, store = NewAccountStore(database, keys), AccountStore(database, keys, lambda: None)
    await database.start()
    try:
        assert all(await enter_accounts(register, SystemClock(), keys, newcomers=newcomers, joins=joins))
        found = [await store.credentials(each.email.key, "") for each in newcomers]
        return [each.account_id for each in found if each]
    finally:
        await database.close()


@cache
def hashed(password: str, cost: Argon2) -> str:
    """A hash at the cost that people's passwords have on a server."""
    passwords = Passwords(memory=cost.memory, time=cost.time, parallelism=cost.parallelism)
    try:
        return str(in_a_thread(asyncio.run, passwords.hash(password)))
    finally:
        passwords.close()


def _ended(running: ForkedCommand) -> subprocess.CompletedProcess[str]:
    """Wait until a command has ended, and give what it has said."""
    try:
        code = running.process.wait(COMMAND_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        running.process.kill()
        raise
    return subprocess.CompletedProcess([], code, running.out.read_text(), running.err.read_text())


def _is_ready(probe: Visitor) -> bool:
    try:
        return probe.send("GET", "/readyz").status == 200
    except OSError:
        return False


@contextmanager
def running_server(
    url: str, folder: Path, sinks: Sinks, *, workers: int = 2, host: str = "127.0.0.1", **more: str
) -> Iterator[Server]:
    """Serve until the block ends; `host` is what people call it, `more` are settings without their prefix."""
    with _running(Server(url, folder, sinks, workers, _settings(more), host=host)) as server:
        yield server


@contextmanager
def quick_server(
    url: str,
    folder: Path,
    sinks: Sinks,
    *,
    workers: int = 2,
    host: str = "127.0.0.1",
    listens_at: str = "127.0.0.1",
    **more: str,
) -> Iterator[Server]:
    """Serve as above, where neither the start nor the cost of a password is what is tested."""
    settings = _settings({**CHEAP_PASSWORDS, **more})
    server = Server(url, folder, sinks, workers, settings, host=host, listens_at=listens_at, is_preloaded=True)
    with _running(server):
        yield server


def _settings(more: dict[str, str]) -> dict[str, str]:
    return {f"RENUMBER_{name.upper()}": value for name, value in more.items()}


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()
