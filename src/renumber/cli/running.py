"""Acting on the running parts: the database is brought up to date and opened, and closed again whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from renumber.cli.words import FAILED, settings_of_environment, stop, worded_faults
from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.flows.house import Origin
from renumber.settings import Settings
from renumber.store.migrate import upgrade
from renumber.wiring import Parts, assemble

Answer = TypeVar("Answer")


def run(act: Callable[[Parts], Awaitable[Answer]]) -> Answer:
    """Do something with the running parts, on a database that is up to date."""
    settings = settings_of_environment()
    with worded_faults():
        upgrade(settings.database_url)
        return asyncio.run(_started(settings, act))


async def _started(settings: Settings, act: Callable[[Parts], Awaitable[Answer]]) -> Answer:
    parts = assemble(settings)
    await parts.database.start()
    try:
        return await act(parts)
    finally:
        parts.passwords.close()
        await parts.database.close()


def operator(parts: Parts) -> Origin:
    """Where an act at the command line comes from."""
    return Origin("", "command line", "", parts.settings.time_zone)


async def find(parts: Parts, email: str) -> Account:
    """Find an account by its address, or end with a sentence."""
    credentials = await parts.house.store.credentials(EmailAddress(email).key, "")
    account = await parts.house.store.find_account(credentials.account_id) if credentials else None
    if account is None:
        stop(f"There is no account for {email}.", FAILED)
    return account
