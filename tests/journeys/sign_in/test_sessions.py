"""Signed-in browsers: seen, ended one by one or all others at once; and the language that pages and mails speak."""

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller

END_OTHERS = "End all other sessions"
SIGN_IN_AGAIN = "For your safety you have been signed out. Please sign in again."


def is_signed_out(someone: Traveller) -> bool:
    someone.open("/profile")
    return someone.page.url.endswith("/sign-in?notice=session_ended")


def test_one_browser_is_signed_out_from_another_and_then_all_others_are(travel: Travel) -> None:
    here = travel("en")
    there, third = travel("en", person=here.person), travel("en", person=here.person)
    for browser in (third, there, here):
        browser.sign_in()
    here.open("/profile")

    ends = here.page.get_by_role("button", name="End session")
    expect(ends).to_have_count(2)
    here.go_by(ends.first)
    here.sees("Whoever uses it has to sign in again.")
    assert not is_signed_out(there)
    here.press("End session")
    here.sees("That browser is signed out.")
    assert [is_signed_out(browser) for browser in (there, third)] == [True, False]
    there.sees(SIGN_IN_AGAIN)
    here.press(END_OTHERS)
    here.sees("1 other browser is signed out at once.")
    here.press(END_OTHERS)
    here.sees("You are signed in nowhere else.")

    assert is_signed_out(third)
    here.open("/profile")
    here.is_at("/profile")


def test_who_signs_out_is_told_so_and_the_back_button_shows_nothing_more(travel: Travel) -> None:
    someone = travel("de")
    someone.arrive()
    someone.open("/")
    someone.open_profile()

    someone.tap(someone.name)
    someone.press(w.SIGN_OUT)
    someone.sees("Sie sind abgemeldet.")
    someone.page.go_back()

    someone.page.wait_for_url("**/sign-in*")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten", "/phone-change/removed", "/freeze/" + "A" * 22])
def test_the_language_is_switched_on_a_page_and_kept_on_the_next(travel: Travel, path: str) -> None:
    someone = travel("de")
    someone.open(path)

    someone.press("English")
    someone.is_at(path)
    someone.open("/sign-in")

    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Sign in to Example Card")
    expect(someone.page.locator("html")).to_have_attribute("lang", "en")


def test_the_language_is_switched_on_a_page_that_refused_something_and_comes_back_to_it(travel: Travel) -> None:
    someone = travel("de")
    someone.open("/sign-in")
    someone.give_password("not my password")

    someone.press("English")
    someone.is_at("/sign-in")
    someone.language = "en"
    someone.give_password()
    code = someone.text().code
    someone.give_code("000000" if code != "000000" else "111111")
    someone.press("Deutsch")
    someone.is_at("/sign-in/code")
    someone.language = "de"
    someone.give_code(code)

    someone.is_at("/profile")
    someone.sees("Anmeldebestätigung")


def test_mails_follow_the_language_that_someone_signed_in_chooses(travel: Travel) -> None:
    someone = travel("de")
    someone.arrive()
    someone.open("/profile")

    someone.press("English")
    someone.is_at("/profile")
    someone.language = "en"
    someone.ask_for_change()
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)

    someone.sees("Afterwards, sign in again and enter your new number.")


def test_an_address_that_is_none_is_told_beside_its_field_and_stays(travel: Travel) -> None:
    someone = travel("de")
    someone.open("/sign-in/forgotten")

    someone.type(w.EMAIL, "anna@")
    someone.press("Link senden")

    someone.sees("Das ist keine vollständige E\u2011Mail-Adresse.")
    expect(someone.field(w.EMAIL)).to_have_value("anna@")
    expect(someone.field(w.EMAIL)).to_be_focused()
