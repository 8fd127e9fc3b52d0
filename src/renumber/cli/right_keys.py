"""Whether the keys at hand are those of the database: with others, nothing in it can be read."""

import asyncio

from renumber.cli.words import FAILED, stop, worded_faults
from renumber.crypto import KeyRing, OneKey, key_id_of
from renumber.crypto.key_file import Ring, read_ring
from renumber.settings import Settings
from renumber.store.checkup import Checkup
from renumber.store.engine import Database, open_database
from renumber.store.revision import upgrade_if_needed


def prepare(settings: Settings) -> None:
    """Bring the database up to date, and make a key only if nothing in it is sealed with another."""
    with worded_faults():
        upgrade_if_needed(settings.database_url)
        problem = asyncio.run(_looked_at(settings))
        if problem:
            stop(problem, FAILED)
        KeyRing.opened(settings.secret_key, settings.secret_key_file)


async def _looked_at(settings: Settings) -> str:
    database = open_database(settings.database_url, pool_size=1, readers=1)
    await database.start()
    try:
        return await wrong_keys(settings, database)
    finally:
        await database.close()


async def wrong_keys(settings: Settings, database: Database) -> str:
    """Say which key is missing; nothing if the database is empty or its key is there."""
    sealed = await Checkup(database).sealed_value()
    ring = _ring(settings)
    if sealed is None or (ring and ring.find(key_id_of(sealed))):
        return ""
    place = "RENUMBER_SECRET_KEY" if settings.secret_key else f"{settings.secret_key_file}"
    return (
        f"Accounts are sealed with the key {key_id_of(sealed)}, which {place} does not hold. "
        "Put the right file of keys there: with another key nothing in the database can be read."
    )


def _ring(settings: Settings) -> Ring | None:
    if settings.secret_key:
        return OneKey(settings.secret_key).ring()
    return read_ring(settings.secret_key_file) if settings.secret_key_file.exists() else None
