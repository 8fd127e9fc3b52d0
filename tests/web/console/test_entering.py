"""Who enters the console, and what is written down of it."""

import pytest

from renumber.domain.factor import Factor
from renumber.domain.support.staff import Role
from renumber.store.audit.entries import AuditEntries, unsealed
from tests.web.console.desk import Desk


async def test_staff_finds_an_account_for_a_reason_that_its_history_keeps(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)

    page = await agent.find(erika.email, "The code doesn't come.")

    assert page.status_code == 200
    assert erika.email not in page.text
    [row] = await AuditEntries(desk.world.database).newest_of(erika.account_id, 1)
    entry = unsealed(row, desk.world.keys)
    assert (entry.actor, entry.act) == ("agent", "staff_looked")
    assert entry.evidence == f"agent {agent.person.account_id}"
    assert entry.reason == "The code doesn't come."


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "two\nlines"])
async def test_nobody_looks_without_a_reason(desk: Desk, reason: str) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)

    await agent.find(erika.email, reason)
    page = await agent.browser.get(f"/console/accounts/{erika.account_id}")

    assert "Why do you look" in page.text


async def test_to_everybody_else_there_is_no_console(desk: Desk) -> None:
    erika = await desk.person()
    await erika.sign_in()

    assert (await desk.browser_of(erika).get("/console")).status_code == 404


async def test_a_text_message_opens_no_console(desk: Desk) -> None:
    agent = await desk.staff(Role.AGENT)
    await agent.person.browser.give_password(agent.person.email, agent.person.password)
    await agent.person.browser.choose(Factor.PHONE)
    assert await agent.person.sign_in_with_phone()

    page = await desk.browser_of(agent.person).get("/console")

    assert page.status_code == 403
    assert "passkey or an authenticator app" in page.text


async def test_an_administrator_begins_with_the_people_by_their_names(desk: Desk) -> None:
    administrator, agent = await desk.staff(Role.ADMINISTRATOR), await desk.staff(Role.AGENT)

    begun = await administrator.browser.get("/console")
    page = await administrator.browser.get(begun.headers["location"])

    account = await desk.world.account(agent.person.account_id)
    assert (begun.status_code, begun.headers["location"]) == (303, "/console/staff")
    assert account.name in page.text
    assert account.email.text not in page.text
