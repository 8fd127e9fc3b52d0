"""Whatever is pressed twice, or in two windows, happens once, and nobody is lost on the way."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller

ONCE = ("sign_in_code", "change_requested", "new_number_code")
TWICE = ("number_reset", "number_changed")  # by mail and by text


def press_twice(someone: Traveller, button: Locator, leads_to: str) -> None:
    """The first press may lose its way to the second, which is no fault: only where they lead is looked at."""
    with someone.watch.forgiving_aborts():
        button.dblclick()
        expect(someone.page).to_have_url(re.compile(re.escape(leads_to) + "$"))
        someone.page.wait_for_load_state()


def test_a_double_click_on_every_button_sends_everything_once(travel: Travel) -> None:
    someone = travel("en")
    someone.open("/sign-in")

    someone.type(w.EMAIL, someone.person.email)
    someone.type(w.PASSWORD, someone.person.password)
    press_twice(someone, someone.button(w.SIGN_IN), "/sign-in/code")
    someone.field(w.CODE).press_sequentially(someone.text().code)
    press_twice(someone, someone.button(w.CONFIRM), "/profile")
    someone.button(w.CHANGE_NUMBER).dblclick()
    press_twice(someone, someone.button(w.CONFIRM), "/profile?notice=change_requested")
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    press_twice(someone, someone.button(w.CHANGE_NUMBER), "/phone-change/removed")
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.type(w.NEW_NUMBER, someone.new_number)
    press_twice(someone, someone.button(w.SEND_CODE), "/sign-in/number/code")
    someone.field(w.CODE).press_sequentially(someone.text(someone.new_number).code)
    press_twice(someone, someone.button(w.CONFIRM), "/phone-change/finished")

    assert [someone.sent(notice) for notice in ONCE] == [1] * 3
    assert [someone.sent(notice) for notice in TWICE] == [2] * 2


@pytest.mark.parametrize("label", [w.SIGN_IN, w.SEND_CODE])
def test_without_scripts_a_double_click_sends_one_code_too(travel: Travel, label: w.Words) -> None:
    someone = travel("en", scripts=False)
    if label == w.SEND_CODE:
        someone.come_to_number()
        someone.type(w.NEW_NUMBER, someone.new_number)
    else:
        someone.open("/sign-in")
        someone.type(w.EMAIL, someone.person.email)
        someone.type(w.PASSWORD, someone.person.password)

    press_twice(someone, someone.button(label), "/code")

    assert someone.sent("new_number_code" if label == w.SEND_CODE else "sign_in_code") == 1


def test_two_windows_ask_for_one_change(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive()
    someone.open("/profile")
    first = someone.page
    someone.page = someone.context.new_page()
    someone.ask_for_change()

    someone.page = first
    someone.tap(w.CHANGE_NUMBER)
    someone.press(w.CONFIRM)

    someone.sees("Number change: waiting for your confirmation")
    assert someone.sent("change_requested") == 1


def test_a_code_entered_in_one_window_signs_the_other_in(travel: Travel) -> None:
    someone = travel("en")
    someone.open("/sign-in")
    someone.give_password()
    code, first = someone.text().code, someone.page
    someone.page = someone.context.new_page()
    someone.open("/sign-in/code")
    someone.give_code(code)

    someone.page = first
    someone.give_code(code)

    someone.is_at("/profile")


def test_a_password_entered_in_two_windows_sends_each_its_own_code(travel: Travel) -> None:
    someone = travel("en")
    someone.open("/sign-in")
    first = someone.page
    someone.page = someone.context.new_page()
    someone.open("/sign-in")
    someone.give_password()

    someone.page = first
    someone.give_password()

    someone.is_at("/sign-in/code")
    assert someone.sent("sign_in_code") == 2
    someone.text()  # the one of the other window
    someone.give_code(someone.text().code)
    someone.is_at("/profile")


def test_a_link_opened_before_signing_out_is_pressed_afterwards(travel: Travel) -> None:
    someone = travel("en")
    someone.arrive()
    someone.ask_for_change()
    profile = someone.page
    link = someone.mail(w.MAIL_1).link("/phone-change/link")
    someone.page = someone.context.new_page()
    someone.open(link)
    waiting, someone.page = someone.page, profile
    someone.tap(someone.name)
    someone.press(w.SIGN_OUT)

    someone.page = waiting
    someone.press(w.CHANGE_NUMBER)

    someone.is_at("/phone-change/removed")
