"""The console by keyboard, and its open pages, which take over what is new without disturbing anybody."""

from playwright.sync_api import expect

from renumber.domain.support.staff import Role
from tests.journeys.conftest import Travel
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import KEYS, REASON, SEARCH
from tests.journeys.words import Words

NEW = Words("Neu im Verlauf: ", "New in the history: ")
LINK_UNUSED = Words("Link noch nicht", "the link isn't used yet")


def test_letters_are_keys_while_nobody_types_and_can_be_turned_off(sit_down: SitDown) -> None:
    agent = sit_down(Role.AGENT)
    page, keyboard = agent.seat.page, agent.seat.page.keyboard
    agent.seat.open("/console")

    keyboard.type("?q")
    expect(agent.seat.field(SEARCH)).to_have_value("?q")
    keyboard.press("Escape")
    keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    agent.seat.watch.look(page)
    page.get_by_role("checkbox").uncheck()
    keyboard.press("Escape")
    keyboard.press("q")
    agent.seat.is_at("/console")
    agent.seat.tap(KEYS)
    page.get_by_role("checkbox").check()
    keyboard.press("Escape")
    with page.expect_navigation():
        keyboard.press("q")

    agent.seat.is_at("/console/cases")
    agent.seat.watch.look(page)


def test_what_is_typed_stays_with_its_focus_while_the_page_takes_over_what_is_new(
    travel: Travel, sit_down: SitDown
) -> None:
    someone, agent = travel("en"), sit_down(Role.AGENT)
    someone.arrive()
    agent.finds(someone.person.email, "She is about to change her number.")
    reason = agent.seat.field(REASON)
    reason.focus()
    agent.seat.page.keyboard.type("Half a sent")

    someone.person.request_change()
    agent.reads(LINK_UNUSED)

    expect(reason).to_have_value("Half a sent")
    expect(reason).to_be_focused()
    expect(agent.seat.page.locator("#live-said")).to_contain_text(agent.seat.said(NEW))
    agent.seat.watch.look(agent.seat.page)
