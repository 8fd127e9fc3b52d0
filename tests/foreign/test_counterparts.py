"""Applications with the libraries that people use join by the guides, and work: each in a real browser."""

import re
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect

from harness.person import PASSWORD
from tests.foreign.parties import Party
from tests.journeys import words as w
from tests.journeys.traveller import Traveller

Arrive = Callable[[], Traveller]
ENTRANCE = {"python": "/login", "node": "/login", "apache": "/"}
HELLO = re.compile(r"Hello Erika Muster \(.+@.+\)")
PLAIN_APPLICATIONS = pytest.mark.parametrize("party", ["python", "node"], indirect=True)


def sign_in(traveller: Traveller, party: Party) -> None:
    """Sign in to the application, which sends its visitor here and gets them back."""
    traveller.page.goto(party.origin + ENTRANCE[party.name])
    traveller.give_password()
    traveller.field(w.CODE).press_sequentially(traveller.text().code)
    traveller.button(w.CONFIRM).click()
    expect(traveller.page.get_by_text(HELLO)).to_be_visible()
    assert traveller.page.url.startswith(party.origin)


def test_it_signs_people_in_and_again_without_a_question(party: Party, arrive: Arrive) -> None:
    traveller = arrive()

    sign_in(traveller, party)

    traveller.context.clear_cookies(name=re.compile("^(session|shop|mod_auth.*)$"))
    traveller.page.goto(party.origin + ENTRANCE[party.name])
    expect(traveller.page.get_by_text(HELLO)).to_be_visible()


@PLAIN_APPLICATIONS
def test_a_payment_takes_a_recent_sign_in(party: Party, arrive: Arrive) -> None:
    traveller, paid = arrive(), "Paid."
    sign_in(traveller, party)
    traveller.page.get_by_role("link", name="Pay").click()
    expect(traveller.page.get_by_text(paid)).to_be_visible()

    traveller.server.write("UPDATE session SET authenticated_at = authenticated_at - 360000")  # six minutes ago
    traveller.page.get_by_role("link", name="Pay").click()
    expect(traveller.page).to_have_url(re.compile(f"^{traveller.server.origin}/reauthenticate"))
    traveller.field(w.PASSWORD).fill(PASSWORD)
    traveller.page.get_by_role("main").get_by_role("button").last.click()

    expect(traveller.page.get_by_text(paid)).to_be_visible()


SIGNED_OUT = {"python": "/logout", "node": "/logout", "apache": "/callback?logout="}


def test_signing_out_there_is_signing_out_here(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    back = quote(f"{party.origin}/", safe="") if party.name == "apache" else ""
    traveller.page.goto(f"{party.origin}{SIGNED_OUT[party.name]}{back}")
    traveller.page.goto(f"{traveller.server.origin}/profile")

    assert urlsplit(traveller.page.url).path == "/sign-in"


@pytest.mark.parametrize("party", ["node"], indirect=True)
def test_a_refresh_token_brings_new_ones_again_and_again(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    for _ in range(2):
        traveller.page.get_by_role("link", name="Refresh").click()
        expect(traveller.page.get_by_text("Refreshed.")).to_be_visible()


@pytest.mark.parametrize("party", ["apache"], indirect=True)
def test_signing_out_here_is_signing_out_there(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    assert knows(party, traveller)
    traveller.open("/profile")
    traveller.tap(traveller.name)
    traveller.tap(w.SIGN_OUT)

    until = time.monotonic() + 20
    while knows(party, traveller) and time.monotonic() < until:
        time.sleep(0.1)
    assert not knows(party, traveller), "the session there ends with the one here"


def knows(party: Party, traveller: Traveller) -> bool:
    """Tell whether the application still lets this browser in, without asking us."""
    return traveller.context.request.get(party.origin, max_redirects=0).status == 200
