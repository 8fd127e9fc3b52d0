"""What open pages of a company follow: each thing that its page shows is another mark, on either database."""

from datetime import timedelta
from itertools import pairwise

from renumber.domain.support.staff import Role
from renumber.flows.organisations.answers import Answer
from renumber.flows.organisations.manage import leave_organisation, set_organisation
from renumber.flows.support.cases import cancel_case, open_case
from renumber.flows.support.live import MOST_AT_ONCE, Mark, Onlooker
from renumber.store.database.interface import counting
from renumber.store.support.changes import StoredChanges
from tests.flows.organisations.company import OPERATOR, Company, a_company, a_waiting_change, says
from tests.flows.support.staff import a_colleague
from tests.flows.world import World


async def look(company: Company, onlooker: Onlooker) -> Mark | None:
    world, now = company.world, company.world.clock.now()
    marks = await StoredChanges(world.database).marks([onlooker], now, idle_since=now - timedelta(hours=1))
    return marks.seen_by(onlooker)


async def onlooker_of(company: Company) -> Onlooker:
    ticket = (await company.administrator()).browser.ticket
    return Onlooker(staff_id=ticket.account_id, session_id=ticket.id, organisation_id=company.organisation_id)


async def test_whatever_its_page_shows_is_another_mark(either_world: World) -> None:
    company, agent = await a_company(either_world), await a_colleague(either_world, Role.AGENT)
    onlooker = await onlooker_of(company)
    administrator, erika = await company.administrator("second"), await company.employee("erika")
    seen = [await look(company, onlooker), await look(company, onlooker)]
    assert seen[0] == seen[1]
    either_world.clock.move(seconds=5)

    change = await a_waiting_change(erika)
    seen.append(await look(company, onlooker))
    await says(administrator, Answer.NO, change)
    seen.append(await look(company, onlooker))
    for act in (open_case, cancel_case):
        await agent.do(act, erika)
        seen.append(await look(company, onlooker))
    services, organisation_id = either_world.services, company.organisation_id
    await set_organisation(services, OPERATOR, organisation_id, name="Another GmbH", changes_wait=False)
    seen.append(await look(company, onlooker))
    await leave_organisation(services, OPERATOR, erika.account_id)
    seen.append(await look(company, onlooker))

    texts = [mark.text for mark in seen[1:] if mark]
    assert len(texts) == 7
    assert all(earlier != later for earlier, later in pairwise(texts))
    assert seen[2]
    assert seen[2].at == either_world.clock.now()


async def test_what_happens_in_another_company_is_none(either_world: World) -> None:
    company, other = await a_company(either_world), await a_company(either_world)
    onlooker = await onlooker_of(company)
    before = await look(company, onlooker)

    await a_waiting_change(await other.employee())

    assert await look(company, onlooker) == before


async def test_all_companies_of_a_process_share_one_more_query(world: World) -> None:
    onlookers = [
        Onlooker(staff_id="0" * 32, session_id="0" * 32, organisation_id=f"{number:032}")
        for number in range(MOST_AT_ONCE)
    ]
    company, now = await a_company(world), world.clock.now()
    onlookers[-1] = await onlooker_of(company)

    with counting() as count:
        marks = await StoredChanges(world.database).marks(onlookers, now, idle_since=now - timedelta(hours=1))

    assert count.statements == 2
    assert set(marks.of_companies) == {company.organisation_id}
    assert marks.seen_by(onlookers[-1])
    assert marks.seen_by(onlookers[0]) is None
