"""“This wasn't me”: wherever it is pressed, the account is frozen, and only its owner releases it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

A_WEEK = timedelta(days=7, minutes=1)
FROZEN = Words("Ihr Konto ist gesperrt", "Your account is frozen")
MAIL_A_CODE = Words("Code per E-Mail senden", "Send code by e-mail")
RELEASE_CODE = Words("Ihr Code, um das Konto freizugeben", "Your code to release your account")
RELEASED = Words("Ihr Konto ist nicht mehr gesperrt.", "Your account is no longer frozen.")
NOT_FROZEN = Words("Ihr Konto ist nicht gesperrt.", "Your account isn't frozen.")
WHAT_NOW = Words("Was Sie jetzt tun können", "What you can do now")
STOPPED = Words("Diese Änderung wurde gestoppt", "This change was stopped")


def from_the_first_mail(someone: Traveller) -> None:
    someone.arrive()
    someone.ask_for_change()
    someone.open_mail(someone.mail(w.MAIL_1), w.NOT_ME)


def from_the_link_page(someone: Traveller) -> None:
    someone.arrive()
    someone.ask_for_change()
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.follow(w.NOT_ME)


def from_the_second_mail(someone: Traveller) -> None:
    someone.arrive_after_reset()
    someone.open_mail(someone.mail(w.MAIL_2), w.NOT_ME)


def from_the_text_message(someone: Traveller) -> None:
    someone.arrive_after_reset()
    someone.open(someone.text(code=False).link("/freeze"))


def release(someone: Traveller) -> None:
    someone.follow(w.SIGN_IN)
    release_at_sign_in(someone)


def release_at_sign_in(someone: Traveller) -> None:
    someone.give_password()
    someone.is_at("/sign-in/release")
    someone.press(MAIL_A_CODE)
    someone.give_code(someone.mail(RELEASE_CODE).code)
    someone.give_code(someone.text().code)
    someone.sees(RELEASED)


@pytest.mark.parametrize(
    ("language", "come"),
    [
        ("de", from_the_first_mail),
        ("en", from_the_link_page),
        ("en", from_the_second_mail),
        ("de", from_the_text_message),
    ],
)
def test_whoever_presses_it_freezes_the_account_and_its_owner_releases_it_with_two_codes(
    travel: Travel, language: str, come: Callable[[Traveller], None]
) -> None:
    someone = travel(language)
    come(someone)

    someone.freeze()
    someone.sees(FROZEN)
    someone.open("/profile")
    someone.is_at("/sign-in")
    someone.page.go_back()
    release(someone)
    someone.give_password()
    someone.give_code(someone.text().code)

    someone.is_at("/profile")
    someone.sees(f"+49 ••• ••• {someone.person.number[-3:]}")


@pytest.mark.parametrize("language", ["de"])
def test_page_and_mail_name_the_same_moment_from_which_the_present_number_releases_the_account(
    travel: Travel, language: str
) -> None:
    someone = travel(language)
    someone.person.change_number(someone.new_number)
    someone.go_on()
    someone.server.move(timedelta(days=1).total_seconds())
    someone.open_mail(someone.mail(w.MAIL_3), w.NOT_ME)

    someone.freeze()
    on_page = someone.page.locator("time").inner_text()
    told = someone.mail(FROZEN).text

    assert f"Ab {' '.join(on_page.split())} gibt es auch Ihre jetzige Nummer frei" in " ".join(told.split())


def test_every_browser_is_signed_out_and_the_link_is_stopped(travel: Travel) -> None:
    elsewhere = travel("de")
    someone = travel("de", person=elsewhere.person)
    elsewhere.arrive()
    from_the_first_mail(someone)

    someone.freeze()
    elsewhere.open("/profile")
    elsewhere.is_at("/sign-in")
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)

    someone.sees(STOPPED)


@pytest.mark.parametrize("language", ["en"])
def test_a_link_that_has_frozen_says_after_the_release_that_the_account_is_not_frozen(
    travel: Travel, language: str
) -> None:
    someone = travel(language)
    from_the_second_mail(someone)
    someone.freeze()
    release(someone)

    someone.open_mail(someone.mail(w.MAIL_2), w.NOT_ME)

    someone.sees(NOT_FROZEN)
    someone.sees("support@example.com")


def test_after_a_week_the_number_before_still_releases_where_no_other_is_bound(travel: Travel) -> None:
    someone = travel("de")
    from_the_second_mail(someone)
    someone.freeze()
    someone.server.move(A_WEEK.total_seconds())

    release(someone)

    someone.sees(RELEASED)


def test_who_opens_the_page_by_mistake_leaves_it_without_freezing(travel: Travel) -> None:
    someone = travel("en")
    from_the_first_mail(someone)

    someone.follow("Leave without freezing")

    someone.is_at("/profile")
    someone.sees("Number change: waiting for your confirmation")


def test_a_link_that_nobody_sent_leads_to_the_sign_in_and_to_help(travel: Travel) -> None:
    someone = travel("en")

    someone.open("/freeze/" + "A" * 22)
    someone.sees("We don't know this link")
    someone.sees("support@example.com")
    someone.follow(w.SIGN_IN)

    someone.is_at("/sign-in")


def test_a_link_for_a_new_password_says_that_the_account_is_frozen_meanwhile(travel: Travel) -> None:
    someone = travel("de")
    someone.open("/sign-in/forgotten")
    someone.type(w.EMAIL, someone.person.email)
    someone.press("Link senden")
    link = someone.mail("Neues Passwort wählen").link("/sign-in/new-password")
    from_the_second_mail(someone)
    someone.freeze()

    someone.open(link)
    someone.sees(FROZEN)
    someone.sees("So geben Sie es wieder frei")
