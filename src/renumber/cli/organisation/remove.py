"""`renumber organisation remove`."""

from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, stop
from renumber.cli.organisation.manage import Name, organisation_named
from renumber.cli.run import By, operator, run
from renumber.domain.organisations.organisation import Organisation
from renumber.flows.organisations.remove import remove_organisation
from renumber.store.organisations.removed_organisations import RemovedOrganisationStore
from renumber.wiring.core import Core


def remove(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Really do it: there is no way back.")] = False,
    by: By = "",
) -> None:
    """Remove a company; its people stay, and belong to none."""
    if not yes:
        stop("This can't be undone. Add --yes to do it.")
    organisation, left = run(lambda core: _remove(core, name, by=by))
    if left is None:
        stop(f"There is no company named {name} any more.", FAILED)
    say(f"{organisation.name} is removed. Accounts that belonged to it: {left}.")
    say("Changes that waited for it are cancelled; whoever still needs one asks for it again.")
    say(f"Its history stays under {organisation.account_id}.")


async def _remove(core: Core, name: str, *, by: str) -> tuple[Organisation, int | None]:
    found = await organisation_named(core, name)
    removed = RemovedOrganisationStore(core.database, core.keys)
    client, organisation_id = operator(core, by), found.account_id
    return found, await remove_organisation(core.services, client, removed, organisation_id=organisation_id)
