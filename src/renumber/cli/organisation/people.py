"""`renumber organisation join`, `leave` and `administrator`: who belongs to a company, and who administers it."""

from typing import Annotated

import typer

from renumber.cli.account.arguments import Email
from renumber.cli.console import FAILED, say, stop
from renumber.cli.organisation.manage import organisation_named
from renumber.cli.run import By, find, operator, run
from renumber.domain.account import Account
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.organisations.manage import (
    dismiss_administrator,
    join_organisation,
    leave_organisation,
    name_administrator,
)
from renumber.wiring.core import Core

ALREADY = "That is so already; nothing was changed."


def join(
    email: Email,
    organisation: Annotated[str, typer.Option(help="The name of the company, or its id.")],
    by: By = "",
) -> None:
    """Let an account belong to a company, and to no other."""
    step = run(lambda core: _join(core, email, organisation, by=by))
    if step.refusal:
        stop(ALREADY, FAILED)
    if step.state.membership is None:
        stop(f"{organisation} was removed just now; {email} belongs to no company.", FAILED)
    say(f"{email} belongs to {organisation} now.")


async def _join(core: Core, email: str, name: str, *, by: str) -> Step[Account]:
    found, account = await organisation_named(core, name), await find(core, email)
    client, organisation_id = operator(core, by), found.account_id
    return await join_organisation(core.services, client, account.account_id, organisation_id=organisation_id)


def leave(email: Email, by: By = "") -> None:
    """Let an account belong to no company; whoever administered its company sees nothing of it any more."""
    if run(lambda core: _leave(core, email, by=by)):
        stop(f"{email} belongs to no company.", FAILED)
    say(f"{email} belongs to no company any more. A change that waited for it is cancelled.")


async def _leave(core: Core, email: str, *, by: str) -> Refusal | None:
    account = await find(core, email)
    return (await leave_organisation(core.services, operator(core, by), account.account_id)).refusal


def administrator(
    email: Email,
    remove: Annotated[bool, typer.Option("--remove", help="Take it away again.")] = False,
    by: By = "",
) -> None:
    """Let an account administer its company, or no longer."""
    refusal = run(lambda core: _administer(core, email, remove=remove, by=by))
    if refusal is Refusal.NOT_YOUR_COMPANY:
        stop(f"{email} belongs to no company. `renumber organisation join` comes first.", FAILED)
    if refusal:
        stop(ALREADY, FAILED)
    if remove:
        say(f"{email} no longer administers the company, and sees nothing of it from the next request on.")
        return
    say(f"{email} administers the company now.")
    say("To see its people they sign in with a passkey or an authenticator app, which they add in their profile.")


async def _administer(core: Core, email: str, *, remove: bool, by: str) -> Refusal | None:
    account, client = await find(core, email), operator(core, by)
    act = dismiss_administrator if remove else name_administrator
    return (await act(core.services, client, account.account_id)).refusal
