"""After a change: what counts as recently changed, until when nothing can be removed, and what a release leaves."""

import pytest
from playwright.sync_api import expect

from harness.recovery_codes import make_codes
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

RECENTLY = Words("als kürzlich geändert.", "your account counts as recently changed until")
HELD = Words(
    "lässt sich keine Methode entfernen oder ersetzen, die es vorher schon gab, weil",
    "no method that was there before can be removed or replaced, because",
)
IS_NEW = Words("Ihre Nummer ist neu", "Your number is new")
A_CODE_BY_MAIL = Words("Code per E-Mail senden", "Send code by e-mail")
RELEASE_CODE = Words("Ihr Code, um das Konto freizugeben", "Your code to release your account")


def change(someone: Traveller) -> None:
    someone.person.change_number(someone.new_number)
    someone.go_on()


@pytest.mark.parametrize("language", ["de"])
def test_before_and_after_one_presses_it_is_said_until_when_nothing_can_be_removed(
    travel: Travel, language: str
) -> None:
    someone = travel(language)
    someone.person.sign_in()
    make_codes(someone.person)
    someone.server.await_sent(someone.person.account_id)
    someone.server.move(60)
    change(someone)

    someone.open("/profile/recovery-codes")
    someone.sees(HELD)
    expect(someone.button(w.REMOVE)).to_have_count(0)
    someone.open("/profile/recovery-codes/remove")
    someone.is_at("/profile/recovery-codes")
    someone.open("/profile")
    someone.sees(RECENTLY)
    someone.person.reauthenticate()
    someone.person.browser.get("/profile")
    refused = someone.person.browser.post("/profile/recovery-codes/remove")
    shown = someone.person.browser.submit("/profile/recovery-codes/remove")

    assert refused.status == 403
    assert someone.said(HELD) in shown.text


def test_a_number_that_a_release_brought_back_is_not_called_new(travel: Travel) -> None:
    someone = travel("en")
    change(someone)
    someone.open_mail(someone.mail(w.MAIL_3), w.NOT_ME)
    someone.freeze()
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.press(A_CODE_BY_MAIL)
    someone.give_code(someone.mail(RELEASE_CODE).code)
    someone.give_code(someone.text().code)
    someone.give_password()
    someone.give_code(someone.text().code)

    someone.is_at("/profile")
    someone.sees(RECENTLY)
    expect(someone.page.get_by_text(someone.said(IS_NEW))).to_have_count(0)
