"""The checks of `renumber doctor`; each is a sentence, with what to do if something is wrong."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from shutil import disk_usage

from renumber.cli.console import Check
from renumber.cli.joins.check import counted
from renumber.cli.key_check import check_stale_rows, wrong_keys
from renumber.cli.reading import Times
from renumber.cli.shades import other_shades
from renumber.clock import SystemClock
from renumber.crypto import KeyFileProblem
from renumber.crypto.key_file import exposure_of, read_ring
from renumber.settings import Settings, unknown_names
from renumber.settings.joins.file import read_joins
from renumber.store.database.open import Database, sqlite_path
from renumber.store.database.sqlite_files import exposed_files
from renumber.store.events.switches import WebhookSwitches
from renumber.store.health import Health
from renumber.store.messages.settlements import NEEDS_OPERATOR
from renumber.store.streams.states import stream_states

ROOM = 256 << 20  # bytes
WAITS_TOO_LONG = timedelta(minutes=15)
CLOCKS_APART = timedelta(seconds=30)


def check_settings(settings: Settings) -> Iterator[Check]:
    """Check for unknown names, for settings that serving people needs, and for a proxy that is not named."""
    for sentence in unknown_names(os.environ):
        yield Check("setting", sentence)
    for sentence in settings.missing_for_serving():
        yield Check("setting", sentence)
    if settings.base_url.startswith("https:") and not settings.trusted_proxies:
        yield Check(
            "setting",
            "Name your proxy's network in RENUMBER_TRUSTED_PROXIES, or everybody shares its address's limits.",
        )


def check_colour(settings: Settings) -> Check:
    """Note where another shade than the brand's colour is shown, so that text can be read."""
    return Check(f"brand colour {settings.brand_color}", note=other_shades(settings.brand_color))


def check_joins(settings: Settings) -> Iterator[Check]:
    """Count what has joined; a file that can't be used stops the settings from being read, which says why."""
    if settings.joins_file:
        yield Check(f"joins file {settings.joins_file}", note=counted(read_joins(settings.joins_file)))


def check_console(settings: Settings) -> Iterator[Check]:
    """Say where the console is, and who reaches it."""
    if not settings.console:
        return
    if not settings.console_here:
        yield Check("console", note="another `renumber serve` has its pages: run doctor with its settings too")
        return
    networks = ", ".join(map(str, settings.console_networks))
    reached = f"reached from {networks}" if networks else "reached from anywhere: RENUMBER_CONSOLE_NETWORKS narrows it"
    yield Check(f"console at {settings.console_origin or settings.base_url}/console", note=reached)
    if settings.console_networks and settings.base_url.startswith("https:") and not settings.trusted_proxies:
        sentence = "RENUMBER_CONSOLE_NETWORKS sees your proxy's address alone: name it in RENUMBER_TRUSTED_PROXIES."
        yield Check("console", sentence)
    if settings.provider.issuer:
        yield Check(f"identity provider {settings.provider.issuer}", note="for staff")
    elif settings.console_origin:
        note = "passkeys work at RENUMBER_BASE_URL alone: staff signs in there with an authenticator app"
        yield Check("console", note=note)


def check_keys(settings: Settings) -> Iterator[Check]:
    """Check that the file of keys is whole, and readable by its owner alone."""
    path = settings.secret_key_file
    if settings.secret_key:
        yield Check("key", note="it comes from RENUMBER_SECRET_KEY, and can't be rotated")
    elif not path.exists():
        yield Check(f"key file {path}", note="it will be made on the first start")
    else:
        yield _key_file(path)


def _key_file(path: Path) -> Check:
    if path.is_dir():
        return Check(f"key file {path}", "It is a folder: name a file in it in RENUMBER_SECRET_KEY_FILE.")
    exposed = exposure_of(path)
    if exposed:
        return Check(f"key file {path}", exposed)
    try:
        ring = read_ring(path)
    except KeyFileProblem as problem:
        return Check(f"key file {path}", str(problem))
    previous = f", and {ring.previous.key_id} until `renumber keys retire`" if ring.previous else ""
    return Check(f"key file {path}", note=f"key {ring.current.key_id}{previous}")


