"""The new number is entered elsewhere than where it was asked for, or much later: mailbox first, then a wait."""

from datetime import timedelta

import pytest

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

MAILBOX_CODE = Words("Ihr Code zur Bestätigung", "Your code to confirm that it's you")
ONLY_FROM = Words("Hier können Sie die Nummer danach", "Here you can then enter the number only from")
QUICKER = Words("in dem Sie die Änderung gewünscht haben", "in which you asked for the change")
WAIT_MAIL = Words("Bald kann eine neue Nummer eingegeben werden", "A new number will soon be entered")
PAUSED = Words("Wählen Sie die Schaltfläche darin", "press the button in it, and we send codes again.")
PAUSED_MAIL = Words("Codes per E-Mail sind vorübergehend gesperrt", "Codes by e-mail are paused")
AGAIN = Words("Wieder Codes senden", "Send codes again")
WORKS = Words("Es gibt wieder Codes per E\u2011Mail", "Codes by e\u2011mail work again")
REMOVED = Words("Ihre Nummer wurde entfernt. Als Nächstes:", "Your number has been removed. Next:")
A_DAY, A_PAUSE = timedelta(hours=24, minutes=1), timedelta(minutes=3)


def prove_mailbox(someone: Traveller) -> None:
    someone.open("/sign-in")
    someone.give_password()
    someone.is_at("/sign-in/email-code")
    someone.give_code(someone.mail(MAILBOX_CODE).code)


def bind_number(someone: Traveller) -> None:
    someone.is_at("/sign-in/number")
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")


@pytest.mark.parametrize("language", ["de", "en"])
def test_another_browser_proves_the_mailbox_and_waits_before_the_new_number(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.arrive_after_reset()
    elsewhere = travel(language, person=someone.person)
    elsewhere.open("/sign-in")
    elsewhere.give_password()
    elsewhere.sees(ONLY_FROM)
    elsewhere.give_code(elsewhere.mail(MAILBOX_CODE).code)
    elsewhere.is_at("/sign-in/wait")
    elsewhere.sees(QUICKER)
    elsewhere.mail(WAIT_MAIL)

    elsewhere.server.move(A_DAY.total_seconds())
    elsewhere.open("/sign-in")
    elsewhere.give_password()

    bind_number(elsewhere)


def test_while_it_waits_the_browser_that_asked_goes_on_at_once(travel: Travel) -> None:
    someone = travel("de")
    someone.arrive_after_reset()
    elsewhere = travel("de", person=someone.person)
    prove_mailbox(elsewhere)
    elsewhere.is_at("/sign-in/wait")

    someone.follow(w.SIGN_IN)
    someone.give_password()

    bind_number(someone)


def test_pressed_on_the_phone_it_goes_on_where_it_was_asked_for_by_a_code_to_the_mailbox(travel: Travel) -> None:
    laptop = travel("en")
    laptop.arrive()
    laptop.ask_for_change()
    phone = travel("en", person=laptop.person)
    phone.open_mail(laptop.mail(w.MAIL_1), w.CHANGE_NUMBER)
    phone.press(w.CHANGE_NUMBER)

    laptop.page.wait_for_url("**/sign-in?notice=number_removed")
    laptop.sees(REMOVED)
    prove_mailbox(laptop)

    bind_number(laptop)


def test_another_browser_than_the_waiting_one_is_told_that_one_waits(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive_after_reset()
    first = travel("en", person=someone.person)
    prove_mailbox(first)
    first.is_at("/sign-in/wait")
    someone.server.move(A_PAUSE.total_seconds())
    second = travel("en", person=someone.person)
    second.open("/sign-in")
    second.give_password()
    second.give_code(second.mail(MAILBOX_CODE, 2).code)

    second.sees("Another browser is waiting")


def test_after_a_day_the_browser_that_asked_proves_the_mailbox_too(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive_after_reset()
    someone.server.move(A_DAY.total_seconds())

    prove_mailbox(someone)

    bind_number(someone)


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
            elsewhere.reload()
            elsewhere.press(w.SEND_CODE_AGAIN)

    elsewhere.sees(PAUSED)
    elsewhere.open_mail(elsewhere.mail(PAUSED_MAIL), AGAIN)
    elsewhere.press(AGAIN)
    elsewhere.sees(WORKS)
    elsewhere.open("/sign-in/email-code")
    elsewhere.press(w.SEND_CODE_AGAIN)
    elsewhere.give_code(elsewhere.mail(MAILBOX_CODE, 3).code)

    elsewhere.is_at("/sign-in/wait")
