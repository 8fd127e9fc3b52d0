"""The frame of commands: the database is looked at, opened, and closed again whatever happens."""

import asyncio
import os
import pwd
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from renumber.cli.console import FAILED, stop
from renumber.cli.faults import settings_of_environment, worded_faults
from renumber.cli.key_check import prepare, require_prepared
from renumber.domain.account import Account
from renumber.flows.services import Client
from renumber.policies.email_addresses import address_to_look_up
from renumber.settings import Settings
from renumber.wiring.core import Core, assemble_core

Answer = TypeVar("Answer")
ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
OPERATOR_NAME = re.compile(r"[^\W\d][\w.-]{0,63}")  # neither a number nor an address: the history keeps it in the clear


def run(act: Callable[[Core], Awaitable[Answer]]) -> Answer:
    """Carry out an act, on a database that is brought up to date before."""
    settings = settings_of_environment()
    prepare(settings)
    return _run(settings, act)


def look(reading: Callable[[Core], Awaitable[Answer]]) -> Answer:
    """Read from a database that is up to date: a look makes and migrates nothing."""
    settings = settings_of_environment()
    require_prepared(settings)
    return _run(settings, reading)


def _run(settings: Settings, act: Callable[[Core], Awaitable[Answer]]) -> Answer:
    with worded_faults():
        return asyncio.run(_started(settings, act))


async def _started(settings: Settings, act: Callable[[Core], Awaitable[Answer]]) -> Answer:
    core = assemble_core(settings)
    await core.database.start()
    try:
        return await act(core)
    finally:
        core.passwords.close()
        await core.database.close()


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


def operator(core: Core, name: str) -> Client:
    """Describe the operator as the client of an act."""
    return Client(browser="command line", time_zone=core.settings.time_zone, operator=name)


async def find(core: Core, who: str) -> Account:
    """Find an account by its address, or by its id as in logs and findings; exit with a sentence if there is none."""
    store = core.services.store
    found = None if ACCOUNT_ID.fullmatch(who) else await store.credentials(address_to_look_up(who).key, "")
    account = await store.find_account(found.account_id if found else who)
    if account is None:
        stop(f"There is no account for {who}.", FAILED)
    return account
