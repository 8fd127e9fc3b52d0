"""Reading cases and colleagues for the console, on either database."""

from renumber.domain.support.staff import Role
from renumber.flows.support.cases import cancel_case, hand_over, open_case
from renumber.flows.support.staff import take_role
from renumber.store.support.case_reads import StoredCaseReads
from renumber.store.support.colleagues import StoredColleagues
from tests.flows.person import a_person
from tests.flows.support.staff import BROWSER, a_colleague, an_approved_case
from tests.flows.world import World


async def test_the_newest_case_and_each_one_by_its_id_are_read(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    reads = StoredCaseReads(either_world.database, either_world.keys)
    first = (await agent.do(open_case, erika)).state
    await agent.do(cancel_case, erika)
    either_world.clock.move(hours=1)
    second = (await agent.do(open_case, erika)).state

    newest = await reads.newest_case(erika.account_id)
    older = await reads.case(erika.account_id, first.case_id)

    assert newest
    assert older
    assert (newest.case_id, newest.is_open, older.case.is_open) == (second.case_id, True, False)
    assert await reads.case(agent.staff.account_id, first.case_id) is None


async def test_a_case_names_everybody_who_has_worked_on_it_and_nobody_else(either_world: World) -> None:
    erika, idle = await a_person(either_world), await a_colleague(either_world, Role.AGENT, "idle")
    reviewer = await an_approved_case(either_world, erika)
    helper = await a_colleague(either_world, Role.AGENT, "helper")
    await helper.do(hand_over, erika, "")
    await take_role(either_world.services, BROWSER, helper.staff.account_id)
    reads = StoredCaseReads(either_world.database, either_world.keys)
    newest = await reads.newest_case(erika.account_id)
    assert newest

    found = await reads.case(erika.account_id, newest.case_id)

    assert found
    assert found.case == newest
    named = {each.account.account_id: each.member.is_active for each in found.colleagues.values()}
    worked = {newest.opened_by, reviewer.staff.account_id, helper.staff.account_id}
    assert named == {each: each != helper.staff.account_id for each in worked}
    assert idle.staff.account_id not in named


async def test_colleagues_are_read_with_their_accounts_and_nobody_else(either_world: World) -> None:
    await a_person(either_world)
    agent = await a_colleague(either_world, Role.AGENT)

    found = await StoredColleagues(either_world.database, either_world.keys).colleagues(10)

    assert [(each.member.role, each.account.account_id) for each in found] == [(Role.AGENT, agent.staff.account_id)]
