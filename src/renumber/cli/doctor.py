"""`renumber doctor`: every setting, and whether what it names is there."""

import asyncio
import os
import socket
import stat
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import typer
from rich.table import Table
from sqlalchemy import func, select

from renumber.cli.words import FAILED, out, say, settings_of_environment
from renumber.settings import Settings, describe, unknown_names
from renumber.store import tables
from renumber.store.engine import Statement, StoreFault, open_database
from renumber.store.migrate import newest_revision, present_revision

REACHED_WITHIN = 3.0  # seconds
STANDARD_PORTS = {"https": 443, "http": 80, "smtp": 587}
_LETTERS = Statement(
    select(
        tables.outbox.c.state,
        tables.outbox.c.notice,
        tables.outbox.c.outcome,
        func.count().label("letters"),
    )
    .where(tables.outbox.c.state.in_(["waiting", "dead"]))
    .group_by(tables.outbox.c.state, tables.outbox.c.notice, tables.outbox.c.outcome)
)
Check = tuple[str, str]  # what is wrong (empty: nothing), and the sentence


def join(main: typer.Typer) -> None:
    """Add this command."""
    main.command()(doctor)


def doctor() -> None:
    """List every setting and look whether the parts around it answer."""
    settings = settings_of_environment()
    _show_settings(settings)
    troubled = False
    for wrong, sentence in _checks(settings):
        troubled = troubled or bool(wrong)
        say(f"{'!' if wrong else 'ok':3}{sentence}{f': {wrong}' if wrong else ''}")
    if troubled:
        raise typer.Exit(FAILED)


def _show_settings(settings: Settings) -> None:
    table = Table("Setting", "Value", "Default", "Meaning", "Why", box=None)
    for row in describe(settings):
        table.add_row(row.name, row.value, row.default, row.meaning, row.why)
    out.print(table)


def _checks(settings: Settings) -> Iterator[Check]:
    for name in unknown_names(os.environ):
        yield name, "setting"
    for sentence in settings.missing_for_serving():
        yield sentence, "setting"
    yield from _keys(settings)
    yield from _database(settings)
    if settings.smtp_url:
        yield _reach("mail server", settings.smtp_url)
    for number, url in enumerate(settings.sms_urls, start=1):
        yield _reach(f"SMS provider {number}", url)


def _keys(settings: Settings) -> Iterator[Check]:
    if settings.secret_key:
        yield "", "the key comes from RENUMBER_SECRET_KEY; it can't be rotated"
        return
    path = settings.secret_key_file
    if not path.exists():
        yield "", f"the key file {path} will be made on the first start"
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    yield (f"others can read it: chmod 600 {path}" if mode & 0o077 else ""), f"key file {path}"


def _database(settings: Settings) -> Iterator[Check]:
    try:
        present, newest = present_revision(settings.database_url), newest_revision()
    except StoreFault as fault:
        yield str(fault), "database"
        return
    yield (f"schema {present}, and {newest} is needed: run `renumber migrate`" if present != newest else ""), "database"
    if present == newest:
        yield from asyncio.run(_letters(settings))


async def _letters(settings: Settings) -> list[Check]:
    """Ids and reasons only: whom a message is for stays sealed."""
    database = open_database(settings.database_url)
    await database.start()
    try:
        rows = await database.fetch(_LETTERS)
    finally:
        await database.close()
    dead = [row for row in rows if row["state"] == "dead"]
    waiting = sum(row["letters"] for row in rows if row["state"] == "waiting")
    told = [(f"{row['letters']} × {row['notice']}: {row['outcome']}", "dead letters") for row in dead]
    return [("", f"{waiting} message(s) waiting"), *told]


def _reach(what: str, url: str) -> Check:
    """Connect and hang up; no message is sent."""
    parts = urlsplit(url.replace("+json", "", 1))
    if parts.scheme == "twilio":
        parts = urlsplit("https://api.twilio.com")
    host, port = parts.hostname or "", parts.port or STANDARD_PORTS.get(parts.scheme, 443)
    return _attempt(lambda: socket.create_connection((host, port), REACHED_WITHIN).close()), f"{what} at {host}:{port}"


def _attempt(act: Callable[[], None]) -> str:
    try:
        act()
    except OSError as error:
        return f"it can't be reached ({error.strerror or type(error).__name__})"
    return ""
