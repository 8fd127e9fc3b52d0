"""The demonstration's page itself: live, readable by everyone, and the same after a reload."""

import re

import pytest
from playwright.sync_api import expect

from harness.browser import accessibility_problems
from renumber.demo.accounts import ANNA, JONAS
from tests.demo.conftest import OpenPage
from tests.demo.demonstration import DemoPage
from tests.journeys import words as w
from tests.journeys.watch import overflow


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_everyone_can_use_the_page_in_either_language_and_theme(open_page: OpenPage, language: str, theme: str) -> None:
    demo_page = open_page(language, theme=theme)

    demo_page.is_at("/sign-in")
    expect(demo_page.page.locator("html")).to_have_attribute("lang", language)
    expect(demo_page.page.locator(".tag", has_text="Demo")).to_be_visible()
    assert not accessibility_problems(demo_page.page)
    assert not overflow(demo_page.page)


def test_everyone_can_use_the_page_when_it_is_full_of_messages_and_a_reload_keeps_them(demo_page: DemoPage) -> None:
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)
    demo_page.ask_for_a_change()

    problems = accessibility_problems(demo_page.page)
    demo_page.page.get_by_role("button", name="Nur Text").click()
    expect(demo_page.page.locator("#plain a").first).to_be_visible()
    problems += accessibility_problems(demo_page.page) + overflow(demo_page.page)
    demo_page.page.reload()

    assert not problems
    demo_page.is_at("/profile")
    demo_page.sees_mail(w.MAIL_1)
    expect(demo_page.texts(ANNA.number.e164)).to_have_count(2)  # the code, the new browser
    expect(demo_page.page.locator("#mail")).to_have_attribute("sandbox", "allow-same-origin")  # so nothing in it runs


def test_web_app_mailbox_and_phones_stand_side_by_side_on_a_laptop(open_page: OpenPage) -> None:
    demo_page = open_page(width=1280, height=800)

    edges = [demo_page.page.locator(part).bounding_box() for part in (".app", ".mailbox", ".phones")]

    app, mailbox, phones = [box for box in edges if box]
    assert app["x"] + app["width"] <= mailbox["x"]
    assert mailbox["x"] + mailbox["width"] <= phones["x"]
    assert phones["x"] + phones["width"] <= 1280
    expect(demo_page.page.get_by_role("navigation", name="Teile der Demo")).to_be_hidden()


@pytest.mark.parametrize("language", ["de", "en"])
def test_on_a_phone_one_part_is_shown_and_the_others_count_what_is_new(open_page: OpenPage, language: str) -> None:
    demo_page = open_page(language, width=320 if language == "de" else 390, height=844)
    app, mailbox, phones = (demo_page.page.locator(f"main > {part}") for part in (".app", ".mailbox", ".phones"))
    expect(demo_page.page.locator("#hints")).not_to_have_attribute("open", "")
    to_phones = demo_page.page.locator(".parts a").last
    to_phones.click()  # what other tests have left there is seen
    demo_page.page.locator(".parts a").first.click()

    demo_page.give_password(ANNA)
    expect(to_phones).to_contain_text("1 neu" if language == "de" else "1 new")
    problems = accessibility_problems(demo_page.page) + overflow(demo_page.page)
    expect(phones).to_be_hidden()
    to_phones.click()

    expect(to_phones).to_have_attribute("aria-current", "true")
    expect(to_phones.locator(".count")).to_be_hidden()
    expect(phones).to_be_visible()
    expect(app).to_be_hidden()
    expect(mailbox).to_be_hidden()
    demo_page.page.reload()
    expect(phones).to_be_visible()
    expect(to_phones.locator(".count")).to_be_hidden()
    assert not problems + accessibility_problems(demo_page.page) + overflow(demo_page.page)


def test_back_and_reload_move_the_web_app_and_never_leave_the_page(open_page: OpenPage) -> None:
    demo_page = open_page()
    expect(demo_page.page.get_by_role("button", name="Zurück", exact=True)).to_be_disabled()
    with demo_page.turning():
        demo_page.app.get_by_role("link", name="Passwort vergessen?").click()
    demo_page.is_at("/sign-in/forgotten")

    demo_page.press_beside("Neu laden")
    demo_page.is_at("/sign-in/forgotten")
    demo_page.press_beside("Zurück")

    demo_page.is_at("/sign-in")
    expect(demo_page.page.locator("#hints")).to_be_visible()


def test_a_code_is_seen_at_once_on_every_open_page_and_a_press_copies_it(
    demo_page: DemoPage, open_page: OpenPage
) -> None:
    other = open_page()

    demo_page.give_password(ANNA)
    code = other.texts(ANNA.number.e164).locator(".code")
    code.click()

    expect(other.page.get_by_role("status")).to_have_text(f"Kopiert: {code.inner_text()}")
    assert other.page.evaluate("navigator.clipboard.readText()") == code.inner_text()


def test_a_number_that_nobody_expected_gets_a_phone_of_its_own(demo_page: DemoPage) -> None:
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)
    demo_page.ask_for_a_change()
    demo_page.use_the_link()
    demo_page.follow(w.SIGN_IN)
    demo_page.give_password(ANNA)

    demo_page.fill(w.NEW_NUMBER, "0171 3920077")
    demo_page.press(w.SEND_CODE)
    demo_page.is_at("/sign-in/number/code")

    phone = demo_page.page.locator('.pair[data-person="anna"] .phone[data-number="+491713920077"]')
    expect(phone.locator(".bubble")).to_have_text(re.compile(r"^\d{6} ist Ihr Code"))


def test_the_mailbox_of_whoever_is_written_to_comes_to_the_front(demo_page: DemoPage) -> None:
    demo_page.give_password(JONAS)

    expect(demo_page.page.get_by_role("radio", name="Jonas")).to_be_checked()
    expect(demo_page.texts(JONAS.number.e164).get_by_text("Ungelesene Nachricht")).to_be_visible()
