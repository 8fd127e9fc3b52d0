"""The code page: wrong, late, too many, once more, and what a person does with a browser meanwhile."""

import re
from datetime import timedelta
from threading import Event

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

LATE, PAUSE = timedelta(minutes=11), timedelta(minutes=3)
HALF = Words("Bitte geben Sie die 6 Ziffern des Codes ein.", "Please enter the 6 digits of the code.")
WRONG = Words("Dieser Code stimmt nicht. Noch 4 Versuche.", "That code isn't right. 4 tries left.")
EXPIRED = Words(
    "Dieser Code ist abgelaufen. Wir haben Ihnen gerade einen neuen geschickt.",
    "That code has expired. We've just sent you a new one.",
)
SPENT = Words("Zu viele falsche Codes. ", "Too many wrong codes. ")
ANOTHER, VALID = Words("andere Methode", "another method"), Words("Gültig bis", "Valid until")
SENT_AGAIN = Words("Wir senden den Code noch einmal.", "We're sending the code again.")
TOO_SOON = Words("Wir haben Ihnen gerade erst etwas geschickt. ", "We've only just sent you something. ")
COUNTDOWN = Words("Code erneut senden in 0:", "Send code again in 0:")
CHECKED = Words("Der Code ist vollständig und wird geprüft.", "The code is complete and is being checked.")
PAUSED = Words("Diese Methode ist vorübergehend gesperrt", "This method is paused")
BY_MAIL = Words("Weiter mit einem Code per E-Mail", "Continue with a code by e-mail")
ON_ITS_WAY, SENT_AT = Words("Die Nachricht ist unterwegs.", "It is on its way."), Words("Gesendet um", "Sent at")
LIFT_CODE = Words("Ihr Code, um die Anmeldung fortzusetzen", "Your code to go on signing in")

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


def come_to_code(someone: Traveller) -> str:
    """Come to the code page; gives the code that was sent."""
    someone.open("/sign-in")
    someone.give_password()
    someone.is_at("/sign-in/code")
    return someone.text().code


def send_again_after_its_pause(someone: Traveller) -> None:
    """Ask for another code once the button can be pressed."""
    someone.server.move(PAUSE.total_seconds())
    someone.reload()
    someone.press(w.SEND_CODE_AGAIN)


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "111111"


@in_english
def test_a_wrong_code_is_told_beside_the_field_and_the_right_one_still_works(travel: Travel, language: str) -> None:
    someone = travel(language)
    code = come_to_code(someone)

    someone.give_code(other_than(code))
    someone.sees(WRONG)
    expect(someone.field(w.CODE)).to_be_focused()
    expect(someone.field(w.CODE)).to_have_attribute("aria-invalid", "true")
    someone.give_code(code)

    someone.is_at("/profile")


@in_german
def test_half_a_code_is_a_slip_that_costs_no_try(travel: Travel, language: str) -> None:
    someone = travel(language)
    code = come_to_code(someone)

    for slip in ("", code[:3]):
        someone.give_code(slip)
        someone.sees(HALF)
    someone.give_code(other_than(code))
    someone.sees(WRONG)


@in_english
def test_a_code_that_comes_too_late_is_followed_by_a_new_one(travel: Travel, language: str) -> None:
    someone = travel(language)
    code = come_to_code(someone)
    someone.server.move(LATE.total_seconds())

    someone.give_code(code)
    someone.sees(EXPIRED)
    someone.give_code(someone.text().code)

    someone.is_at("/profile")


@in_german
def test_too_many_wrong_codes_tell_when_a_new_one_can_be_sent(travel: Travel, language: str) -> None:
    someone = travel(language)
    code = come_to_code(someone)

    for _ in range(5):
        someone.give_code(other_than(code))
    someone.sees(SPENT)
    send_again_after_its_pause(someone)
    someone.give_code(someone.text().code)

    someone.is_at("/profile")


@in_german
def test_the_code_of_a_new_number_that_was_mistaken_too_often_leads_to_another_one(
    travel: Travel, language: str
) -> None:
    someone = travel(language)
    someone.come_to_number()
    someone.enter_number()
    code = someone.text(someone.new_number).code

    for _ in range(5):
        someone.give_code(other_than(code))
    for _ in range(2):
        someone.sees(SPENT)
        expect(someone.page.get_by_text(someone.said(ANOTHER))).to_have_count(0)
        expect(someone.page.get_by_text(someone.said(VALID))).to_have_count(0)
        expect(someone.field(w.CODE)).to_have_count(0)
        expect(someone.button(w.SEND_CODE_AGAIN)).to_be_focused()
        expect(someone.button(w.SEND_CODE_AGAIN)).to_have_accessible_description(re.compile(someone.said(SPENT)))
        someone.reload()
    send_again_after_its_pause(someone)
    someone.sees(VALID)
    someone.give_code(someone.text(someone.new_number).code)

    someone.is_at("/phone-change/finished")


