"""`renumber doctor`: all settings, and checks of what they name."""

import asyncio
import os
from collections.abc import AsyncIterator

import typer
from rich.markup import escape
from rich.table import Table

from renumber.cli.console import FAILED, Check, out, say, stop
from renumber.cli.doctor import checks, reachability
from renumber.settings import Settings, SettingsError, describe
from renumber.store.database.open import StoreFault, open_database

app = typer.Typer(add_completion=False)


@app.command()
def doctor() -> None:
    """List every setting and look whether the parts around it answer."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as problems:
        stop(str(problems), FAILED)
    _show_settings(settings)
    if asyncio.run(_examine(settings)):
        raise typer.Exit(FAILED)


def _show_settings(settings: Settings) -> None:
    table = Table("Setting", "Value", "Meaning", box=None)
    table.columns[0].no_wrap = True
    table.columns[1].overflow = table.columns[2].overflow = "fold"
    for row in describe(settings):
        standard = f"default: {row.default}" if row.default else "no default"
        remarks = "; ".join(filter(None, (standard, row.why)))
        table.add_row(row.name, escape(row.value), escape(f"{row.meaning} ({remarks})"))
    out.print(table)


async def _examine(settings: Settings) -> int:
    wrong = 0
    async for check in _checks(settings):
        wrong += bool(check.wrong)
        said = check.wrong or check.note
        say(f"{'!' if check.wrong else 'ok':3}{check.about}{f': {said}' if said else ''}")
    return wrong


async def _checks(settings: Settings) -> AsyncIterator[Check]:
    for check in checks.check_settings(settings):
        yield check
    yield checks.check_colour(settings)
    for check in checks.check_keys(settings):
        yield check
    for check in (*checks.check_disk(settings), *checks.check_files(settings)):
        yield check
    schema = await asyncio.to_thread(checks.check_schema, settings)
    yield schema
    if not schema.wrong:
        async for check in _contents(settings):
            yield check
    if settings.smtp_url and settings.sender:
        yield await reachability.check_mail(settings.smtp_url, settings.sender)
    for check in reachability.check_sms(settings):
        yield check
    yield checks.check_argon2()


async def _contents(settings: Settings) -> AsyncIterator[Check]:
    database = open_database(settings.database_url)
    try:
        await database.start()
        async for check in checks.check_contents(settings, database):
            yield check
    except StoreFault as fault:
        yield Check("database", str(fault))
    finally:
        await database.close()
