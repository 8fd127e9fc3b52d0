"""The frame of commands: the database is brought up to date, opened, and closed again whatever happens."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from renumber.cli.console import FAILED, settings_of_environment, stop, worded_faults
from renumber.cli.key_check import prepare
from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.flows.services import Client
from renumber.settings import Settings
from renumber.wiring import Parts, assemble

Answer = TypeVar("Answer")
ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")


def run(act: Callable[[Parts], Awaitable[Answer]]) -> Answer:
    """Run an act with all parts, on a database that is up to date."""
    settings = settings_of_environment()
    prepare(settings)
    with worded_faults():
        return asyncio.run(_started(settings, act))


async def _started(settings: Settings, act: Callable[[Parts], Awaitable[Answer]]) -> Answer:
    parts = assemble(settings)
    await parts.database.start()
    try:
        return await act(parts)
    finally:
        parts.passwords.close()
        await parts.database.close()


def operator(parts: Parts) -> Client:
    """Describe the operator as the client of an act."""
    return Client(browser="command line", time_zone=parts.settings.time_zone)


async def find(parts: Parts, who: str) -> Account:
    """Find an account by its address, or by its id as in logs and findings; exit with a sentence if there is none."""
    store = parts.services.store
    found = None if ACCOUNT_ID.fullmatch(who) else await store.credentials(EmailAddress(who).key, "")
    account = await store.find_account(found.account_id if found else who)
    if account is None:
        stop(f"There is no account for {who}.", FAILED)
    return account
