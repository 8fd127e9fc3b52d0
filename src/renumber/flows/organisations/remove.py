"""Removing an organisation, by the operator: its people stay, and belong to none."""

from contextlib import suppress

from renumber.domain.facts import Fact
from renumber.flows.consequences import entry_of_operator
from renumber.flows.organisations.manage import leave_organisation
from renumber.flows.organisations.ports import RemovedOrganisations
from renumber.flows.ports.store import AccountUnknown
from renumber.flows.services import Client, Services

AT_ONCE = 100  # people that are read at once


async def remove_organisation(
    services: Services, client: Client, removed: RemovedOrganisations, *, organisation_id: str
) -> int | None:
    """Remove an organisation, and give how many people left it; None if there is none of this id.

    A change that waits for it is cancelled. Whoever joins while its people leave, leaves once it is gone.
    """
    left = await _let_all_leave(services, client, organisation_id)
    entry = entry_of_operator(Fact.ORGANISATION_REMOVED, organisation_id, services.clock.now(), by=client.operator)
    if not await removed.remove(organisation_id, entry):
        return None
    return left + await _let_all_leave(services, client, organisation_id)


async def _let_all_leave(services: Services, client: Client, organisation_id: str) -> int:
    left, after = 0, ""
    while people := await services.organisations.people(organisation_id, after, AT_ONCE):
        for account in people:
            with suppress(AccountUnknown):  # erased since it was read
                step = await leave_organisation(services, client, account.account_id, organisation_id)
                left += step.refusal is None
        after = people[-1].account_id
    return left
