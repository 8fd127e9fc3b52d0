"""Customer relations in the demonstration: who has nothing left comes back, with nothing but what is on the page."""

from playwright.sync_api import expect

from renumber.demo.accounts import JONAS
from renumber.demo.staff import STAFF, DemoColleague
from tests.demo.demonstration import DemoPage
from tests.journeys import words as w
from tests.journeys.console.team import ADD_EVIDENCE, APPROVE, ASK_FOR_REVIEW, CONTINUE, KIND, REASON, TAKE
from tests.journeys.console.test_coming_back import BACK, CONFIRM_IT, OPENED, RECOVER, REQUEST
from tests.journeys.words import Words

AGENT, REVIEWER, _, KIM = STAFF
# What docs/customer-relations.md says that the walk of all three people takes.
AT_MOST = {"presses": 32, "fields": 16, "characters": 230, "pages": 28}
CASES = Words("Wiederherstellungsfälle", "Recovery cases")


def give(demo_page: DemoPage, words: Words, reason: str, *, then: str) -> None:
    """Press a button of the console, for a reason, and see what has come of it."""
    demo_page.fill(REASON, reason)
    demo_page.press(words)
    expect(demo_page.app.locator(".card")).to_contain_text(then)


def come_to_the_case(demo_page: DemoPage) -> None:
    demo_page.follow(CASES)
    demo_page.press_part(demo_page.app.locator(".rows a").first)
    give(demo_page, CONTINUE, "Jonas ruft deswegen an.", then="Eröffnet")


def ask_for_recovery(demo_page: DemoPage) -> None:
    demo_page.choose(JONAS)
    demo_page.give_password(JONAS)
    demo_page.follow(w.OTHER_METHOD)
    demo_page.follow(w.NONE_OF_THESE)
    demo_page.press(REQUEST)
    demo_page.sees_mail(CONFIRM_IT)
    demo_page.open_in_mail(REQUEST)
    demo_page.press(REQUEST)
    demo_page.sees_mail(OPENED)


def sign_in_by_the_app(demo_page: DemoPage, colleague: DemoColleague) -> None:
    demo_page.choose(colleague)
    demo_page.press_beside(colleague.first_name)
    demo_page.is_at("/sign-in")
    demo_page.give_password(colleague)
    shown = demo_page.page.locator(f"[data-code={colleague.key}]")
    demo_page.give_code(shown.get_attribute("data-copy") or "")
    demo_page.is_at("/profile")
    demo_page.press_beside(colleague.first_name)


def collect_evidence(demo_page: DemoPage) -> None:
    come_to_the_case(demo_page)
    give(demo_page, TAKE, "Ich kümmere mich.", then="Zurücklegen")
    demo_page.select(KIND, "document")
    give(demo_page, ADD_EVIDENCE, "Vorgang 4711", then="Vorgang 4711")
    give(demo_page, ASK_FOR_REVIEW, "Passt.", then="Prüfung ist angefragt")


def test_who_has_nothing_left_comes_back_by_two_people_and_a_moved_clock(demo_page: DemoPage) -> None:
    ask_for_recovery(demo_page)
    sign_in_by_the_app(demo_page, AGENT)
    collect_evidence(demo_page)
    demo_page.choose(REVIEWER)
    demo_page.press_beside(f"Als {REVIEWER.first_name} weiter")
    demo_page.is_at("/console")
    come_to_the_case(demo_page)
    give(demo_page, APPROVE, "Beide sind verzeichnet.", then="Zugestimmt")
    expect(demo_page.app.locator("[data-part=case]")).to_contain_text(AGENT.name)
    expect(demo_page.app.locator("#live")).to_be_visible()
    demo_page.let_pass("72 Stunden später")

    demo_page.sees_mail(BACK)
    demo_page.press_beside("Eigener Browser")
    demo_page.open_in_mail(RECOVER)
    demo_page.press(RECOVER)
    demo_page.follow(w.SIGN_IN)
    demo_page.give_password(JONAS)
    demo_page.fill(w.NEW_NUMBER, JONAS.new_number.e164)
    demo_page.press(w.SEND_CODE)
    demo_page.give_code_number(1, JONAS.new_number.e164)
    demo_page.is_at("/phone-change/finished")
    demo_page.has_tried("lost", "recovery")  # his old phone was needed for neither
    walked = {
        "presses": demo_page.presses,
        "fields": demo_page.fields,
        "characters": demo_page.keys,
        "pages": demo_page.pages,
    }
    assert {name: count for name, count in walked.items() if count > AT_MOST[name]} == {}
