"""Creating new accounts: passwords are hashed, and whoever has none is sent a link."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import category

from renumber.cli.account.new_account import NewAccount
from renumber.cli.console import stop
from renumber.cli.run import operator
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.account.invite import invite_new
from renumber.store.database.open import StoreBusy
from renumber.wiring.core import Core

TRIES = 5  # for a batch, each of which waits for ten seconds


def piped_password() -> str:
    """Read the one line of standard input."""
    try:
        password = sys.stdin.buffer.read().decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        stop("The password is not UTF-8. Pipe it in as UTF-8: browsers send it so.")
    if not password or any(category(character) == "Cc" for character in password):
        stop("Pipe in the password alone, as one line without control characters.")
    return password


async def enter(core: Core, accounts: Sequence[NewAccount], *, by: str) -> Sequence[bool]:
    """Create accounts; False stands for one that is there already, whose link is sent if that was left undone."""
    newcomers = await _hashed(core, accounts)
    added = await _create_with_retries(core, newcomers, by)
    for newcomer in newcomers:
        if not newcomer.password_hash:
            await invite_new(core.services, operator(core, by), newcomer.email)
    return added


async def _create_with_retries(core: Core, newcomers: Sequence[Newcomer], by: str) -> Sequence[bool]:
    """Create a batch, trying again if another import or a busy service has the database."""
    for _ in range(TRIES - 1):
        try:
            return await enter_accounts(
                core.new_accounts, core.clock, core.keys, newcomers=newcomers, joins=core.services.joins, by=by
            )
        except StoreBusy:
            continue
    return await enter_accounts(
        core.new_accounts, core.clock, core.keys, newcomers=newcomers, joins=core.services.joins, by=by
    )


async def _hashed(core: Core, accounts: Sequence[NewAccount]) -> list[Newcomer]:
    """Hash passwords that came in the clear, on all the threads there are for it."""
    room = asyncio.Semaphore(core.settings.password_threads * 2)

    async def one(account: NewAccount) -> Newcomer:
        if not account.password:
            return account.newcomer
        async with room:
            return replace(account.newcomer, password_hash=await core.passwords.hash(account.password))

    return await asyncio.gather(*map(one, accounts))
