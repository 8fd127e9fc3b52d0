"""The sign-in page while the phone is asked: it goes on by itself, says what became of it, and always has a way on."""

import re

import pytest
from playwright.sync_api import expect

from harness.owner import owner_of
from harness.phone import Phone
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.handset import PUSH, confirm_on_page, shown_digits
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

CONFIRM_THERE = Words("Bestätigen Sie auf Ihrem Gerät", "Confirm on your device")
CONFIRMED = Words("Bestätigt", "Confirmed")
DENIED = Words("Die Anfrage wurde abgelehnt", "The request was declined")
GUESSED = Words("Zu viele falsche Ziffern", "Too many wrong digits")
TOO_LONG = Words("Das hat zu lange gedauert", "That took too long")
NEWER = Words("Es gibt eine neuere Anfrage", "There is a newer request")
NOT_ASKED = Words("Wir konnten Ihr Gerät nicht fragen", "We couldn't ask your device")
CONTINUE = Words("Weiter", "Continue")
ADD_DEVICE = Words("Gerät hinzufügen", "Add a device")
ADDED = Words("Das Gerät ist hinzugefügt.", "The device is added.")
in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


def come_to_digits(travel: Travel, language: str = "en", *, scripts: bool = True) -> tuple[Traveller, Phone]:
    """Have a phone, and give the password at a desk."""
    desk = travel(language, scripts=scripts)
    phone = owner_of(desk.person).phone
    desk.open("/sign-in")
    desk.give_password()
    desk.is_at("/sign-in/push")
    shows(desk, CONFIRM_THERE)
    return desk, phone


def shows(desk: Traveller, words: Words) -> None:
    expect(desk.page.get_by_role("heading", name=desk.said(words), exact=True)).to_be_visible()
    desk.watch.look(desk.page)


@in_english
def test_the_page_goes_on_by_itself_as_soon_as_the_phone_has_confirmed(travel: Travel, language: str) -> None:
    desk, phone = come_to_digits(travel, language)
    desk.sees("Pixel 9")

    [prompt] = phone.prompts()
    assert phone.answer(prompt, "approve", shown_digits(desk)).status == 200

    desk.page.wait_for_url(f"{desk.server.origin}/profile")
    desk.watch.look(desk.page)


def test_without_scripts_the_page_looks_by_itself_and_has_a_button(travel: Travel) -> None:
    desk, phone = come_to_digits(travel, scripts=False)

    [prompt] = phone.prompts()
    phone.answer(prompt, "approve", shown_digits(desk))

    expect(desk.button(CONTINUE)).to_be_visible()
    shows(desk, CONFIRMED)
    desk.press(CONTINUE)
    desk.is_at("/profile")


@in_german
def test_a_denial_is_said_at_once_and_can_be_asked_again(travel: Travel, language: str) -> None:
    desk, phone = come_to_digits(travel, language)
    before = shown_digits(desk)
    [prompt] = phone.prompts()

    phone.answer(prompt, "deny")
    shows(desk, DENIED)
    desk.press(w.SEND_AGAIN)

    shows(desk, CONFIRM_THERE)
    assert shown_digits(desk) != before
    [prompt] = phone.prompts()
    phone.answer(prompt, "approve", shown_digits(desk))
    desk.page.wait_for_url(f"{desk.server.origin}/profile")


@in_english
def test_wrong_digits_an_old_push_and_a_newer_one_are_told_apart(travel: Travel, language: str) -> None:
    desk, phone = come_to_digits(travel, language)
    [prompt] = phone.prompts()
    wrong = f"{(int(shown_digits(desk)) + 1) % 10**6:06}"

    for _ in range(3):
        phone.answer(prompt, "approve", wrong)
    shows(desk, GUESSED)
    desk.press(w.SEND_AGAIN)
    other = travel(language, person=desk.person)
    other.open("/sign-in")
    other.give_password()
    shows(desk, NEWER)
    desk.server.move(90)
    shows(other, TOO_LONG)
    other.press(w.SEND_AGAIN)

    other.sees(Words("Mehr dürfen wir im Moment nicht senden.", "We've sent as many as we may for now."))


