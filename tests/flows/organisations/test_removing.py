"""Removing an organisation: its people stay and belong to none, what waited for it ends, and its history stays."""

import pytest

from renumber.crypto import CorruptSecret
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.support.staff import Role
from renumber.flows.organisations.answers import Answer
from renumber.flows.organisations.manage import add_organisation, join_organisation
from renumber.flows.organisations.remove import remove_organisation
from renumber.flows.ports.store import AuditEntry
from renumber.flows.support.cases import open_case
from renumber.store.audit.verify import AuditVerifier
from renumber.store.organisations.new_organisations import NewOrganisationStore
from renumber.store.organisations.removed_organisations import RemovedOrganisationStore
from tests.flows.organisations.company import OPERATOR, Company, a_company, a_waiting_change, says
from tests.flows.support.staff import a_colleague
from tests.flows.world import World


async def remove(company: Company) -> int | None:
    removed = RemovedOrganisationStore(company.world.database, company.world.keys)
    return await remove_organisation(company.world.services, OPERATOR, removed, organisation_id=company.organisation_id)


async def test_its_people_stay_and_what_waited_for_it_is_cancelled(either_world: World) -> None:
    company, other = await a_company(either_world), await a_company(either_world)
    administrator, erika = await company.administrator(), await company.employee("erika")
    elsewhere = await other.employee()
    change = await a_waiting_change(erika)
    agent = await a_colleague(either_world, Role.AGENT)
    case = (await agent.do(open_case, await company.employee())).state
    assert case

    left = await remove(company)

    assert left == 3
    assert (await either_world.account(erika.account_id)).membership is None
    assert (await either_world.account(administrator.account_id)).membership is None
    assert (await either_world.account(elsewhere.account_id)).membership is not None
    found = await either_world.services.store.find_change(erika.account_id, change.change_id)
    assert found
    assert found.state is ChangeState.CANCELLED
    assert (await either_world.history(erika.account_id))[-2:] == ["change_cancelled", "organisation_left"]
    assert (await says(administrator, Answer.YES, change)).refusal is Refusal.NOT_YOUR_COMPANY
    assert (await a_waiting_change(erika)).state is ChangeState.REQUESTED


async def test_its_history_ends_with_who_removed_it_and_its_name_is_free(either_world: World) -> None:
    company = await a_company(either_world)
    services, name = either_world.services, company.organisation.name
    added = NewOrganisationStore(either_world.database, either_world.keys)
    assert await add_organisation(services, OPERATOR, added, name=name, changes_wait=True) is None

    first, again = await remove(company), await remove(company)

    assert (first, again) == (0, None)
    history = await either_world.history(company.organisation_id)
    assert history == ["organisation_added", f"refused:{Refusal.ORGANISATION_EXISTS}", "organisation_removed"]
    verifier = AuditVerifier(either_world.database, either_world.keys, CorruptSecret, clock=either_world.clock)
    assert not [each async for each in verifier.chains(lambda _: None)]
    assert await services.organisations.named(name) is None
    assert await add_organisation(services, OPERATOR, added, name=name, changes_wait=True)


class CutOff:
    """A database that is lost before the company goes."""

    async def remove(self, organisation_id: str, entry: AuditEntry) -> bool:
        raise ConnectionError(organisation_id, entry.act)


async def test_a_removal_that_is_cut_off_leaves_a_company_without_people_that_can_be_removed(world: World) -> None:
    company = await a_company(world)
    erika = await company.employee()

    with pytest.raises(ConnectionError):
        await remove_organisation(world.services, OPERATOR, CutOff(), organisation_id=company.organisation_id)

    assert (await world.account(erika.account_id)).membership is None
    assert await world.services.organisations.named(company.organisation.name)
    assert await remove(company) == 0


async def test_whoever_joins_what_was_removed_just_then_belongs_to_none(world: World) -> None:
    company, other = await a_company(world), await a_company(world)
    erika = await other.employee()
    await remove(company)

    joined = {"organisation_id": company.organisation_id}
    step = await join_organisation(world.services, OPERATOR, erika.account_id, **joined)

    assert step.state.membership is None
    assert (await world.account(erika.account_id)).membership is None
