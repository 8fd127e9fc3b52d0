"""The phone page: connect by a code, answer what the sign-in page asks, and find the way back when the key is gone."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.handset import (
    ASKED,
    CONNECT,
    DENY,
    DONE,
    NAME,
    QUIET,
    Handset,
    code_on_profile,
    digits_at,
    shown_digits,
)
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

CONFIRMED = Words("Bestätigt", "Confirmed")
DENIED = Words("Abgelehnt", "Denied")
SOMEONE_ELSE = Words("Abgelehnt. War es jemand anderes?", "Denied. Was it someone else?")
TWO_LEFT = Words("Diese Ziffern stimmen nicht. Noch 2 Versuche.", "These digits aren't right. 2 tries left.")
ONE_LEFT = Words("Diese Ziffern stimmen nicht. Noch ein Versuch.", "These digits aren't right. One try left.")
TOO_MANY = Words("Zu viele falsche Ziffern", "Too many wrong digits")
ALL_DIGITS = Words("Bitte geben Sie alle 6 Ziffern ein.", "Please enter all 6 digits.")
EXPIRED = Words("Die Anfrage ist abgelaufen", "The request has expired")
SETTLED = Words("Diese Anfrage ist erledigt", "This request is settled")
NEWER = Words("Eine neuere Anfrage hat die vorige ersetzt.", "A newer request has replaced the one before it.")
REMOVED = Words("Dieses Gerät ist nicht mehr verbunden", "This device is no longer connected")
FIRST = Words("Mit diesem Gerät bestätigen", "Confirm with this device")
CLEARED = Words("Dann wurde der Speicher des Browsers geleert", "Then the browser's storage was cleared")
USED = Words("Dieser Code ist verbraucht oder abgelaufen", "This code has been used or has expired")
NOT_A_LINK = Words("Das ist kein Link, um ein Gerät zu verbinden.", "That isn't a link for connecting a device.")
PASTE = Words("Stattdessen den Link einfügen", "Paste the link instead")
PASTED = Words("Link von der Profilseite", "Link from the profile page")
CONTINUE = Words("Weiter", "Continue")
FREEZE_PAGE = "/freeze/"

Connected = Callable[..., "Household"]
every_language = pytest.mark.parametrize("language", ["de", "en"])


class Household(NamedTuple):
    """One person with a phone that is connected, a desk at which they sign in, and a browser in which they have."""

    phone: Handset
    desk: Traveller
    owner: Traveller


@pytest.fixture
def connected(travel: Travel) -> Connected:
    """Give someone such a household."""

    def connect(language: str = "en") -> Household:
        owner = travel(language)
        owner.arrive()
        phone = Handset(travel(language, person=owner.person))
        phone.connect(code_on_profile(owner))
        return Household(phone, travel(language, person=owner.person), owner)

    return connect


@every_language
def test_a_phone_that_has_scanned_the_code_confirms_the_sign_in_at_the_desk(travel: Travel, language: str) -> None:
    owner = travel(language)
    owner.arrive()
    phone, desk = Handset(travel(language, person=owner.person)), travel(language, person=owner.person)

    phone.connect(code_on_profile(owner))
    owner.page.wait_for_url("**/profile?notice=push_added*")
    owner.sees(NAME)
    digits = digits_at(desk)
    phone.shows(ASKED)
    expect(phone.digits).to_be_focused()
    phone.approve(f"{digits[:3]} {digits[3:]}")

    phone.shows(CONFIRMED)
    desk.page.wait_for_url("**/")
    desk.sees(desk.name)
    phone.tap(DONE)
    phone.shows(QUIET)


def test_it_says_who_asks_from_where_and_until_when(connected: Connected) -> None:
    phone, desk, _ = connected("de")

    digits_at(desk)
    phone.shows(ASKED)

    for fact in ("Chrome auf Linux", "10.0.", desk.person.email[0] + "…"):
        phone.says(Words(fact, fact))
    assert phone.page.get_by_role("timer").inner_text().startswith("noch 1:")
    assert phone.digits.get_attribute("autocomplete") == "off"
    assert phone.digits.get_attribute("inputmode") == "numeric"


@every_language
def test_to_deny_signs_nobody_in(connected: Connected, language: str) -> None:
    phone, desk, _ = connected(language)
    digits_at(desk)

    phone.tap(DENY)

    phone.shows(DENIED)
    desk.page.wait_for_url("**/sign-in/push")
    desk.sees(Words("Die Anmeldung wurde abgelehnt", "The sign-in was denied"))


@every_language
def test_whoever_says_it_wasn_t_them_is_led_to_freeze_the_account(connected: Connected, language: str) -> None:
    phone, desk, _ = connected(language)
    digits_at(desk)

    phone.tap(w.NOT_ME)
    phone.shows(SOMEONE_ELSE)
    phone.traveller.follow(w.FREEZE)

    assert FREEZE_PAGE in phone.page.url
    phone.traveller.press(w.FREEZE)
    phone.says(Words("Ihr Konto ist gesperrt", "Your account is frozen"))


@every_language
def test_wrong_digits_are_counted_aloud_and_the_third_ends_the_request(connected: Connected, language: str) -> None:
    phone, desk, _ = connected(language)
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
    phone, desk, _ = connected("de")
    digits_at(desk)
    phone.shows(ASKED)

    desk.server.move(91)

    phone.shows(EXPIRED)
    phone.tap(DONE)
    phone.shows(QUIET)


def test_a_newer_request_takes_the_place_of_the_one_on_the_screen(connected: Connected) -> None:
    phone, desk, _ = connected("en")
    digits_at(desk)
    phone.shows(ASKED)

    desk.press(w.SEND_AGAIN)

    phone.says(NEWER)
    phone.approve(shown_digits(desk))
    phone.shows(CONFIRMED)


def test_a_request_answered_on_another_phone_is_taken_away(connected: Connected, travel: Travel) -> None:
    phone, desk, owner = connected("en")
    other = Handset(travel("en", person=owner.person))
    other.connect(code_on_profile(owner))
    digits_at(desk)
    phone.shows(ASKED)
    other.shows(ASKED)

    other.tap(DENY)

    phone.shows(SETTLED)


@every_language
def test_a_phone_removed_on_the_profile_says_so_and_is_connected_anew(connected: Connected, language: str) -> None:
    phone, desk, owner = connected(language)
    owner.page.goto(f"{owner.server.origin}/profile")
    owner.follow(Words(NAME, NAME))
    owner.press(Words("Telefon entfernen", "Remove phone"))

    phone.reload()
    phone.shows(REMOVED)
    phone.connect(code_on_profile(owner))

    digits_at(desk)
    phone.shows(ASKED)


def test_a_phone_whose_storage_was_cleared_tells_the_way_back(connected: Connected) -> None:
    phone, _, owner = connected("de")
    session = phone.page.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": owner.server.origin, "storageTypes": "all"})

    phone.reload()

    phone.shows(FIRST)
    phone.says(CLEARED)


def test_a_code_connects_one_phone_and_no_other(connected: Connected, travel: Travel) -> None:
    _, _, owner = connected("en")
    link = code_on_profile(owner)
    Handset(travel("en", person=owner.person)).connect(link)

    late = Handset(travel("en", person=owner.person))
    late.open(link)
    late.tap(CONNECT)

    late.says(USED)


def test_the_link_can_be_pasted_where_a_camera_opens_another_browser(travel: Travel) -> None:
    owner = travel("en")
    owner.arrive()
    link = code_on_profile(owner)
    phone = Handset(travel("en", person=owner.person))
    phone.open()
    phone.shows(FIRST)

    phone.page.get_by_text(PASTE.en).click()
    phone.traveller.type(PASTED, "https://example.com/")
    phone.tap(CONTINUE)
    phone.says(NOT_A_LINK)
    phone.traveller.type(PASTED, link)
    phone.tap(CONTINUE)
    phone.tap(CONNECT)

    phone.shows(QUIET)


def test_the_language_is_switched_while_connecting_and_the_code_still_holds(travel: Travel) -> None:
    owner = travel("en")
    owner.arrive()
    phone = Handset(travel("en", person=owner.person))
    phone.open(code_on_profile(owner))

    phone.traveller.press("Deutsch")
    phone.traveller.language = "de"
    phone.tap(CONNECT)

    phone.shows(QUIET)


def test_a_request_is_answered_by_keyboard_alone(connected: Connected) -> None:
    phone, desk, _ = connected("en")
    digits = digits_at(desk)
    phone.shows(ASKED)

    expect(phone.digits).to_be_focused()
    phone.page.keyboard.type(digits)
    phone.page.keyboard.press("Enter")

    expect(phone.page.get_by_role("heading", name=CONFIRMED.en)).to_be_focused()
    phone.page.keyboard.press("Tab")
    expect(phone.traveller.button(DONE)).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.shows(QUIET)


def test_the_digits_stay_nowhere_on_the_phone(connected: Connected) -> None:
    phone, desk, _ = connected("en")
    digits = digits_at(desk)

    phone.approve(digits)
    phone.shows(CONFIRMED)

    assert digits not in phone.page.content()
    assert digits not in str(phone.page.context.storage_state(indexed_db=True))
