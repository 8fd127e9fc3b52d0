"""Recovery codes: shown once, kept on paper or as a file, and the way in when the phone is gone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

SHOW = Words("Meine Codes anzeigen", "Show my codes")
KEPT = Words("Ich habe die Codes gesichert", "I've saved the codes")
SAVE = Words("Als Textdatei sichern", "Save as a text file")
PRINT = Words("Drucken", "Print")
COPY = Words("Kopieren", "Copy")
COPIED = Words("Kopiert", "Copied")
NEVER_AGAIN = Words("können nicht noch einmal angezeigt werden", "can't be shown again")
READY = Words("Ihre Wiederherstellungscodes sind bereit.", "Your recovery codes are ready.")
USED = Words("Sie haben sich mit einem Wiederherstellungscode angemeldet", "You signed in with a recovery code")
NINE_LEFT = Words("Noch 9 Codes", "9 codes left")
WRONG = Words("Dieser Code stimmt nicht.", "That code isn't right.")
MAIL = Words("Ein Wiederherstellungscode wurde verwendet", "A recovery code was used")
REMOVED = Words("Ihre Nummer wurde entfernt: neue eingeben", "Your number was removed: enter the new one")
ENTER_NEW = Words("Neue Nummer eingeben", "Enter new number")
A_CODE = re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$")

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


def make_codes(someone: Traveller) -> list[str]:
    """Come to the profile and have ten codes shown."""
    someone.arrive_to_manage()
    someone.open("/profile")
    open_page_of_codes(someone)
    someone.press(SHOW)
    codes = someone.page.get_by_role("listitem").get_by_text(A_CODE).all_inner_texts()
    assert len(set(codes)) == 10
    return codes


def open_page_of_codes(someone: Traveller) -> None:
    """Follow the link in their row of the profile."""
    someone.go_by(someone.page.get_by_role("link", name=someone.said(w.RECOVERY_CODE)).last)
    someone.is_at("/profile/recovery-codes")


def come_to_codes(someone: Traveller) -> None:
    """Sign in anew as far as the field for a recovery code, by the picker."""
    someone.context.clear_cookies()
    someone.open("/sign-in")
    someone.give_password()
    someone.follow(w.OTHER_METHOD)
    someone.press(w.RECOVERY_CODE)
    someone.is_at("/sign-in/recovery-code")


def give(someone: Traveller, code: str) -> None:
    """Enter a recovery code."""
    someone.type(w.RECOVERY_CODE, code)
    someone.press(w.CONFIRM)


@in_german
def test_codes_are_shown_once_and_one_of_them_signs_in_without_the_phone(travel: Travel, language: str) -> None:
    someone = travel(language)
    codes = make_codes(someone)
    someone.follow(KEPT)
    someone.sees(READY)
    open_page_of_codes(someone)
    someone.sees(NEVER_AGAIN)
    assert someone.page.get_by_text(A_CODE).count() == 0

    come_to_codes(someone)
    give(someone, "CCCC-CCCC-CCCC-CCCC")
    someone.sees(WRONG)
    give(someone, codes[0].lower().replace("-", " "))

    someone.is_at("/profile")
    someone.sees(USED)
    someone.sees(NINE_LEFT)
    someone.mail(MAIL)


@in_german
def test_loading_the_page_of_the_codes_again_shows_none(travel: Travel, language: str) -> None:
    someone = travel(language)
    make_codes(someone)

    someone.reload()

    someone.sees(NEVER_AGAIN)
    assert someone.page.get_by_text(A_CODE).count() == 0


def test_codes_are_copied_one_a_line_and_printed_without_the_page_around_them(travel: Travel) -> None:
    someone = travel("de")
    someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    codes = make_codes(someone)

    someone.tap(COPY)
    expect(someone.button(COPIED)).to_be_visible()
    assert someone.page.evaluate("navigator.clipboard.readText()") == "\n".join(codes)

    someone.page.emulate_media(media="print")
    expect(someone.page.get_by_text(codes[0])).to_be_visible()
    for unwanted in (someone.button(PRINT), someone.link(KEPT), someone.page.get_by_role("banner")):
        expect(unwanted).to_be_hidden()


def test_without_scripts_the_codes_are_saved_as_a_text_file(travel: Travel) -> None:
    someone = travel("en", scripts=False)
    codes = make_codes(someone)
    expect(someone.button(PRINT)).to_be_hidden()

    with someone.watch.forgiving_aborts(), someone.page.expect_download() as download:  # it stays on the page
        someone.button(SAVE).click()

    assert download.value.suggested_filename == "recovery-codes.txt"
    saved = download.value.path().read_text()
    assert [line for line in saved.split() if A_CODE.match(line)] == codes


@in_english
def test_after_the_reset_a_code_opens_a_session_that_goes_on_to_the_new_number(travel: Travel, language: str) -> None:
    someone = travel(language)
    codes = make_codes(someone)
    someone.ask_for_change()
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.context.clear_cookies()
    someone.open("/sign-in")
    someone.give_password()
    someone.is_at("/sign-in/email-code")
    someone.open("/sign-in/method")
    someone.press(w.RECOVERY_CODE)
    give(someone, codes[0])

    someone.sees(REMOVED)
    someone.open("/")
    someone.sees(REMOVED)
    someone.press(ENTER_NEW)
    someone.prove_again(w.ADD)
    someone.is_at("/sign-in/number")
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)

    someone.is_at("/phone-change/finished")
    someone.open("/profile")
    assert someone.person.live_sessions == 1
    someone.mail(w.MAIL_3)
