"""`renumber staff add`, `role` and `remove`."""

from typing import Annotated

import typer

from renumber.cli.account.arguments import Email
from renumber.cli.account.entering import enter
from renumber.cli.account.new_account import InvalidAccount, read_new_account
from renumber.cli.console import FAILED, say, stop
from renumber.cli.faults import settings_of_environment
from renumber.cli.run import By, find, operator, run
from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.flows.support.staff import give_role, take_role
from renumber.settings import Settings
from renumber.wiring.core import Core

InRole = Annotated[Role, typer.Option("--role", help="agent, reviewer, administrator or auditor.")]


def add(
    email: Annotated[str, typer.Argument(help="The address of somebody who works at customer relations.")],
    role: InRole,
    name: Annotated[str, typer.Option(help="Their name, if they have no account yet.")] = "",
    by: By = "",
) -> None:
    """Give somebody a role; who has no account is sent a link to choose a password."""
    settings = settings_of_environment()
    is_new = run(lambda core: _add(core, settings, email, role=role, name=name, by=by))
    say(f"{email} is {role} now." + (" A link to choose the password is sent there." if is_new else ""))
    say("To enter the console they sign in with a passkey or an authenticator app, which they add in their profile.")


async def _add(core: Core, settings: Settings, email: str, *, role: Role, name: str, by: str) -> bool:
    is_new = await _enter_if_new(core, settings, email, name=name, by=by)
    account = await find(core, email)
    await give_role(core.services, operator(core, by), account.account_id, role)
    return is_new


async def _enter_if_new(core: Core, settings: Settings, email: str, *, name: str, by: str) -> bool:
    if "@" not in email or not name:
        return False
    try:
        newcomer = read_new_account({"email": email, "name": name, "password": ""}, settings)
    except InvalidAccount as problem:
        stop(f"This account can't be created: {problem}.")
    return (await enter(core, [newcomer], by=by))[0]


def role(email: Email, role: InRole, by: By = "") -> None:
    """Give somebody of staff another role."""
    run(lambda core: _give(core, email, role, by=by))
    say(f"{email} is {role} now. They sign in anew.")


async def _give(core: Core, email: str, role: Role, *, by: str) -> None:
    account = await find(core, email)
    await give_role(core.services, operator(core, by), account.account_id, role)


def remove(email: Email, by: By = "") -> None:
    """Take somebody's role away; their account stays."""
    refusal = run(lambda core: _remove(core, email, by=by))
    if refusal is Refusal.NOT_STAFF:
        stop(f"{email} has no role.", FAILED)
    say(f"{email} has no role any more, and was signed out.")


async def _remove(core: Core, email: str, *, by: str) -> Refusal | None:
    account = await find(core, email)
    return (await take_role(core.services, operator(core, by), account.account_id)).refusal
