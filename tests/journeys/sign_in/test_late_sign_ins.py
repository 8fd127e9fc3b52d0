"""A sign-in takes half an hour at most: whoever comes later hears why it begins anew, and goes on."""

import pytest

from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

TOO_LONG = Words(
    "Das hat zu lange gedauert, darum haben wir zu Ihrer Sicherheit abgebrochen.",
    "That took too long, so we've stopped for your safety. Please sign in again.",
)
NEXT = Words(
    "Ihre Nummer wurde entfernt. Als Nächstes: anmelden und die neue Nummer eingeben.",
    "Your number has been removed. Next: sign in and enter your new number.",
)


def lose_cookie(someone: Traveller) -> None:
    """Half an hour goes by: then the browser lets go of the cookie by itself."""
    someone.context.clear_cookies(name="__Host-sign-in")


@pytest.mark.parametrize("language", ["en"])
def test_a_sign_in_whose_cookie_ran_out_says_that_it_took_too_long(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.open("/sign-in")
    someone.give_password()
    code = someone.text().code

    lose_cookie(someone)
    someone.give_code(code)
    someone.sees(TOO_LONG)
    someone.open("/sign-in/code")
    someone.sees(TOO_LONG)
    someone.give_password()

    someone.is_at("/sign-in/code")


def test_who_removed_the_number_hears_again_what_comes_next_until_it_is_done(travel: Travel) -> None:
    someone = travel("de")
    someone.come_to_number()

    lose_cookie(someone)
    someone.enter_number()
    someone.sees(NEXT)
    someone.give_password()
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")
    someone.context.clear_cookies(name="__Host-session")
    someone.open("/sign-in/number")

    someone.sees(TOO_LONG)
