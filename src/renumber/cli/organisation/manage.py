"""`renumber organisation add` and `set`."""

from typing import Annotated, Literal

import typer

from renumber.cli.console import FAILED, say, stop
from renumber.cli.run import By, operator, run
from renumber.domain.organisations.organisation import Organisation
from renumber.domain.outcomes import Refusal
from renumber.flows.organisations.manage import add_organisation, set_organisation
from renumber.policies.operator.account_texts import MOST_NAME, read_name
from renumber.store.organisations.new_organisations import NewOrganisationStore
from renumber.wiring.core import Core

Name = Annotated[str, typer.Argument(help="The name of the company, letter by letter, or its id.")]
YesOrNo = Literal["yes", "no"]


def add(
    name: Annotated[str, typer.Argument(help="The name of the company.")],
    changes_wait: Annotated[
        YesOrNo, typer.Option("--changes-wait", help="Changes of its people's numbers wait for an administrator.")
    ] = "no",
    by: By = "",
) -> None:
    """Add a company."""
    read = _readable(name)
    added = run(lambda core: _add(core, read, wait=changes_wait, by=by))
    if added is None:
        stop(f"There is a company named {read} already.", FAILED)
    say(f"{read} is added. Its id is {added.account_id}.")
    say("`renumber organisation join EMAIL --organisation NAME` lets accounts belong to it.")


async def _add(core: Core, name: str, *, wait: YesOrNo, by: str) -> Organisation | None:
    added = NewOrganisationStore(core.database, core.keys)
    return await add_organisation(core.services, operator(core, by), added, name=name, changes_wait=wait == "yes")


def set_(
    name: Name,
    new_name: Annotated[str, typer.Option("--name", help="Its new name.")] = "",
    changes_wait: Annotated[
        YesOrNo | None, typer.Option("--changes-wait", help="Whether its people's changes wait for an administrator.")
    ] = None,
    by: By = "",
) -> None:
    """Change the name of a company, or whether changes wait for it."""
    if not new_name and changes_wait is None:
        stop("Say what to set: --changes-wait yes, --changes-wait no, or --name NAME.")
    read = _readable(new_name) if new_name else ""
    refusal = run(lambda core: _set(core, name, read, wait=changes_wait, by=by))
    if refusal is Refusal.ORGANISATION_EXISTS:
        stop(f"There is a company named {read} already.", FAILED)
    if refusal:
        stop("That is so already; nothing was changed.", FAILED)
    say("It is set. A change that waits already goes on by the rule with which it began.")


async def _set(core: Core, name: str, new_name: str, *, wait: YesOrNo | None, by: str) -> Refusal | None:
    found = await organisation_named(core, name)
    waits = found.changes_wait if wait is None else wait == "yes"
    named, client = new_name or found.name, operator(core, by)
    step = await set_organisation(core.services, client, found.account_id, name=named, changes_wait=waits)
    return step.refusal


def _readable(given: str) -> str:
    name = read_name(given)
    if not name:
        stop(f"The name takes one line of at most {MOST_NAME} characters.")
    return name


async def organisation_named(core: Core, name: str) -> Organisation:
    """Find a company by its name or its id; exit with a sentence if there is none."""
    reads = core.services.organisations
    found = await reads.named(name) or await reads.organisation(name)
    if found is None:
        stop(f"There is no company named {name}. `renumber organisation list` lists them.", FAILED)
    return found