@in_german
def test_after_three_pushes_a_new_sign_in_is_led_to_another_method(travel: Travel, language: str) -> None:
    desk, _ = come_to_digits(travel, language)
    for _ in range(2):
        desk.press(w.SEND_AGAIN)
    again = travel(language, person=desk.person)
    again.open("/sign-in")
    again.give_password()

    shows(again, NOT_ASKED)
    again.follow(w.OTHER_METHOD)
    again.go_by(again.page.get_by_role("button", name=re.compile(again.said(w.PHONE))))
    again.is_at("/sign-in/code")
    again.text()  # the one with which the phone was added
    again.give_code(again.text().code)
    again.is_at("/profile")


CHANGING = Words("Sie ändern gerade Ihre Nummer", "You're changing your number")
ENTER_NUMBER = Words("Neue Nummer eingeben", "Enter new number")


def choose(desk: Traveller, method: Words) -> None:
    """Take another method from the picker."""
    desk.follow(w.OTHER_METHOD)
    desk.go_by(desk.page.get_by_role("button", name=re.compile(desk.said(method))))


@in_german
def test_push_comes_first_and_another_method_leads_to_the_new_number(travel: Travel, language: str) -> None:
    desk = travel(language)
    owner_of(desk.person)
    link = desk.person.request_change()
    desk.go_on()
    desk.open(link)
    desk.press(w.CHANGE_NUMBER)
    desk.follow(w.SIGN_IN)
    desk.give_password()

    shows(desk, CONFIRM_THERE)
    desk.follow(w.OTHER_METHOD)
    desk.go_by(desk.page.locator(".choices button").first)
    desk.is_at("/sign-in/number")
    choose(desk, PUSH)
    desk.sees(CHANGING)
    desk.press(ENTER_NUMBER)
    desk.is_at("/sign-in/number")
    desk.enter_number()
    desk.give_code(desk.text(desk.new_number).code)

    desk.is_at("/phone-change/finished")


@in_english
def test_after_the_reset_confirming_on_the_phone_leads_in_as_well(travel: Travel, language: str) -> None:
    desk = travel(language)
    phone = owner_of(desk.person).phone
    desk.open(desk.person.request_change())
    desk.press(w.CHANGE_NUMBER)
    desk.follow(w.SIGN_IN)
    desk.give_password()

    [prompt] = phone.prompts()
    phone.answer(prompt, "approve", shown_digits(desk))

    desk.page.wait_for_url(f"{desk.server.origin}/profile")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_code_on_the_profile_leads_on_once_the_phone_is_added(travel: Travel, *, scripts: bool) -> None:
    owner = travel(scripts=scripts)
    owner.arrive_to_manage()
    owner.open("/profile")
    owner.go_by(owner.page.get_by_role("button", name=owner.said(PUSH)))
    shows(owner, ADD_DEVICE)
    link = owner.page.locator("[data-invitation] a").get_attribute("href")
    assert link

    assert Phone(owner.server).enrol(link.partition("#enrol=")[2]).status == 201
    confirm_on_page(owner)

    owner.page.wait_for_url("**/profile?notice=push_added")
    owner.sees(ADDED)
    owner.watch.look(owner.page)


@in_english
def test_a_phone_is_renamed_and_removed_on_its_page(travel: Travel, language: str) -> None:
    owner = travel(language)
    phone = owner_of(owner.person).phone
    owner.go_on()
    owner.open(f"/profile/push/{phone.device_id}")

    owner.type(Words("Name", "Name"), "Mein Telefon")
    owner.press(Words("Namen speichern", "Save name"))
    owner.sees("Mein Telefon")
    owner.open(f"/profile/push/{phone.device_id}")
    owner.press(w.REMOVE)
    owner.sees(Words("Gerät „Mein Telefon“ entfernen?", "Remove the device “Mein Telefon”?"))
    owner.press(w.REMOVE)

    owner.sees(Words("Das Gerät ist entfernt", "The device is removed"))
    assert phone.call("GET", "/prompts").status == 401
