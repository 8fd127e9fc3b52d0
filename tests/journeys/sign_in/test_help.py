"""What a person can do who has none of the methods at hand, by what the account has; and the picker of a session."""

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.codes.test_recovery_codes import ENTER_NEW, make_codes
from tests.journeys.conftest import Travel
from tests.journeys.phone_change.test_lost_phone import TOO_OLD, give_password_again
from tests.journeys.words import Words

HAVE_CODES = Words("Sie haben Wiederherstellungscodes", "You have recovery codes")
ENTER_CODE = Words("Wiederherstellungscode eingeben", "Enter a recovery code")
SIM_CARD = Words("neue SIM-Karte", "new SIM card")
CODE_IS_NOT_ENOUGH = Words("Ein Code allein genügt hier nicht", "A code alone isn't enough here")

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


@in_german
def test_who_has_codes_on_paper_is_reminded_of_them(travel: Travel, language: str) -> None:
    someone = travel(language)
    make_codes(someone)
    someone.context.clear_cookies()
    someone.open("/sign-in")
    someone.give_password()
    someone.follow(w.OTHER_METHOD)
    someone.follow(w.NONE_OF_THESE)

    someone.sees(HAVE_CODES)
    someone.sees(SIM_CARD)
    someone.press(ENTER_CODE)
    someone.is_at("/sign-in/recovery-code")


@in_german
def test_after_the_reset_the_new_number_is_all_that_is_needed(travel: Travel, language: str) -> None:
    someone = travel(language)
    make_codes(someone)
    someone.ask_for_change()
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.open("/sign-in/help")

    someone.press(ENTER_NEW)
    someone.is_at("/sign-in/number")


@in_english
def test_the_picker_of_a_session_says_why_a_code_is_not_enough_and_leads_back(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.arrive()
    someone.server.move(TOO_OLD.total_seconds())
    someone.open("/reauthenticate?next=/phone-change/new")
    someone.follow(w.OTHER_METHOD)

    someone.sees(CODE_IS_NOT_ENOUGH)
    expect(someone.page.locator("form[data-passkey]")).to_have_count(0)
    someone.follow(w.PASSWORD)
    give_password_again(someone, someone.person.password)
    someone.is_at("/phone-change/new")
