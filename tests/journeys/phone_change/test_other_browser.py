"""The new number is entered elsewhere than where the link was pressed, or much later: the mailbox is asked first."""

from datetime import timedelta

import pytest

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

MAILBOX_CODE = Words("Ihr Code zur Bestätigung", "Your code to confirm that it's you")
SHOW = Words("bevor Sie Ihre neue Nummer eingeben", "Before you enter your new number, please show that it is you")
PAUSED = Words("Drücken Sie den Knopf darin", "press the button in it, and we send codes again.")
PAUSED_MAIL = Words("Codes per E-Mail ruhen", "Codes by e-mail are paused")
AGAIN = Words("Wieder Codes senden", "Send codes again")
WORKS = Words("Es gibt wieder Codes per E\u2011Mail", "Codes by e-mail work again")
A_DAY, A_PAUSE = timedelta(hours=24, minutes=1), timedelta(minutes=3)


def prove_mailbox_and_number(someone: Traveller) -> None:
    someone.open("/sign-in")
    someone.give_password()
    someone.is_at("/sign-in/email-code")
    someone.give_code(someone.mail(MAILBOX_CODE).code)
    someone.is_at("/sign-in/number")
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")


@pytest.mark.parametrize("language", ["de", "en"])
def test_another_browser_proves_the_mailbox_before_the_new_number(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.arrive_after_reset()

    elsewhere = travel(language, person=someone.person)

    prove_mailbox_and_number(elsewhere)


def test_after_a_day_the_browser_that_pressed_proves_the_mailbox_too(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive_after_reset()
    someone.server.move(A_DAY.total_seconds())

    prove_mailbox_and_number(someone)


def test_in_the_middle_every_other_page_leads_back_to_the_new_number(travel: Travel) -> None:
    someone = travel("en")
    someone.come_to_number()

    someone.open("/profile")
    someone.sees("First your new number")
    someone.follow("Enter new number")

    someone.is_at("/sign-in/number")


@pytest.mark.parametrize("language", ["de"])
def test_a_mailbox_that_was_guessed_at_opens_by_the_link_of_its_mail(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.arrive_after_reset()
    elsewhere = travel(language, person=someone.person)
    elsewhere.open("/sign-in")
    elsewhere.give_password()
    for turn in (1, 2):
        code = elsewhere.mail(MAILBOX_CODE, turn).code
        for _ in range(5):
            elsewhere.give_code("000000" if code != "000000" else "111111")
        elsewhere.server.move(A_PAUSE.total_seconds())
        if turn == 1:
            elsewhere.press(w.SEND_CODE_AGAIN)

    elsewhere.sees(PAUSED)
    elsewhere.open_mail(elsewhere.mail(PAUSED_MAIL), AGAIN)
    elsewhere.press(AGAIN)
    elsewhere.sees(WORKS)
    elsewhere.open("/sign-in/email-code")
    elsewhere.press(w.SEND_CODE_AGAIN)
    elsewhere.give_code(elsewhere.mail(MAILBOX_CODE, 3).code)

    elsewhere.is_at("/sign-in/number")
