"""A program that examines a mail opens its link, runs the scripts, and presses every button that it finds (row 18)."""

import pytest
from playwright.sync_api import Page

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

FROZEN = Words("Ihr Konto ist gesperrt", "Your account is frozen")
TYPE_THEM = Words("Bitte tippen Sie die drei Ziffern ein", "Please type the three digits")


def stop_link(someone: Traveller) -> str:
    """A live one, from the first mail."""
    someone.arrive()
    someone.ask_for_change()
    return someone.mail(w.MAIL_1).link("/freeze")


def press_everything(page: Page, address: str) -> set[str]:
    """Press each button of the page once, and then the first ones of what follows."""
    page.goto(address)
    names = {name for name in page.locator("button:visible").all_inner_texts() if name.strip()}
    for name in names:
        page.goto(address)
        for _ in range(3):
            button = page.get_by_role("button", name=name.strip(), exact=True)
            if button.count():
                button.first.click()
                page.wait_for_load_state()
    return {name.strip() for name in names}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_scanner_that_presses_every_button_freezes_nobody(travel: Travel, language: str) -> None:
    someone = travel(language)
    link = stop_link(someone)
    scanner = travel(language, person=someone.person)

    pressed = press_everything(scanner.page, someone.server.origin + link)

    assert scanner.said(w.FREEZE) in pressed
    assert someone.person.account["state"] == "active"
    scanner.watch.complaints.clear()  # a refused form answers 422, as it should


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_person_at_a_strange_browser_types_three_digits_and_freezes_the_account(
    travel: Travel,
    language: str,
    scripts: bool,  # noqa: FBT001
) -> None:
    someone = travel(language)
    link = stop_link(someone)
    elsewhere = travel(language, person=someone.person, scripts=scripts)
    elsewhere.open(link)

    elsewhere.press(w.FREEZE)
    elsewhere.sees(TYPE_THEM)
    elsewhere.freeze()

    elsewhere.sees(FROZEN)
    assert someone.person.account["state"] == "frozen"
