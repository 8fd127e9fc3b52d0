"""The owner sees where the case stands and until when: after the password, and behind the link that opened it."""

import pytest

from renumber.domain.messages.message import Notice
from renumber.domain.support.staff import Role
from renumber.flows.housekeeping import keep_house
from renumber.flows.support.own_request import confirm_request, request_recovery
from renumber.web import cookies
from tests.web.console.desk import Colleague, Desk
from tests.web.console.test_cases import path_of_open_case
from tests.web.oidc.party import Guest

STANDING = "/sign-in/recovery"


async def a_link(erika: Colleague) -> str:
    """Give the password, ask for a case, and open it; the path of the mail's link is given back."""
    person, world = erika.person, erika.person.world
    await person.browser.give_password(person.email)
    await request_recovery(world.services, person.browser.client, person.browser.begun)
    token = (await person.mails(Notice.RECOVERY_REQUEST))[-1].action
    await confirm_request(world.services, person.browser.client, token)
    erika.browser.cookies[cookies.SIGN_IN] = person.browser.begun.text
    return f"/recovery/request/{token}"


@pytest.fixture
async def erika(desk: Desk) -> Colleague:
    """Somebody in the middle of a sign-in."""
    person, browser = await desk.person(), Guest(desk.guest._client, desk.guest.app)
    browser.cookies[cookies.LANGUAGE] = "en"
    return Colleague(person, browser)


async def test_each_state_is_said_after_the_password_and_behind_the_link(desk: Desk, erika: Colleague) -> None:
    agent, reviewer, link = await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER), await a_link(erika)
    seen: list[str] = []

    async def look_on(title: str, until: str) -> None:
        for page in (STANDING, link):
            text = (await erika.browser.get(page)).text
            assert title in text, page
            assert until in text, text[text.index("<h1") :][:900]
            seen.append(text)

    path = await path_of_open_case(desk, erika.person)
    await look_on("We are checking your case", "2026-12-08T")
    await agent.look(path)
    await agent.press(path, "Add evidence", "Seen", kind="document")
    await agent.press(path, "Ask for a review")
    await look_on("A second person is checking your case", "2026-12-08T")
    await reviewer.look(path)
    await reviewer.press(path, "Approve")
    await look_on("Your case is approved", "2026-11-27T")
    await erika.person.freeze_by((await erika.person.mails(Notice.CASE_WAITING))[-1].stop)
    assert "This case is closed" in (await erika.browser.get(link)).text

    assert not [text for text in seen if erika.person.email in text or "4711" in text]


async def test_a_link_in_the_mailbox_is_said_after_the_password(desk: Desk, erika: Colleague) -> None:
    agent, reviewer, link = await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER), await a_link(erika)
    path = await path_of_open_case(desk, erika.person)
    await agent.look(path)
    await agent.press(path, "Add evidence", "Seen", kind="document")
    await agent.press(path, "Ask for a review")
    await reviewer.look(path)
    await reviewer.press(path, "Approve")

    desk.world.clock.move(days=3)
    await keep_house(desk.world.services, desk.world.chores)

    assert "Your link is in your mailbox" in (await erika.browser.get(link)).text


async def test_help_leads_to_an_open_case_instead_of_another_one(desk: Desk, erika: Colleague) -> None:
    await a_link(erika)

    page = await erika.browser.get("/sign-in/help")
    asked = await erika.browser.post(STANDING, {})

    assert "Request recovery" not in page.text
    assert f'href="{STANDING}"' in page.text
    assert (asked.status_code, asked.headers["location"]) == (303, STANDING)


async def test_a_stranger_sees_nothing(desk: Desk, erika: Colleague) -> None:
    await a_link(erika)
    stranger = Guest(desk.guest._client, desk.guest.app)

    assert (await stranger.get(STANDING)).status_code == 303
    assert (await stranger.get(f"/recovery/request/{'x' * 22}")).status_code == 404
