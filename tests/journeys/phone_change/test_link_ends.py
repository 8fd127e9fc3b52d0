"""How the link of the first mail can end, and that every end has a way on that works."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from harness.browser import Held
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

A_DAY = timedelta(hours=24, minutes=1)
A_MINUTE = timedelta(seconds=61)
EXPIRED = Words(
    "Dieser Link war 24 Stunden gültig und ist abgelaufen. Ihre bisherige Nummer gilt weiter. "
    "Melden Sie sich mit ihr an und starten Sie die Änderung neu.",
    "This link was valid for 24 hours and has expired. Your current number still works. "
    "Sign in with it and start again.",
)
USED = Words(
    "Mit diesem Link wurde die Nummer schon entfernt. Weiter geht es mit der Anmeldung.",
    "This link has already been used to remove the number. Continue by signing in.",
)
FINISHED = Words("Diese Änderung ist abgeschlossen", "This change is finished")
REPLACED = Words("nur der neueste gilt", "only the newest one works")
CANCELLED = Words("Diese Änderung wurde abgebrochen", "This change was cancelled")
IS_CANCELLED = Words("Die Änderung ist abgebrochen.", "The change is cancelled.")
UNKNOWN = Words("Diesen Link kennen wir nicht", "We don't know this link")
MARK_ANSWER = """() => {
  const ask = window.fetch;
  const mark = () => console.log("heard");
  window.fetch = (...asked) => ask(...asked).finally(() => setTimeout(mark));
}"""
WAITS_AT, CANCEL = "**/phone-change/waiting", "**/phone-change/cancel"
TOO_SOON = Words("Wir haben Ihnen gerade erst etwas geschickt.", "We've only just sent you something.")
WAITING = Words("Erneut senden ab ", "Send again from ")

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


def ask(someone: Traveller) -> None:
    someone.arrive()
    someone.ask_for_change()


def open_link(someone: Traveller, turn: int = 1) -> None:
    someone.open_mail(someone.mail(w.MAIL_1, turn), w.CHANGE_NUMBER)


@in_english
def test_an_expired_link_leads_to_the_old_number_and_a_new_start(travel: Travel, language: str) -> None:
    someone = travel(language)
    ask(someone)
    someone.server.move(A_DAY.total_seconds())

    open_link(someone)
    someone.sees(EXPIRED)
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.give_code(someone.text().code)
    someone.ask_for_change()
    open_link(someone, 2)
    someone.press(w.CHANGE_NUMBER)

    someone.is_at("/phone-change/removed")


@in_german
def test_a_used_link_leads_to_the_new_number(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.arrive_after_reset()

    open_link(someone)
    someone.sees(USED)
    someone.follow(w.SIGN_IN)
    someone.give_password()

    someone.is_at("/sign-in/number")


def test_the_link_of_a_finished_change_says_so_and_leads_to_the_profile(travel: Travel) -> None:
    someone = travel("de")
    someone.person.change_number(someone.new_number)
    someone.go_on()

    open_link(someone)
    someone.sees(FINISHED)
    someone.follow(w.PROFILE)

    someone.is_at("/profile")
    someone.sees(f"+49 ••• ••• {someone.new_number[-3:]}")


@in_english
def test_a_link_sent_again_after_a_minute_replaces_the_first(travel: Travel, language: str) -> None:
    someone = travel(language, scripts=False)
    someone.arrive()
    someone.open("/phone-change/new")
    someone.press(w.CONFIRM)

    someone.sees(WAITING)
    someone.press(w.SEND_AGAIN)
    someone.sees(TOO_SOON)
    someone.server.move(A_MINUTE.total_seconds())
    someone.press(w.SEND_AGAIN)
    open_link(someone)
    someone.sees(REPLACED)
    someone.follow(w.PROFILE)
    someone.is_at("/profile")
    open_link(someone, 2)
    someone.press(w.CHANGE_NUMBER)

    someone.is_at("/phone-change/removed")


@in_german
def test_a_cancelled_change_leads_back_to_the_profile_and_its_pencil(travel: Travel, language: str) -> None:
    someone = travel(language)
    ask(someone)

    someone.press(w.CANCEL_CHANGE)
    open_link(someone)
    someone.sees(CANCELLED)
    someone.follow(w.PROFILE)

    expect(someone.button(w.CHANGE_NUMBER)).to_be_visible()
    someone.sees(f"+49 ••• ••• {someone.person.number[-3:]}")


def test_a_page_that_waits_overtakes_no_press_with_what_it_hears_meanwhile(travel: Travel) -> None:
    someone = travel("de")
    ask(someone)
    asked, pressed = Held(someone.page, WAITS_AT), Held(someone.page, CANCEL)

    someone.page.evaluate(MARK_ANSWER)
    someone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    heard = asked.one()
    someone.button(w.CANCEL_CHANGE).click(no_wait_after=True)
    answer = pressed.one().fetch(max_redirects=0)
    with someone.page.expect_console_message(lambda message: message.text == "heard"):
        heard.continue_()  # nothing is waited for any more
    with someone.page.expect_navigation():
        pressed.one().fulfill(response=answer)
    someone.watch.look(someone.page)

    someone.sees(IS_CANCELLED)


def test_an_unknown_link_leads_to_the_sign_in(travel: Travel) -> None:
    someone = travel("de")

    someone.open("/phone-change/link/" + "A" * 22)
    someone.sees(UNKNOWN)
    someone.follow(w.SIGN_IN)

    someone.is_at("/sign-in")


def test_opening_the_link_any_number_of_times_changes_nothing(travel: Travel) -> None:
    someone = travel("en")
    ask(someone)

    open_link(someone)
    someone.reload()
    open_link(someone)

    someone.sees(f"Remove the number +49 ••• ••• {someone.person.number[-3:]} now?")
    assert someone.sent("number_reset") == 0