@in_english
def test_a_paused_phone_is_opened_by_a_code_to_the_mailbox(travel: Travel, language: str) -> None:
    someone = travel(language)
    code = come_to_code(someone)
    for _ in range(5):
        someone.give_code(other_than(code))
    send_again_after_its_pause(someone)
    code = someone.text().code
    for _ in range(5):
        someone.give_code(other_than(code))

    someone.sees(PAUSED)
    someone.press(BY_MAIL)
    someone.is_at("/sign-in/lift")
    someone.give_code(someone.mail(LIFT_CODE).code)
    someone.is_at("/sign-in/code")
    send_again_after_its_pause(someone)
    someone.give_code(someone.text().code)

    someone.is_at("/profile")


@in_german
def test_a_code_is_sent_again_after_its_pause_which_is_counted_down(travel: Travel, language: str) -> None:
    someone = travel(language)
    code = come_to_code(someone)

    someone.sees(COUNTDOWN)
    expect(someone.button(w.SEND_CODE_AGAIN)).to_be_disabled()
    someone.button(w.SEND_CODE_AGAIN).dispatch_event("click")
    send_again_after_its_pause(someone)
    someone.sees(SENT_AGAIN)

    assert someone.text().code == code, "a late text message stays right"
    assert someone.sent("sign_in_code") == 2


@in_english
def test_without_scripts_a_code_that_is_asked_for_too_soon_is_refused_once(travel: Travel, language: str) -> None:
    someone = travel(language, scripts=False)
    come_to_code(someone)

    someone.press(w.SEND_CODE_AGAIN)
    someone.sees(TOO_SOON)
    someone.reload()

    someone.is_at("/sign-in/code")
    expect(someone.page.get_by_text(someone.said(TOO_SOON))).to_have_count(0)


def test_a_code_that_arrives_whole_with_its_spaces_is_announced_and_submits_itself(travel: Travel) -> None:
    someone = travel("en")
    code = come_to_code(someone)

    with someone.page.expect_navigation():
        someone.type(w.CODE, f" {code[:3]} {code[3:]} ")
        expect(someone.page.locator("[data-code-status]")).to_have_text(CHECKED.en)

    someone.is_at("/profile")


def test_a_code_that_is_typed_waits_for_enter(travel: Travel) -> None:
    someone = travel("en")
    code = come_to_code(someone)

    someone.field(w.CODE).press_sequentially(code)
    expect(someone.page.locator("[data-code-status]")).to_have_text("")
    with someone.page.expect_navigation():
        someone.field(w.CODE).press("Enter")

    someone.is_at("/profile")


def test_a_code_may_be_typed_with_spaces_without_scripts(travel: Travel) -> None:
    someone = travel("de", scripts=False)
    code = come_to_code(someone)

    someone.give_code(f"{code[:3]} {code[3:]}")

    someone.is_at("/profile")


def test_loading_the_page_again_sends_nothing(travel: Travel) -> None:
    someone = travel("en")
    come_to_code(someone)

    someone.reload()
    someone.open("/sign-in/code")

    assert someone.sent("sign_in_code") == 1


def test_the_back_button_after_the_code_leads_to_no_dead_end(travel: Travel) -> None:
    someone = travel("en")
    someone.give_code(come_to_code(someone))

    someone.page.go_back()
    someone.watch.look(someone.page)

    someone.is_at("/profile")


def test_a_sign_in_left_for_too_long_says_so_and_starts_again(travel: Travel) -> None:
    someone = travel("en")
    code = come_to_code(someone)
    someone.server.move(timedelta(minutes=31).total_seconds())

    someone.give_code(code)
    someone.sees("That took too long, so we've stopped for your safety. Please sign in again.")
    someone.give_password()

    someone.is_at("/sign-in/code")


def test_nobody_without_their_methods_is_left_without_advice(travel: Travel) -> None:
    someone = travel("de")
    come_to_code(someone)

    someone.follow(w.OTHER_METHOD)
    someone.follow(w.NONE_OF_THESE)
    someone.sees("support@example.com")
    someone.follow("Zurück")
    someone.is_at("/sign-in/method")
    someone.go_by(someone.page.get_by_role("button", name="Telefon"))

    someone.is_at("/sign-in/code")
    assert someone.sent("sign_in_code") == 1


@in_german
def test_the_page_says_by_itself_when_the_text_has_left_which_the_gateway_takes_late(
    travel: Travel, language: str
) -> None:
    someone, gateway_answers = travel(language), Event()
    someone.server.sinks.sms.on_accept = lambda _: await_set(gateway_answers)
    someone.open("/sign-in")
    someone.give_password()
    state = someone.page.locator("[data-delivery]")
    expect(state).to_have_text(someone.said(ON_ITS_WAY))
    someone.type(w.CODE, "12")

    gateway_answers.set()

    expect(state).to_have_text(re.compile(someone.said(SENT_AT)))
    expect(state).to_have_attribute("role", "status")
    expect(someone.field(w.CODE)).to_have_value("12")


def await_set(event: Event) -> None:
    """Keep the gateway from answering until the test lets it."""
    assert event.wait(timeout=20)
