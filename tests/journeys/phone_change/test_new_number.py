"""Entering the new number: what is taken, what is said when it isn't, and how to think again."""

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

SHORT = Words(
    "Der Nummer fehlen Ziffern. Für Deutschland sieht sie etwa so aus: 01512 3456789",
    "Some digits are missing. For Germany it looks like 01512 3456789",
)
LANDLINE = Words(
    "An diese Nummer können wir keine SMS schicken. Bitte geben Sie eine Mobilnummer ein.",
    "We can't send a text to this number. Please enter a mobile number.",
)
ELSEWHERE = Words("In das Land dieser Nummer können wir keine SMS schicken.", "We can't send texts to the country")
UNKNOWN_CODE = Words(
    "Die Ländervorwahl, mit der diese Nummer beginnt, gibt es nicht.",
    "We don't know the country code that this number begins with.",
)
OLD = Words("Das ist Ihre bisherige Nummer.", "That's your old number.")
MISSING = Words("Bitte geben Sie Ihre neue Telefonnummer ein.", "Please enter your new phone number.")
CHANGE = Words("Nummer ändern", "Change number")

every_language = pytest.mark.parametrize("language", ["de", "en"])


@every_language
def test_what_can_t_be_used_is_kept_and_told_with_what_to_do(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.come_to_number()

    for typed, said in (
        ("", MISSING),
        ("0151 2", SHORT),
        ("030 123456", LANDLINE),
        ("+86 131 2345 6789", ELSEWHERE),
        ("+999 131 2345", UNKNOWN_CODE),
        (f"0{someone.person.number[3:7]} {someone.person.number[7:]}", OLD),
    ):
        someone.type(w.NEW_NUMBER, typed)
        someone.press(w.SEND_CODE)
        someone.sees(said)
        expect(someone.field(w.NEW_NUMBER)).to_have_value(typed)
        expect(someone.field(w.NEW_NUMBER)).to_be_focused()
        expect(someone.field(w.NEW_NUMBER)).to_have_attribute("aria-invalid", "true")
    assert someone.sent("new_number_code") == 0


def comes_to_a_code(someone: Traveller) -> None:
    someone.press(w.SEND_CODE)
    someone.is_at("/sign-in/number/code")
    someone.sees(someone.new_number_in_full)


def test_a_number_in_national_form_is_taken(travel: Travel) -> None:
    someone = travel("de")
    someone.come_to_number()

    expect(someone.field(w.COUNTRY)).to_have_value("DE")
    someone.type(w.NEW_NUMBER, f"0{someone.new_number[3:7]} / {someone.new_number[7:]}")

    comes_to_a_code(someone)


@pytest.mark.parametrize("scripts", ["with", "without"])
def test_a_number_with_its_country_code_is_taken_whichever_country_is_picked(travel: Travel, scripts: str) -> None:
    someone = travel("en", scripts=scripts == "with")
    someone.come_to_number()
    someone.field(w.COUNTRY).select_option("AT")

    someone.type(w.NEW_NUMBER, someone.new_number)

    expect(someone.field(w.COUNTRY)).to_have_value("DE" if scripts == "with" else "AT")
    comes_to_a_code(someone)


@pytest.mark.parametrize(("typed", "country"), [("ost", "AT"), ("vereinigtes", "GB"), ("+41", "CH"), ("us", "US")])
def test_the_country_is_found_by_typing_its_name_or_code(travel: Travel, typed: str, country: str) -> None:
    someone = travel("de")
    someone.come_to_number()

    someone.field(w.COUNTRY).press_sequentially(typed)

    expect(someone.field(w.COUNTRY)).to_have_value(country)


def test_what_an_earlier_sign_in_entered_is_not_shown_to_a_later_one(travel: Travel) -> None:
    someone = travel("en")
    someone.come_to_number()
    someone.enter_number()
    someone.server.move(1)

    someone.open("/sign-in")
    someone.give_password()

    someone.is_at("/sign-in/number")
    expect(someone.field(w.NEW_NUMBER)).to_have_value("")


def test_a_mistyped_number_is_changed_beside_its_full_form(travel: Travel) -> None:
    someone = travel("en")
    someone.come_to_number()
    someone.enter_number("+4915206000001")
    someone.sees("+49 1520 6000001")
    mistaken = someone.text("+4915206000001").code

    someone.follow(CHANGE)
    expect(someone.field(w.NEW_NUMBER)).to_have_value("01520 6000001")
    expect(someone.field(w.COUNTRY)).to_have_value("DE")
    assert "6000001" not in someone.page.url
    someone.enter_number()
    someone.give_code(mistaken)
    someone.sees("That code isn't right.")
    someone.give_code(someone.text(someone.new_number).code)

    someone.is_at("/phone-change/finished")
    someone.sees(f"From now on we send codes to {someone.new_number_in_full}.")
    someone.reload()
    someone.sees(someone.new_number_in_full)
    someone.open("/profile")
    someone.sees(f"+49 ••• ••• {someone.new_number[-3:]}")
    assert someone.new_number_in_full not in someone.page.content()
