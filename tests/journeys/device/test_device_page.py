"""The phone page: what the sign-in page asks is answered there, by whoever sees its digits."""

import re

import pytest
from playwright.sync_api import expect

from harness.browser import Held
from harness.owner import invited
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.handset import (
    ASKED,
    DENY,
    DONE,
    NAME,
    QUIET,
    Connected,
    Handset,
    code_on_profile,
    digits_at,
    shown_digits,
)
from tests.journeys.words import Words

CONFIRMED = Words("Bestätigt", "Confirmed")
DENIED = Words("Abgelehnt", "Declined")
SOMEONE_ELSE = Words("Abgelehnt. War es jemand anderes?", "Declined. Was it someone else?")
TWO_LEFT = Words("Diese Ziffern stimmen nicht. Noch 2 Versuche.", "These digits aren't right. 2 tries left.")
ONE_LEFT = Words("Diese Ziffern stimmen nicht. Noch ein Versuch.", "These digits aren't right. One try left.")
TOO_MANY = Words("Zu viele falsche Ziffern", "Too many wrong digits")
ALL_DIGITS = Words("Bitte geben Sie alle 6 Ziffern ein.", "Please enter all 6 digits.")
EXPIRED = Words("Die Anfrage ist abgelaufen", "The request has expired")
SETTLED = Words("Diese Anfrage ist erledigt", "This request is settled")
NEWER = Words("Eine neuere Anfrage hat die vorige ersetzt.", "A newer request has replaced the one before it.")
FREEZE_PAGE = "/freeze/"
AGAIN = "**/sign-in/push/again"

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


@in_german
def test_a_phone_that_has_scanned_the_code_confirms_the_sign_in_at_the_desk(travel: Travel, language: str) -> None:
    owner = travel(language)
    owner.arrive_to_manage()
    phone, desk = Handset(travel(language, person=owner.person)), travel(language, person=owner.person)

    phone.connect(code_on_profile(owner), owner)
    owner.page.wait_for_url("**/profile?notice=push_added*")
    owner.sees(NAME)
    digits = digits_at(desk)
    phone.shows(ASKED)
    expect(phone.digits).to_be_focused()
    phone.approve(f"{digits[:3]} {digits[3:]}")

    phone.shows(CONFIRMED)
    desk.page.wait_for_url("**/profile")
    desk.sees(desk.name)
    phone.tap(DONE)
    phone.shows(QUIET)


def test_it_says_who_asks_from_where_and_until_when(connected: Connected) -> None:
    phone, desk = connected("de")

    digits_at(desk)
    phone.is_asked()

    for fact in ("Chrome auf Linux", "10.0.", desk.person.email[0] + "…"):
        phone.says(Words(fact, fact))
    assert phone.page.get_by_role("timer").inner_text().startswith("noch 1:")
    assert phone.digits.get_attribute("autocomplete") == "off"
    assert phone.digits.get_attribute("inputmode") == "numeric"


@pytest.mark.parametrize(
    ("language", "moment"),
    [("de", r"\d+\. \w+ 20\d\d, \d\d:\d\d\u00a0Uhr\u00a0M\w+"), ("en", r"\d+ \w+ 20\d\d, \d\d:\d\d\u00a0CES?T")],
)
def test_it_says_since_when_it_is_connected_as_the_other_pages_say_times(
    connected: Connected, language: str, moment: str
) -> None:
    phone, _ = connected(language)

    phone.shows(QUIET)

    expect(phone.page.locator("[data-fill=since]")).to_have_text(re.compile(moment))


@in_german
def test_to_deny_signs_nobody_in(connected: Connected, language: str) -> None:
    phone, desk = connected(language)
    digits_at(desk)

    phone.tap(DENY)

    phone.shows(DENIED)
    desk.page.wait_for_url("**/sign-in/push")
    desk.sees(Words("Die Anfrage wurde abgelehnt", "The request was declined"))


@in_english
def test_whoever_says_it_wasn_t_them_is_led_to_freeze_the_account(connected: Connected, language: str) -> None:
    phone, desk = connected(language)
    digits_at(desk)

    phone.tap(w.NOT_ME)
    phone.shows(SOMEONE_ELSE)
    phone.traveller.follow(w.FREEZE)

    assert FREEZE_PAGE in phone.page.url
    phone.traveller.press(w.FREEZE)
    phone.says(Words("Ihr Konto ist gesperrt", "Your account is frozen"))


@in_german
def test_wrong_digits_are_counted_aloud_and_the_third_ends_the_request(connected: Connected, language: str) -> None:
    phone, desk = connected(language)
    wrong = str((int(digits_at(desk)) + 1) % 1_000_000).zfill(6)

    phone.approve("12")
    phone.says(ALL_DIGITS)
    phone.approve(wrong)
    phone.says(TWO_LEFT)
    expect(phone.digits).to_be_focused()
    expect(phone.digits).to_have_value("")
    phone.approve(wrong)
    phone.says(ONE_LEFT)
    phone.approve(wrong)

    phone.shows(TOO_MANY)
    desk.sees(Words("Zu viele falsche Ziffern", "Too many wrong digits"))


def test_a_request_that_nobody_answers_in_time_is_shown_as_expired(connected: Connected) -> None:
    phone, desk = connected("de")
    digits_at(desk)
    phone.is_asked()

    desk.server.move(91)

    phone.shows(EXPIRED)
    phone.tap(DONE)
    phone.shows(QUIET)


def test_a_newer_request_takes_the_place_of_the_one_on_the_screen(connected: Connected) -> None:
    phone, desk = connected("en")
    digits_at(desk)
    phone.is_asked()
    held = Held(desk.page, AGAIN)

    # The request is replaced, of which the page would hear, before the answer to its own button is there.
    with desk.page.expect_event("requestfailed", lambda request: "/events" in request.url):
        desk.button(w.SEND_AGAIN).click(no_wait_after=True)
        answer = held.one().fetch(max_redirects=0)
    with desk.page.expect_navigation():
        held.one().fulfill(response=answer)
    desk.watch.look(desk.page)

    phone.look_up()
    phone.says(NEWER)
    phone.approve(shown_digits(desk))
    phone.shows(CONFIRMED)


def test_a_request_answered_on_another_phone_is_taken_away(connected: Connected, travel: Travel) -> None:
    phone, desk = connected("en")
    other = Handset(travel("en", person=desk.person))
    other.connect(f"{desk.server.origin}/device#enrol={invited(desk.person)}")
    digits_at(desk)
    phone.is_asked()
    other.is_asked()

    other.tap(DENY)

    phone.shows(SETTLED)


def test_a_request_is_answered_by_keyboard_alone(connected: Connected) -> None:
    phone, desk = connected("en")
    digits = digits_at(desk)
    phone.is_asked()

    expect(phone.digits).to_be_focused()
    phone.page.keyboard.type(digits)
    phone.page.keyboard.press("Enter")

    expect(phone.page.get_by_role("heading", name=CONFIRMED.en)).to_be_focused()
    phone.page.keyboard.press("Tab")
    expect(phone.traveller.button(DONE)).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.shows(QUIET)


def test_the_digits_stay_nowhere_on_the_phone(connected: Connected) -> None:
    phone, desk = connected("en")
    digits = digits_at(desk)

    phone.approve(digits)
    phone.shows(CONFIRMED)

    assert digits not in phone.page.content()
    assert digits not in str(phone.page.context.storage_state(indexed_db=True))