def check_disk(settings: Settings, room: int = ROOM) -> Iterator[Check]:
    """Check that SQLite can write beside its file, on a disk that has room."""
    if not settings.database_url.startswith("sqlite:"):
        return
    path = sqlite_path(settings.database_url).absolute()
    for needed in filter(Path.exists, (path.parent, path)):
        if not os.access(needed, os.W_OK):
            yield Check("disk", f"{needed} can't be written to by who runs this: SQLite needs the file and its folder.")
    free = disk_usage(path.parent).free
    if free < room:
        yield Check("disk", f"{free >> 20} MB are free where {path} lies, which is too little. Make room.")


def check_files(settings: Settings) -> Iterator[Check]:
    """Check that nobody but their owner can read the files of a SQLite database."""
    if settings.database_url.startswith("sqlite:"):
        for file in exposed_files(sqlite_path(settings.database_url)):
            yield Check(f"SQLite file {file}", f"Others can read it: chmod 600 {file}")


async def check_contents(settings: Settings, database: Database, times: Times, *, full: bool) -> AsyncIterator[Check]:
    """Check the keys that rows are sealed with, the messages that wait or were given up, and the clocks."""
    now, health = SystemClock().now(), Health(database)
    with suppress(KeyFileProblem):  # which was told already
        wrong = await wrong_keys(settings, database)
        yield Check("keys of the database", wrong) if wrong else await check_stale_rows(settings, database, full=full)
    backlog = await health.backlog(now)
    minutes = backlog.oldest_for // timedelta(minutes=1)
    late = backlog.oldest_for > WAITS_TOO_LONG
    yield Check(
        "messages that wait",
        f"The oldest of {backlog.waiting} waits for {minutes} minutes: does `renumber serve` or `work` run?"
        if late
        else "",
        f"{backlog.waiting}",
    )
    for row in await health.blocked_by_reason():
        what = f"{row['messages']} × by {row['channel']}: {row['outcome'].removeprefix(NEEDS_OPERATOR)}"
        yield Check("messages held up", f"{what}. They go out by themselves once that is mended.")
    for row in await health.dead_by_reason():
        what = f"{row['messages']} × {row['notice']} by {row['channel']}: {row['outcome']}"
        yield Check(
            "messages given up",
            f"{what}. `renumber dead-messages list` names them; once the cause is mended, `retry` sends them again.",
        )
    async for check in _check_joined(database, times):
        yield check
    database_now, last_act_at = await health.times()
    yield _clock(now, database_now, last_act_at, times=times)


async def _check_joined(database: Database, times: Times) -> AsyncIterator[Check]:
    """Check for receivers that take nothing."""
    for webhook_id, since in (await WebhookSwitches(database).off_since()).items():
        what = f"{webhook_id} is switched off since {times.shown(since)}: its receiver answered 410 Gone"
        yield Check(
            "webhook", f"{what}. `renumber joins enable {webhook_id}` switches it on, or remove it from the file."
        )
    for one in await stream_states(database):
        if one.failing_since:
            what = f"the receiver {one.owner} fails since {times.shown(one.failing_since)} ({one.failure})"
            kept = f"{one.waiting} security events wait; the stream is {one.status.value}"
            yield Check(
                f"stream {one.stream_id}", f"{what}. {kept}: its receiver mends it, and enables it if it is paused."
            )


def _clock(now: datetime, database_now: datetime, last_act_at: datetime | None, *, times: Times) -> Check:
    apart = abs(now - database_now)
    if apart > CLOCKS_APART:
        return Check(
            "clock", f"This machine and the database are {apart.total_seconds():.0f} s apart. Let both be set by NTP."
        )
    if last_act_at and last_act_at > now + CLOCKS_APART:
        return Check("clock", f"The last act was written down at {times.shown(last_act_at)}, which is in the future.")
    return Check("clock", note=times.shown(now))


def check_argon2() -> Check:
    """Check for a password hash built for this machine: the published wheel uses nothing of newer processors."""
    try:
        wheel = distribution("argon2-cffi-bindings").read_text("WHEEL") or ""
    except PackageNotFoundError:
        wheel = ""
    if "linux" in wheel and "manylinux" not in wheel and "musllinux" not in wheel:
        return Check("password hash", note="built for this machine")
    flags = (
        Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace") if Path("/proc/cpuinfo").exists() else ""
    )
    hint = "`make native` would make sign-ins about 1.4 times as fast" if " avx2 " in flags else "as published"
    return Check("password hash", note=hint)
