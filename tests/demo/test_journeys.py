"""The whole journey within the demonstration's page, with nothing but what is on it."""

import re

from playwright.sync_api import expect

from renumber.demo.accounts import ANNA, JONAS
from tests.demo.conftest import TakeSeat
from tests.demo.theatre import Seat
from tests.journeys import words as w
from tests.journeys.authenticator import VirtualAuthenticator
from tests.journeys.words import Words


def test_anna_changes_her_number_with_the_mailbox_and_the_phones_beside_the_page(seat: Seat) -> None:
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)

    seat.ask_for_a_change()
    seat.use_the_link()
    seat.follow(w.SIGN_IN)
    seat.give_password(ANNA)
    seat.enter_new_number(ANNA)

    expect(seat.texts(ANNA.number.e164)).to_have_count(3)  # the code, "was reset", "was changed"
    seat.open_profile(ANNA)
    expect(seat.app.locator("main")).to_contain_text("•••012")


def test_jonas_changes_his_number_without_the_phone_that_he_lost(seat: Seat) -> None:
    seat.choose(JONAS)

    seat.page.get_by_role("button", name="Als Jonas weiter").click()
    seat.is_at("/profile")
    seat.press(w.CHANGE_NUMBER)
    seat.fill(w.PASSWORD, JONAS.password)
    seat.app.get_by_role("main").get_by_role("button").last.click()
    seat.press(w.CONFIRM)
    seat.sees_mail(w.MAIL_1)
    seat.use_the_link()
    seat.follow(w.SIGN_IN)
    seat.give_password(JONAS)
    seat.enter_new_number(JONAS)

    lost = seat.texts(JONAS.number.e164)
    expect(lost).to_have_count(2)
    expect(lost.get_by_text("Ungelesene Nachricht")).to_have_count(2)
    expect(lost.locator(".bubble").first).to_be_hidden()


def test_a_day_later_the_link_has_expired(seat: Seat) -> None:
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)
    seat.ask_for_a_change()

    seat.page.get_by_role("button", name="24 Stunden später").click()
    expect(seat.page.locator("#moved")).to_have_text("24 Std. weiter")
    seat.open_in_mail(w.CHANGE_NUMBER)

    expect(seat.app.locator("main")).to_contain_text("Dieser Link war 24 Stunden gültig und ist abgelaufen.")


def test_another_browser_is_asked_for_a_code_from_the_mailbox_first(seat: Seat) -> None:
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)
    seat.ask_for_a_change()
    seat.use_the_link()

    seat.page.get_by_role("button", name="Anderer Browser").click()
    seat.is_at("/sign-in")
    seat.give_password(ANNA)

    expect(seat.app.get_by_label("Code", exact=True)).to_be_visible()
    expect(seat.mail.get_by_text(re.compile(r"^\d{6}$"))).to_be_visible()
    seat.fill(w.CODE, seat.mail.get_by_text(re.compile(r"^\d{6}$")).inner_text())
    seat.press(w.CONFIRM)
    seat.enter_new_number(ANNA)


def test_whoever_did_not_ask_freezes_the_account_from_the_phone(seat: Seat) -> None:
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)
    seat.ask_for_a_change()
    seat.use_the_link()
    expect(seat.texts(ANNA.number.e164)).to_have_count(2)

    seat.texts(ANNA.number.e164).last.get_by_role("link").click()
    expect(seat.page.locator("#address")).to_contain_text("/freeze/")
    seat.press(w.FREEZE)

    expect(seat.app.locator("main")).to_contain_text("gesperrt")


def test_the_page_the_web_app_and_the_messages_follow_the_language(seat: Seat, take_seat: TakeSeat) -> None:
    seat.page.get_by_role("button", name="English").click()
    seat.language = "en"

    seat.sign_in(ANNA)
    seat.open_profile(ANNA)
    seat.ask_for_a_change()

    expect(seat.texts(ANNA.number.e164)).to_contain_text("is your code to sign in")
    expect(seat.page.get_by_role("button", name="Start over")).to_be_visible()
    seat.page.get_by_role("button", name="Deutsch").click()
    expect(seat.page.get_by_role("button", name="Neu anfangen")).to_be_visible()
    seat.is_at("/profile")


def test_anna_adds_a_passkey_since_the_demonstration_has_a_name(seat: Seat) -> None:
    key = VirtualAuthenticator(seat.page)
    seat.sign_in(ANNA)
    seat.open_profile(ANNA)

    seat.follow(Words("Passkey hinzufügen", "Add a passkey"))
    key.touch()
    seat.press(Words("Passkey anlegen", "Add passkey"))

    expect(seat.app.get_by_role("main")).to_contain_text("Der Passkey ist hinzugefügt.")
    seat.is_at("/profile")
