"""The page of the people of customer relations: two administrators give a role, and one takes it."""

from renumber.domain.support.staff import Role
from tests.web.console.desk import Desk

STAFF = "/console/staff"


async def test_a_role_takes_two_administrators_and_ends_the_sessions_before(desk: Desk) -> None:
    first, second = await desk.staff(Role.ADMINISTRATOR), await desk.staff(Role.ADMINISTRATOR)
    agent = await desk.staff(Role.AGENT)
    await first.browser.get(STAFF)

    await first.send(f"{STAFF}/propose", "She reviews now.", email=agent.person.email, role="reviewer")
    alone = await first.send(f"{STAFF}/{agent.person.account_id}/confirm", confirmed="reviewer")
    kept = await agent.browser.get("/console")
    page = await second.press(STAFF, "Confirm")

    assert "leave it to a colleague" in alone.text
    assert kept.status_code == 200
    assert "Reviewer" in page.text
    assert agent.person.email not in page.text
    assert (await agent.browser.get("/console")).status_code == 303


async def test_what_is_confirmed_is_what_was_seen(desk: Desk) -> None:
    first, second = await desk.staff(Role.ADMINISTRATOR), await desk.staff(Role.ADMINISTRATOR)
    agent = await desk.staff(Role.AGENT)
    await first.browser.get(STAFF)
    await first.send(f"{STAFF}/propose", email=agent.person.email, role="administrator")
    await second.browser.get(STAFF)

    page = await second.send(f"{STAFF}/{agent.person.account_id}/confirm", confirmed="auditor")

    assert 'id="problem"' in page.text
    assert (await agent.browser.get("/console")).status_code == 200


async def test_one_administrator_takes_a_role_away_at_once(desk: Desk) -> None:
    administrator, agent = await desk.staff(Role.ADMINISTRATOR), await desk.staff(Role.AGENT)
    await administrator.browser.get(STAFF)

    page = await administrator.press(STAFF, "Take the role away", "He has left.")

    assert agent.person.account_id not in page.text
    assert (await agent.browser.get("/console")).status_code == 303


async def test_nobody_raises_or_removes_themselves(desk: Desk) -> None:
    administrator = await desk.staff(Role.ADMINISTRATOR)
    own, page = administrator.person, await administrator.browser.get(STAFF)

    raised = await administrator.send(f"{STAFF}/propose", email=own.email, role="reviewer")
    removed = await administrator.send(f"{STAFF}/{own.account_id}/remove")

    assert f"{own.account_id}/remove" not in page.text
    assert all("Nobody helps themselves here" in reply.text for reply in (raised, removed))


async def test_an_address_without_account_is_said_beside_its_field(desk: Desk) -> None:
    administrator = await desk.staff(Role.ADMINISTRATOR)
    await administrator.browser.get(STAFF)

    page = await administrator.send(f"{STAFF}/propose", "New here.", email="nobody@example.com", role="agent")

    assert 'id="email-problem"' in page.text
    assert 'value="nobody@example.com"' in page.text
    assert 'value="New here."' in page.text


async def test_an_auditor_sees_the_list_and_no_button(desk: Desk) -> None:
    auditor = await desk.staff(Role.AUDITOR)

    page = await auditor.browser.get(STAFF)

    assert page.status_code == 200
    assert "formaction" not in page.text
