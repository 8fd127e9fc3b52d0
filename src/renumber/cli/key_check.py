"""The check that the keys at hand are those of the database: with others, nothing in it can be read."""

import asyncio

from renumber.cli.console import FAILED, Check, stop
from renumber.cli.faults import worded_faults
from renumber.clock import SystemClock
from renumber.crypto import KeyRing, OneKey, key_id_of
from renumber.crypto.key_file import Ring, exposure_of, read_ring
from renumber.settings import Settings
from renumber.store.database.open import Database, StoreFault, open_database
from renumber.store.health import Health
from renumber.store.keys.rotation import Rotation
from renumber.store.schema.revision import SchemaTooNew, newest_revision, present_revision
from renumber.store.schema.upgrade import upgrade_if_needed


def refuse_exposed_key(settings: Settings) -> None:
    """Exit if others than its owner can read the file of keys: it opens everything that the database seals."""
    exposed = "" if settings.secret_key else exposure_of(settings.secret_key_file)
    if exposed:
        stop(f"The key file {settings.secret_key_file} is no secret. {exposed}", FAILED)


def prepare(settings: Settings) -> None:
    """Bring the database up to date, and make a key only if nothing in it is sealed with another."""
    with worded_faults():
        upgrade_if_needed(settings.database_url)
        problem = asyncio.run(_problem(settings))
        if problem:
            stop(problem, FAILED)
        KeyRing.opened(settings.secret_key, settings.secret_key_file)


def require_prepared(settings: Settings) -> None:
    """Exit with a sentence if the database isn't there, is an older one, or is sealed with other keys."""
    schema = check_schema(settings)
    if schema.wrong:
        stop(f"{schema.wrong} `renumber doctor` looks closer.", FAILED)
    with worded_faults():
        problem = asyncio.run(_problem(settings))
    if problem:
        stop(problem, FAILED)


def check_schema(settings: Settings) -> Check:
    """Check that the database answers, and has the schema of this version."""
    try:
        present, newest = present_revision(settings.database_url), newest_revision()
    except StoreFault as problem:
        return Check("database", f"{str(problem).rstrip('.')}. {_what_to_do(str(problem))}")
    except SchemaTooNew as problem:
        return Check("database", str(problem))
    if present is None:
        return Check("database", "The database has no schema yet: `renumber serve` or `renumber migrate` makes it.")
    if present < newest:
        return Check("database", f"The database has schema {present}, and {newest} is needed: run `renumber migrate`.")
    if present > newest:
        newer = f"A newer version of Renumber has migrated this database (schema {present})."
        return Check("database", f"{newer} Use that version, or restore a backup.")
    return Check("database", note=f"schema {present}")


def _what_to_do(problem: str) -> str:
    is_broken = any(words in problem for words in ("malformed", "not a database"))
    return "Restore it from a backup." if is_broken else "Look at RENUMBER_DATABASE_URL."


async def _problem(settings: Settings) -> str:
    database = open_database(settings.database_url, pool_size=1, readers=1)
    await database.start()
    try:
        return await wrong_keys(settings, database)
    finally:
        await database.close()


async def wrong_keys(settings: Settings, database: Database) -> str:
    """Say which key is missing; nothing if the database is empty or its keys are there."""
    sealed = await Health(database).sealed_value()
    ring = _ring(settings)
    if sealed is None:
        return ""
    place = "RENUMBER_SECRET_KEY" if settings.secret_key else f"{settings.secret_key_file}"
    if ring is None or not ring.find(key_id_of(sealed)):
        return (
            f"Accounts are sealed with the key {key_id_of(sealed)}, which {place} does not hold. "
            "Put the right file of keys there: with another key nothing in the database can be read."
        )
    if ring.previous is None and await _was_broken_off(settings, database):
        return f"The rotation to the key {ring.current.key_id} was not finished, and {_put_back(place)}"
    return ""


async def _was_broken_off(settings: Settings, database: Database) -> bool:
    progress = await _rotation(settings, database).progress()
    return progress.finished_at is None and progress.done_up_to != ""


async def check_stale_rows(settings: Settings, database: Database, *, full: bool) -> Check:
    """Count the rows that are sealed with another key than the current one, and check that this key is there.

    Unless all of them are asked for, some of each table are looked at: as many in the largest as in a small one.
    """
    about, ring = "keys of the database", _ring(settings)
    if ring is None:
        return Check(about)
    rotation = _rotation(settings, database)
    looked_at, rows = (None, await rotation.stale()) if full else await rotation.sampled()
    of_these = "" if looked_at is None else f" of {looked_at} that were looked at"
    if not rows:
        return Check(about, note=f"none{of_these} is under another: `--full` looks at all" if of_these else "")
    if ring.previous is None:
        return Check(
            about, f"{rows} row(s){of_these} are not sealed with the key {ring.current.key_id}, and {_put_back()}"
        )
    return Check(about, note=f"{rows} row(s){of_these} are not sealed with it yet: `renumber keys rotate` does that")


def _put_back(place: str = "the file of keys") -> str:
    return (
        f"{place} holds no previous key. Put it back there as the second line, and run `renumber keys rotate`: "
        "what is sealed with it can't be read without it, and a newer key would not help."
    )


def _rotation(settings: Settings, database: Database) -> Rotation:
    return Rotation(database, KeyRing.opened(settings.secret_key, settings.secret_key_file), SystemClock())


def _ring(settings: Settings) -> Ring | None:
    if settings.secret_key:
        return OneKey(settings.secret_key).ring()
    return read_ring(settings.secret_key_file) if settings.secret_key_file.exists() else None
