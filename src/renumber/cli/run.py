"""The frame of commands: the database is brought up to date, opened, and closed again whatever happens."""

import asyncio
import os
import pwd
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from renumber.cli.console import FAILED, settings_of_environment, stop, worded_faults
from renumber.cli.key_check import prepare
from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.flows.services import Client
from renumber.settings import Settings
from renumber.wiring import Parts, assemble

Answer = TypeVar("Answer")
ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
OPERATOR_NAME = re.compile(r"[^\W\d][\w.-]{0,63}")  # neither a number nor an address: the history keeps it in the clear


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


def _operator_name(given: str) -> str:
    """Check the name that an operator goes by; without one it is the system user's."""
    name = given.strip() or _system_user()
    if not OPERATOR_NAME.fullmatch(name):
        stop("Give a name of at most 64 letters, digits, dots, dashes and underscores that begins with a letter.")
    return name


def _system_user() -> str:
    """Name the user of this process; the environment is not asked, since it says whatever it was told to."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container that runs under a number alone
        return f"uid-{os.getuid()}"
    spelt = re.sub(r"[^\w.-]", "-", name)
    return (spelt if OPERATOR_NAME.match(spelt) else f"user-{spelt}")[:64]


By = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="NAME",
        help="Who does this, for the history; the system user without it.",
        callback=_operator_name,
        show_default=False,
    ),
]


def operator(parts: Parts, name: str) -> Client:
    """Describe the operator as the client of an act."""
    return Client(browser="command line", time_zone=parts.settings.time_zone, operator=name)


async def find(parts: Parts, who: str) -> Account:
    """Find an account by its address, or by its id as in logs and findings; exit with a sentence if there is none."""
    store = parts.services.store
    found = None if ACCOUNT_ID.fullmatch(who) else await store.credentials(EmailAddress(who).key, "")
    account = await store.find_account(found.account_id if found else who)
    if account is None:
        stop(f"There is no account for {who}.", FAILED)
    return account
