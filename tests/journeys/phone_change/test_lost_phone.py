"""The old phone is gone, but a browser is still signed in; then it is asked for the password again."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

TOO_OLD = timedelta(minutes=16)
AGAIN = Words("Ihre Anmeldung liegt eine Weile zurück.", "You signed in a while ago.")
WRONG = Words("Dieses Passwort stimmt nicht.", "That password isn't right.")
in_english = pytest.mark.parametrize("language", ["en"])


def come_to_the_question(someone: Traveller) -> None:
    someone.arrive()
    someone.server.move(TOO_OLD.total_seconds())
    someone.open("/profile")
    someone.press(w.CHANGE_NUMBER)
    someone.is_at("/reauthenticate")
    someone.sees(AGAIN)


def give_password_again(someone: Traveller, password: str) -> None:
    someone.type(w.PASSWORD, password)
    someone.press(w.CONFIRM)


@in_english
def test_the_number_is_changed_without_the_old_phone_and_the_dialog_waits_after_the_password(
    travel: Travel, language: str
) -> None:
    someone = travel(language)
    come_to_the_question(someone)
    texts = len(someone.person.texts)

    give_password_again(someone, "not my password")
    someone.sees(WRONG)
    give_password_again(someone, someone.person.password)

    someone.is_at("/profile")
    expect(someone.page.get_by_role("dialog")).to_be_visible()
    someone.press(w.CONFIRM)
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")
    assert [each for each in someone.person.texts[texts:] if "#" in each.text] == [], "no code goes to the lost phone"


def test_without_scripts_the_page_of_the_dialog_waits_after_the_password(travel: Travel) -> None:
    someone = travel("de", scripts=False)
    come_to_the_question(someone)

    give_password_again(someone, someone.person.password)

    someone.is_at("/phone-change/new")
    someone.press(w.CONFIRM)
    someone.mail(w.MAIL_1)


def test_who_opens_the_dialog_and_waits_too_long_is_asked_and_comes_back_to_it(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive()
    someone.open("/profile")
    someone.tap(w.CHANGE_NUMBER)
    someone.server.move(TOO_OLD.total_seconds())

    someone.press(w.CONFIRM)
    someone.is_at("/reauthenticate")
    give_password_again(someone, someone.person.password)

    someone.is_at("/phone-change/new")
    someone.press(w.CONFIRM)
    someone.mail(w.MAIL_1)
