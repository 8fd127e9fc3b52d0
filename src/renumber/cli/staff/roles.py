"""`renumber staff add`, `role` and `remove`."""

from typing import Annotated

import typer

from renumber.cli.account.arguments import Email
from renumber.cli.account.entering import enter
from renumber.cli.account.new_account import InvalidAccount, read_new_account
from renumber.cli.console import FAILED, say, stop
from renumber.cli.faults import settings_of_environment
from renumber.cli.run import By, find, operator, run
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.staff import Role, StaffMember
from renumber.flows.support.staff import give_role, take_role
from renumber.flows.support.staff import readmit as let_in_again
from renumber.policies.email_addresses import address_to_look_up
from renumber.settings import Settings
from renumber.store.support.staff_identities import StoredStaffIdentities
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
    await _give(core, email, role, by=by)
    return is_new


async def _enter_if_new(core: Core, settings: Settings, email: str, *, name: str, by: str) -> bool:
    if "@" not in email or not name or await _from_provider(core, email):
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
    account_id = await _to_be_given(core, email)
    _stop_if(await give_role(core.services, operator(core, by), account_id, role), email)


async def _to_be_given(core: Core, email: str) -> str:
    """Find whose role it would be: an account of this service, else that of whoever comes with the company account."""
    theirs = await _from_provider(core, email)
    if theirs and await core.services.store.credentials(address_to_look_up(email).key, "") is None:
        return theirs
    return (await find(core, email)).account_id


def remove(email: Email, by: By = "") -> None:
    """Take somebody's role away; their account stays, and who comes with the company account is blocked."""
    step = run(lambda core: _remove(core, email, by=by))
    _stop_if(step, email)
    say(f"{email} has no role any more, and was signed out.")
    if step.state.is_from_provider:
        say(f"Their company account lets them in no more, until `renumber staff readmit {email}`.")


async def _remove(core: Core, email: str, *, by: str) -> Step[StaffMember]:
    account_id = await _from_provider(core, email)
    if account_id is None:
        account_id = (await find(core, email)).account_id
    return await take_role(core.services, operator(core, by), account_id)


def readmit(email: Email, by: By = "") -> None:
    """Let somebody with a company account in again whom `remove` has blocked."""
    _stop_if(run(lambda core: _readmit(core, email, by=by)), email)
    say(f"{email} may sign in with the company account again, and has the role of their groups then.")


async def _readmit(core: Core, email: str, *, by: str) -> Step[StaffMember]:
    account_id = await _from_provider(core, email) or (await find(core, email)).account_id
    return await let_in_again(core.services, operator(core, by), account_id)


async def _from_provider(core: Core, email: str) -> str | None:
    """Find who comes with the company account under this address, which may be that of a customer as well."""
    return await StoredStaffIdentities(core.database, core.keys).of_address(address_to_look_up(email))


def _stop_if(step: Step[StaffMember], email: str) -> None:
    sentences = {
        Refusal.NOT_STAFF: f"{email} has no role.",
        Refusal.NOT_NOW: f"{email} isn't blocked.",
        Refusal.ROLE_OF_PROVIDER: f"The role of {email} follows their groups at the company: have it changed there.",
        Refusal.STAFF_ADDRESS_TAKEN: f"{email} has a role by the company account already, and nobody can have two.",
    }
    if step.refusal:
        stop(sentences[step.refusal], FAILED)
