"""`renumber doctor`: checks of the settings and of what they name."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import typer

from renumber.cli.console import FAILED, Check, Colour, say, stop
from renumber.cli.doctor import checks, reachability
from renumber.cli.doctor.database import check_way, check_writing
from renumber.cli.doctor.growth import check_growth
from renumber.cli.doctor.settings_list import say_settings, settings_json
from renumber.cli.key_check import check_schema
from renumber.cli.reading import Json, Times, Utc, say_json
from renumber.clock import SystemClock
from renumber.settings import Settings, SettingsError
from renumber.store.database.open import StoreFault, open_database

Listed = Annotated[bool, typer.Option("--settings", help="List every setting as well: value, meaning and default.")]
Full = Annotated[bool, typer.Option("--full", help="Look at every row that is sealed, not at some of each table.")]


def doctor(settings: Listed = False, full: Full = False, utc: Utc = False, as_json: Json = False) -> None:
    """Check the service.

    The verdict comes first, then what is wrong, then what is right. It ends with 1 if something is wrong.
    """
    try:
        chosen = Settings.from_environment(os.environ)
    except SettingsError as problems:
        stop(str(problems), FAILED)
    found = asyncio.run(_examine(chosen, Times(utc), full=full))
    if as_json:
        say_json({**_json(found), **({"settings": settings_json(chosen)} if settings else {})})
    else:
        _say_findings(found)
        if settings:
            say("")
            say_settings(chosen)
    if _wrong(found):
        raise typer.Exit(FAILED)


def _wrong(found: Sequence[Check]) -> list[Check]:
    return [check for check in found if check.wrong]


def _json(found: Sequence[Check]) -> dict[str, object]:
    checked = [{"about": one.about, "is_well": not one.wrong, "said": one.wrong or one.note} for one in found]
    return {"is_well": not _wrong(found), "checks": checked}


def _say_findings(found: Sequence[Check]) -> None:
    wrong = _wrong(found)
    verdict = f"{len(wrong)} of {len(found)} checks found something wrong." if wrong else "All is well."
    say(verdict, Colour.WRONG if wrong else Colour.RIGHT)
    for check in wrong:
        say(f"!  {check.about}: {check.wrong}", Colour.WRONG)
    for check in found:
        if not check.wrong:
            say(f"ok {check.about}{f': {check.note}' if check.note else ''}", Colour.QUIET)


async def _examine(settings: Settings, times: Times, *, full: bool) -> list[Check]:
    return [check async for check in _checks(settings, times, full=full)]


async def _checks(settings: Settings, times: Times, *, full: bool) -> AsyncIterator[Check]:
    for check in checks.check_settings(settings):
        yield check
    yield checks.check_colour(settings)
    for check in (*checks.check_joins(settings), *checks.check_console(settings), *checks.check_keys(settings)):
        yield check
    for check in (*checks.check_disk(settings), *checks.check_files(settings)):
        yield check
    schema = await asyncio.to_thread(check_schema, settings)
    yield schema
    if not schema.wrong:
        async for check in _contents(settings, times, full=full):
            yield check
    if settings.smtp_url and settings.sender:
        yield await reachability.check_mail(settings.smtp_url, settings.sender)
    for check in reachability.check_sms(settings):
        yield check
    yield checks.check_argon2()


async def _contents(settings: Settings, times: Times, *, full: bool) -> AsyncIterator[Check]:
    async for check in check_way(settings):
        yield check
    database = open_database(settings.database_url)
    try:
        await database.start()
        yield await check_writing(database)
        async for check in checks.check_contents(settings, database, times, full=full):
            yield check
        async for check in check_growth(database, SystemClock().now(), full=full):
            yield check
    except StoreFault as fault:
        yield Check("database", str(fault))
    finally:
        await database.close()
