"""The whole journey of the help article, in a real browser: from the pencil to the third mail."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.server import Server, quick_server
from harness.sinks import Sinks
from tests.journeys import words as w
from tests.journeys.conftest import BEHIND_A_PROXY, Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

QUESTION = Words(
    "Er ist 24 Stunden gültig. Bis Sie ihn verwenden, bleibt Ihre bisherige Nummer aktiv.",
    "It is valid for 24 hours. Your current number stays active until you use it.",
)
NEXT = Words(
    "Ihre Nummer wurde entfernt. Als Nächstes: anmelden und die neue Nummer eingeben.",
    "Your number has been removed. Next: sign in and enter your new number.",
)
OLD_NUMBER_TOLD = Words(
    "Die Nummer Ihres Kontos bei Example Card wurde geändert. Nicht von Ihnen? Sofort sperren:",
    "The phone number of your Example Card account was changed. Not you? Freeze it now:",
)
MOST_PRESSES, MOST_KEYS, MOST_PAGES = 8, 85, 10
ONCE = ("sign_in_code", "change_requested", "new_number_code")
ON_BOTH_CHANNELS = ("number_reset", "number_changed")


def confirm_in_the_dialog(someone: Traveller) -> None:
    someone.tap(w.CHANGE_NUMBER)
    expect(someone.page.get_by_role("dialog")).to_have_accessible_name(someone.said(w.CHANGE_NUMBER))
    someone.sees(QUESTION)
    someone.press(w.CONFIRM)


def confirm_on_the_page(someone: Traveller) -> None:
    someone.press(w.CHANGE_NUMBER)
    someone.is_at("/phone-change/new")
    someone.sees(QUESTION)
    someone.press(w.CONFIRM)


def travel_to_the_end(
    someone: Traveller,
    confirm: Callable[[Traveller], None],
    enter: Callable[[Traveller, str], None] = Traveller.let_fill_in,
) -> None:
    """Make every step of the article, looking for what it promises."""
    someone.open("/")
    someone.give_password()
    enter(someone, someone.text().code)
    someone.is_at("/profile")
    someone.sees(f"+49 ••• ••• {someone.person.number[-3:]}")
    confirm(someone)
    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.sees(NEXT)
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.enter_number()
    enter(someone, someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")


def signs_in_with(someone: Traveller, number: str) -> None:
    someone.tap(someone.name)
    someone.press(w.SIGN_OUT)
    someone.give_password()
    someone.give_code(someone.text(number).code)
    someone.is_at("/profile")


@pytest.mark.parametrize("confirm", [confirm_in_the_dialog, confirm_on_the_page])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_person_changes_their_number_from_the_pencil_to_the_third_mail(
    travel: Travel, language: str, confirm: Callable[[Traveller], None]
) -> None:
    someone = travel(language, scripts=confirm is confirm_in_the_dialog)

    has_scripts = confirm is confirm_in_the_dialog
    travel_to_the_end(someone, confirm, Traveller.let_fill_in if has_scripts else Traveller.give_code)

    on_a_page_of_its_own, codes = (0, 0) if has_scripts else (1, 2)  # which no script submits then
    assert someone.presses <= MOST_PRESSES + codes
    assert someone.keys <= MOST_KEYS + codes * 6
    assert someone.pages <= MOST_PAGES + on_a_page_of_its_own
    assert f"+49 ••• ••• {someone.person.number[-3:]}" in someone.mail(w.MAIL_2).text
    assert f"+49 ••• ••• {someone.new_number[-3:]}" in someone.mail(w.MAIL_3).text
    assert someone.server.origin in someone.text(code=False).text, "the old number hears of the reset"
    assert someone.said(OLD_NUMBER_TOLD) in someone.text(code=False).text
    assert [someone.sent(notice) for notice in ONCE] == [1, 1, 1]
    assert [someone.sent(notice) for notice in ON_BOTH_CHANNELS] == [2, 2]
    signs_in_with(someone, someone.new_number)


@pytest.fixture
def on_postgresql(postgresql_url: str, tmp_path: Path, sinks: Sinks) -> Iterator[Server]:
    """Serve one journey on PostgreSQL, with two processes."""
    with quick_server(postgresql_url, tmp_path, sinks, workers=2, **BEHIND_A_PROXY) as serving:
        yield serving


def test_the_journey_is_the_same_on_postgresql(travel: Travel, on_postgresql: Server) -> None:
    someone = travel("de", server=on_postgresql)

    travel_to_the_end(someone, confirm_in_the_dialog)

    signs_in_with(someone, someone.new_number)


def test_motion_between_the_pages_disturbs_nothing(travel: Travel) -> None:
    someone = travel("en")
    someone.page.emulate_media(reduced_motion="no-preference")

    travel_to_the_end(someone, confirm_in_the_dialog)

    someone.sees("Your number has been changed")
