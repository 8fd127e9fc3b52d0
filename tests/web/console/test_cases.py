"""Recovery cases at the console: opened, filled, reviewed and decided by the buttons that its pages offer."""

import re

import pytest
from structlog.testing import capture_logs

from renumber.domain.support.recovery_case import CaseState, RecoveryCase
from renumber.domain.support.staff import Role
from renumber.flows.services import Client
from renumber.flows.support.staff import take_role
from tests.flows.person import Person
from tests.web.console.desk import Colleague, Desk

LABELS = {
    "Add evidence",
    "Put it back",
    "Take it",
    "Ask for a review",
    "Send back",
    "Approve",
    "Refuse",
    "Cancel the case",
}


async def states(desk: Desk, erika: Person) -> list[CaseState]:
    """Where the cases of an account stand."""
    async with desk.world.services.store.work(erika.account_id) as work:
        return [case.state for case in await work.load_all(RecoveryCase)]


async def path_of_open_case(desk: Desk, erika: Person) -> str:
    """The address of the case that is open for an account."""
    async with desk.world.services.store.work(erika.account_id) as work:
        [case] = [case for case in await work.load_all(RecoveryCase) if case.is_open]
    return f"/console/cases/{erika.account_id}/{case.case_id}"


async def a_case(agent: Colleague, erika: Person) -> str:
    """Open a case from the account's page; its address is given back."""
    await agent.find(erika.email)
    page = await agent.press(f"/console/accounts/{erika.account_id}", "Open case")
    found = re.search(r"/console/cases/[0-9a-f]{32}/[0-9a-f]{32}", page.text)
    assert found
    return found[0]


async def a_submitted_case(agent: Colleague, erika: Person) -> str:
    """A case with enough evidence, for which a review is asked."""
    path = await a_case(agent, erika)
    await agent.press(path, "Add evidence", "Reference 4711", kind="document")
    await agent.press(path, "Add evidence", "Called back", kind="call_back")
    await agent.press(path, "Ask for a review")
    return path


def labels(page: str) -> set[str]:
    """The acts that a page of a case offers."""
    return set(re.findall(r"<span>([^<]+)</span></button>", page)) & LABELS


async def test_two_people_bring_a_case_to_its_waiting(desk: Desk) -> None:
    erika, agent, reviewer = await desk.person(), await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER)
    path = await a_submitted_case(agent, erika)

    queue = await reviewer.browser.get("/console/cases")
    asked = await reviewer.browser.get(path)
    await reviewer.look(path)
    page = await reviewer.press(path, "Approve", "Both are on record.")

    assert path in queue.text
    assert "Why do you look" in asked.text
    assert "Approved, the waiting period runs" in page.text
    assert "Reference 4711" in page.text
    assert await states(desk, erika) == [CaseState.WAITING]
    assert erika.email not in page.text + queue.text


@pytest.mark.parametrize(
    ("label", "state"),
    [("Send back", CaseState.COLLECTING), ("Refuse", CaseState.REFUSED), ("Cancel the case", CaseState.CANCELLED)],
)
async def test_a_reviewer_decides_otherwise(desk: Desk, label: str, state: CaseState) -> None:
    erika, agent, reviewer = await desk.person(), await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER)
    path = await a_submitted_case(agent, erika)
    await reviewer.look(path)

    await reviewer.press(path, label)

    assert await states(desk, erika) == [state]


async def test_each_role_is_offered_what_it_may_do_and_nothing_else(desk: Desk) -> None:
    erika, agent, reviewer = await desk.person(), await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER)
    auditor = await desk.staff(Role.AUDITOR)
    path = await a_case(agent, erika)
    for other in (reviewer, auditor):
        await other.look(path)

    seen = [labels((await each.browser.get(path)).text) for each in (agent, reviewer, auditor)]

    assert seen == [
        {"Add evidence", "Put it back", "Ask for a review", "Cancel the case"},
        {"Cancel the case"},
        set(),
    ]


async def test_nothing_is_done_without_a_reason_nor_with_evidence_that_nobody_ticks(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    path = await a_case(agent, erika)

    page = await agent.press(path, "Add evidence", " ", kind="document")
    ticked = await agent.send(f"{path}/evidence", kind="factor")
    early = await agent.press(path, "Ask for a review")

    assert 'id="reason-problem"' in page.text
    assert ticked.status_code == 400
    assert "evidence isn" in early.text
    assert await states(desk, erika) == [CaseState.COLLECTING]


async def test_a_button_on_the_page_of_a_closed_case_does_nothing_to_the_next_one(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    closed = await a_case(agent, erika)
    await agent.press(closed, "Cancel the case")
    await a_case(agent, erika)

    page = await agent.send(f"{closed}/cancel")

    assert "This case is closed" in page.text
    assert sorted(await states(desk, erika)) == [CaseState.CANCELLED, CaseState.COLLECTING]


async def test_colleagues_are_named_and_those_who_have_left_as_well(desk: Desk) -> None:
    erika, agent, reviewer = await desk.person(), await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER)
    path = await a_submitted_case(agent, erika)
    await reviewer.look(path)
    name = (await desk.world.account(agent.person.account_id)).name

    before = await reviewer.browser.get(path)
    await take_role(desk.world.services, Client(operator="the-operator"), agent.person.account_id)
    page = await reviewer.browser.get(path)

    assert f"<bdi>{name}</bdi>" in before.text
    assert "(has left)" not in before.text
    assert f"<bdi>{name}</bdi> (has left)" in page.text
    assert agent.person.account_id[:8] not in page.text


async def test_a_case_changes_hands(desk: Desk) -> None:
    erika, first, second = await desk.person(), await desk.staff(Role.AGENT), await desk.staff(Role.AGENT)
    path = await a_case(first, erika)
    await first.press(path, "Put it back")
    queue = await second.browser.get("/console/cases")
    await second.look(path)

    page = await second.press(path, "Take it")

    assert path in queue.text
    assert "Put it back" in page.text


async def test_each_page_costs_three_statements(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    administrator, path = await desk.staff(Role.ADMINISTRATOR), await a_case(agent, erika)

    with capture_logs() as logged:
        for each in (path, "/console/cases"):
            assert (await agent.browser.get(each)).status_code == 200
        assert (await administrator.browser.get("/console/staff")).status_code == 200

    assert [(line["statements"], line["commits"]) for line in logged] == [(3, 0)] * 3


async def test_a_case_that_is_not_there_has_a_page_that_leads_on(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)

    page = await agent.browser.get(f"/console/cases/{erika.account_id}/{'0' * 32}")

    assert page.status_code == 404
    assert 'href="/console"' in page.text
