"""The demonstration's page itself: live, readable by everyone, and the same after a reload."""

import re

import pytest
from playwright.sync_api import expect

from renumber.demo.accounts import ANNA, JONAS
from tests.browser import accessibility_problems
from tests.demo.conftest import TakeSeat
from tests.demo.theatre import Seat
from tests.journeys import words as w
from tests.journeys.watch import overflow


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_everyone_can_use_the_page_in_either_language_and_theme(take_seat: TakeSeat, language: str, theme: str) -> None:
    seat = take_seat(language, theme=theme)

    seat.is_at("/sign-in")
    expect(seat.page.locator("html")).to_have_attribute("lang", language)
    expect(seat.page.locator(".tag", has_text="Demo")).to_be_visible()
    assert not accessibility_problems(seat.page)
    assert not overflow(seat.page)


def test_everyone_can_use_the_page_when_it_is_full_of_messages_and_a_reload_keeps_them(seat: Seat) -> None:
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)
    seat.ask_for_a_change()

    problems = accessibility_problems(seat.page)
    seat.page.get_by_role("button", name="Nur Text").click()
    expect(seat.page.locator("#plain a").first).to_be_visible()
    problems += accessibility_problems(seat.page) + overflow(seat.page)
    seat.page.reload()

    assert not problems
    seat.is_at("/profile")
    seat.sees_mail(w.MAIL_1)
    expect(seat.texts(ANNA.number.e164)).to_have_count(1)
    expect(seat.page.locator("#mail")).to_have_attribute("sandbox", "allow-same-origin")  # so nothing in it runs


def test_web_app_mailbox_and_phones_stand_side_by_side_on_a_laptop(take_seat: TakeSeat) -> None:
    seat = take_seat(width=1280, height=800)

    edges = [seat.page.locator(part).bounding_box() for part in (".app", ".mailbox", ".phones")]

    boxes = [box for box in edges if box]
    assert [box["y"] for box in boxes] == [boxes[0]["y"]] * 3
    assert boxes[-1]["x"] + boxes[-1]["width"] <= 1280


def test_back_and_reload_move_the_web_app_and_never_leave_the_page(take_seat: TakeSeat) -> None:
    seat = take_seat()
    expect(seat.page.get_by_role("button", name="Zurück")).to_be_disabled()
    seat.app.get_by_role("link", name="Passwort vergessen?").click()
    seat.is_at("/sign-in/forgotten")

    seat.page.get_by_role("button", name="Neu laden").click()
    seat.is_at("/sign-in/forgotten")
    seat.page.get_by_role("button", name="Zurück").click()

    seat.is_at("/sign-in")
    expect(seat.page.locator("#hints")).to_be_visible()


def test_a_code_is_seen_at_once_on_every_open_page_and_a_press_copies_it(seat: Seat, take_seat: TakeSeat) -> None:
    other = take_seat()

    seat.give_password(ANNA)
    code = other.texts(ANNA.number.e164).locator(".code")
    code.click()

    expect(other.page.get_by_role("status")).to_have_text(f"Kopiert: {code.inner_text()}")
    assert other.page.evaluate("navigator.clipboard.readText()") == code.inner_text()


def test_a_number_that_nobody_expected_gets_a_phone_of_its_own(seat: Seat) -> None:
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)
    seat.ask_for_a_change()
    seat.use_the_link()
    seat.follow(w.SIGN_IN)
    seat.give_password(ANNA)

    seat.fill(w.NEW_NUMBER, "0171 3920077")
    seat.press(w.SEND_CODE)
    seat.is_at("/sign-in/number/code")

    phone = seat.page.locator('.pair[data-person="anna"] .phone[data-number="+491713920077"]')
    expect(phone.locator(".bubble")).to_have_text(re.compile(r"^\d{6} ist Ihr Code"))


def test_the_mailbox_of_whoever_is_written_to_comes_to_the_front(seat: Seat) -> None:
    seat.give_password(JONAS)

    expect(seat.page.get_by_role("radio", name="Jonas")).to_be_checked()
    expect(seat.texts(JONAS.number.e164).get_by_text("Ungelesene Nachricht")).to_be_visible()
