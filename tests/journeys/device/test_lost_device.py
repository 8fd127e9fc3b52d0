"""A lost device is reported with nothing but the password, and opened again on the profile."""

import re
from base64 import b32decode

import pytest
from playwright.sync_api import expect

from renumber.clock import SystemClock
from renumber.domain.totp import STEP, code_at
from tests.journeys import words as w
from tests.journeys.codes.test_recovery_codes import make_codes
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

APP = Words("Authenticator-App", "Authenticator app")
LOST = Words("Gerät verloren?", "Lost a device?")
ASKED = Words("Diese Methode stilllegen?", "Suspend this method?")
SUSPEND = Words("Stilllegen", "Suspend")
SUSPENDED = Words("„Authenticator-App“ ist stillgelegt", "“Authenticator app” is suspended")
REPORTED = Words("stillgelegt", "suspended")
OPEN_AGAIN = Words("Wieder freigeben", "Reactivate")
OPEN = Words("Die Methode ist wieder frei", "The method is active again")
ONLY = Words("Das ist Ihre letzte Möglichkeit", "This is the only way")
ONE_WAY = Words("Sie haben nur eine Möglichkeit", "You have no more than one way")
WHAT_NOW = Words("Was Sie jetzt tun können", "What you can do now")
MAIL = Words("Eine Anmeldemethode wurde als verloren gemeldet", "A sign-in method was reported lost")
KEY = re.compile(r"secret=([A-Z2-7]+)")

both_languages = pytest.mark.parametrize("language", ["de", "en"])


def add_app(someone: Traveller) -> None:
    """Sign in, and add an authenticator app."""
    someone.arrive()
    add_app_on_profile(someone)


def add_app_on_profile(someone: Traveller) -> bytes:
    """Add an authenticator app on the profile, with the code that it shows, and give its key."""
    someone.open("/profile")
    someone.go_by(someone.page.get_by_role("button", name=someone.said(APP)))
    someone.prove_again(w.ADD)
    found = KEY.search(someone.page.content())
    assert found
    key = b32decode(found[1] + "=" * (-len(found[1]) % 8))
    someone.give_code(code_of_app(someone, key))
    return key


def code_of_app(someone: Traveller, key: bytes) -> str:
    """The code that an authenticator app shows by the server's clock."""
    return code_at(key, int(SystemClock().now().timestamp() + someone.server.offset) // STEP)


@both_languages
def test_at_the_picker_the_password_is_enough_and_the_profile_takes_it_back(travel: Travel, language: str) -> None:
    someone = travel(language)
    add_app(someone)
    someone.context.clear_cookies()
    someone.open("/sign-in")
    someone.give_password()
    someone.is_at("/sign-in/app")
    someone.follow(w.OTHER_METHOD)
    someone.follow(LOST)
    someone.follow(APP)
    someone.sees(ASKED)
    someone.follow(w.CANCEL)
    someone.follow(APP)
    someone.press(SUSPEND)

    someone.is_at("/sign-in/method")
    someone.sees(SUSPENDED)
    someone.sees(REPORTED)
    someone.mail(MAIL)
    someone.go_by(someone.page.get_by_role("button", name=someone.said(w.PHONE)))
    someone.is_at("/sign-in/code")
    someone.give_code(someone.text().code)

    someone.open("/profile")
    someone.sees(REPORTED)
    someone.go_by(someone.page.get_by_role("button", name=someone.said(OPEN_AGAIN)))
    someone.prove_again(OPEN_AGAIN)
    someone.sees(OPEN)
    expect(someone.page.get_by_text(someone.said(REPORTED), exact=True)).to_have_count(0)


def test_the_only_way_in_stays_and_the_page_says_why(travel: Travel) -> None:
    someone = travel("de")
    make_codes(someone)
    someone.context.clear_cookies()
    someone.open("/sign-in")
    someone.give_password()
    someone.follow(w.OTHER_METHOD)
    someone.follow(LOST)
    someone.go_by(someone.page.get_by_role("link", name=someone.said(w.PHONE)))
    someone.press(SUSPEND)

    someone.sees(ONLY)
    someone.is_at("/sign-in/lost")


@pytest.mark.parametrize("language", ["en"])
def test_whose_only_method_is_lost_is_led_on_to_what_helps(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.open("/sign-in")
    someone.give_password()
    someone.follow(w.OTHER_METHOD)
    expect(someone.link(LOST)).to_have_count(0)

    someone.open("/sign-in/lost")
    someone.sees(ONE_WAY)
    expect(someone.page.get_by_role("link", name=someone.said(w.PHONE))).to_have_count(0)
    someone.follow(WHAT_NOW)

    someone.is_at("/sign-in/help")
    expect(someone.link(LOST)).to_have_count(0)


def test_whose_only_method_is_lost_is_led_from_the_profile_and_back_to_it(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive()
    someone.open("/profile")
    someone.follow(LOST)

    someone.sees("in your profile you can change your number")
    someone.follow("Back to your profile")

    someone.is_at("/profile")
