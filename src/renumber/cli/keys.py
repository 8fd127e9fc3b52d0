"""`renumber keys …`: rotating the key that everything is sealed with."""

import asyncio
from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, stop
from renumber.cli.faults import settings_of_environment, worded_faults
from renumber.cli.key_check import check_stale_rows, prepare
from renumber.cli.progress import progress
from renumber.cli.reading import Times, Utc
from renumber.cli.run import run
from renumber.crypto import add_key, retire_previous
from renumber.crypto.key_file import Ring, read_ring
from renumber.settings import Settings
from renumber.store.keys.retirement import Need, needs
from renumber.store.keys.rotation import Progress, Rotation
from renumber.wiring.core import Core

SERVERS_KNOW_AFTER = 2.5  # seconds: a running server looks at its key file once a second
MOST_PRINTED = 20


def rotate() -> None:
    """Rotate the key."""
    settings = _with_file()
    ring = _ring(settings)
    if ring.previous is None:
        _require_no_stale_rows()
        with worded_faults():
            say(f"Made the key {add_key(settings.secret_key_file)}.")
    else:
        _resume(ring, ring.previous.key_id)
    done = run(_rotate)
    for sentence in done.unreadable[:MOST_PRINTED]:
        say(sentence)
    if done.finished_at is None:
        stop("Not everything could be sealed anew, so the previous key is still needed. Run this again.", FAILED)
    say(f"Everything is sealed with the key {done.key_id}. Keep a copy of the key file.")
    say("`renumber keys retire` drops the previous key when nothing needs it, and says when that will be.")


def _require_no_stale_rows() -> None:
    """Exit if the previous key is missing: with a third key, the file has no room for it."""
    found = run(lambda core: check_stale_rows(core.settings, core.database, full=True))
    if found.wrong:
        stop(found.wrong, FAILED)


def _resume(ring: Ring, previous: str) -> None:
    if run(_is_finished):
        stop(
            f"Everything is sealed with the key {ring.current.key_id} already, and {previous} is still in the file. "
            "`renumber keys retire` drops it; then a newer key can be made.",
            FAILED,
        )
    say(f"Going on with the key {ring.current.key_id}.")


def _with_file() -> Settings:
    settings = settings_of_environment()
    if settings.secret_key:
        stop(
            "RENUMBER_SECRET_KEY is a single key, which can't be rotated. "
            "Write it into a file, name that in RENUMBER_SECRET_KEY_FILE, and remove RENUMBER_SECRET_KEY."
        )
    return settings


def _ring(settings: Settings) -> Ring:
    prepare(settings)
    with worded_faults():
        return read_ring(settings.secret_key_file)


async def _is_finished(core: Core) -> bool:
    rotation = _rotation(core)
    return (await rotation.progress()).finished_at is not None and not await rotation.stale()


def _rotation(core: Core) -> Rotation:
    return Rotation(core.database, core.keys, core.clock)


async def _rotate(core: Core) -> Progress:
    await asyncio.sleep(SERVERS_KNOW_AFTER)
    rotation = _rotation(core)
    with progress("Sealing anew", await rotation.size()) as advance:
        return await rotation.run(advance)


def retire(
    force: Annotated[
        bool, typer.Option("--force", help="Drop it now: sessions, links and codes that were made with it end.")
    ] = False,
    utc: Utc = False,
) -> None:
    """Drop the previous key."""
    settings = _with_file()
    previous = _ring(settings).previous
    if previous is None:
        say("There is no previous key.")
        return
    finished, needed = run(_needs)
    if not finished:
        stop("Not everything is sealed with the new key yet: run `renumber keys rotate` first.", FAILED)
    if needed and not force:
        stop(_not_yet(previous.key_id, needed, Times(utc)), FAILED)
    with worded_faults():
        say(f"Dropped the key {retire_previous(settings.secret_key_file)}.")


async def _needs(core: Core) -> tuple[bool, list[Need]]:
    progress, limits = await _rotation(core).progress(), core.settings.limits
    found = await needs(
        core.database,
        progress.key_id,
        started_at=progress.started_at,
        now=core.clock.now(),
        reset_for=limits.reset_browser_for,
    )
    return await _is_finished(core), list(found)


def _not_yet(key_id: str, needed: list[Need], times: Times) -> str:
    lines = [f"- {need.count} {need.what}{_until(need, times)}" for need in needed]
    ends = [need.until for need in needed if need.until]
    after = f" That will be after {times.shown(max(ends))}." if len(ends) == len(needed) else ""
    return "\n".join((f"The key {key_id} is still needed by:", *lines, f"Run this again when they have ended.{after}"))


def _until(need: Need, times: Times) -> str:
    return f", until {times.shown(need.until)}" if need.until else ""
