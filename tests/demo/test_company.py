"""The company in the demonstration: its administrator answers for one of the two people, in a browser of their own."""

import pytest
from playwright.sync_api import expect

from harness.browser import accessibility_problems
from renumber.demo.accounts import JONAS
from renumber.demo.staff import STAFF
from tests.demo.conftest import OpenPage
from tests.demo.demonstration import DemoPage
from tests.demo.test_console import ask_for_recovery, sign_in_by_the_app
from tests.journeys import words as w
from tests.journeys.watch import overflow
from tests.journeys.words import Words

KIM = STAFF[-1]
COLLEAGUE = Words("Ja, gehört zu uns", "Yes, that's our colleague")
ANSWER, DECIDE = Words("Antworten", "Answer"), Words("Entscheiden", "Decide")
WAITS = Words("Nummernänderung: wartet auf Ihr Unternehmen", "Number change: waiting for your company")


def come_as_kim(demo_page: DemoPage) -> None:
    """Open the company's page without signing in."""
    demo_page.choose(KIM)
    demo_page.press_beside(f"Als {KIM.first_name} weiter")


def take_up(demo_page: DemoPage, lead: Words) -> None:
    """Open the one question on the company's page, for which the password is asked."""
    demo_page.is_at("/company")
    with demo_page.turning():
        demo_page.app.get_by_role("button", name=demo_page.said(lead)).click()
    demo_page.is_at("/reauthenticate")
    demo_page.fill(w.PASSWORD, KIM.password)
    with demo_page.turning():
        demo_page.app.get_by_role("main").get_by_role("button").last.click()


def test_a_change_waits_for_the_company_and_goes_on_once_it_is_confirmed(demo_page: DemoPage) -> None:
    demo_page.choose(KIM)
    setting = demo_page.page.get_by_role("button", name="Änderungen warten auf Kim")
    setting.click()
    expect(setting).to_have_attribute("aria-pressed", "true")
    demo_page.choose(JONAS)
    demo_page.press_beside("Als Jonas weiter")
    demo_page.press(w.CHANGE_NUMBER)
    demo_page.fill(w.PASSWORD, JONAS.password)
    with demo_page.turning():
        demo_page.app.get_by_role("main").get_by_role("button").last.click()
    demo_page.press(w.CONFIRM)
    expect(demo_page.app.locator("main")).to_contain_text(demo_page.said(WAITS))
    expect(demo_page.page.locator("[data-mails-of=company]")).to_be_visible()  # Kim has mail, Jonas stays in front

    come_as_kim(demo_page)
    take_up(demo_page, DECIDE)
    expect(demo_page.app.locator("dl")).to_contain_text(JONAS.name)
    demo_page.press(w.CONFIRM)

    demo_page.is_at("/company")
    demo_page.sees_mail(w.MAIL_1)
    demo_page.has_tried("company")


def test_the_company_s_word_is_given_in_a_recovery_and_kim_comes_by_the_code_as_well(demo_page: DemoPage) -> None:
    ask_for_recovery(demo_page)
    sign_in_by_the_app(demo_page, KIM)
    take_up(demo_page, ANSWER)
    demo_page.press(COLLEAGUE)

    demo_page.is_at("/company")
    expect(demo_page.app.locator("main")).to_contain_text("Unser Kundenservice kennt Ihre Antwort")


@pytest.mark.parametrize(("language", "width"), [("de", 320), ("en", 390), ("de", 1280)])
def test_who_helps_has_room_on_every_screen(open_page: OpenPage, language: str, width: int) -> None:
    demo_page = open_page(language, width=width, theme="dark")
    demo_page.choose(KIM)

    problems = accessibility_problems(demo_page.page) + overflow(demo_page.page)

    tabs = demo_page.page.locator(".windows .tool").all()
    edges = [box for tab in tabs if (box := tab.bounding_box())]
    assert not problems
    assert len(edges) == len(tabs) == 7
    assert width < 1280 or len({box["y"] for box in edges}) == 1
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] >= 44 for box in edges)
