"""Applications with the libraries that people use join by the guides, and work: each in a real browser."""

import re
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
import requests
from playwright.sync_api import expect

from harness.person import PASSWORD
from renumber.domain.totp import STEP
from tests.foreign.fronts import REFRESHED_AT_ONCE
from tests.foreign.parties import KEY, Party
from tests.journeys import words as w
from tests.journeys.device.test_lost_device import APP, add_app_on_profile, code_of_app
from tests.journeys.traveller import Traveller

Arrive = Callable[[], Traveller]
ENTRANCE = {"python": "/login", "node": "/login", "apache": "/", "nginx": "/"}
HELLO = re.compile(r"Hello Erika Muster \(.+@.+\)")
PLAIN_APPLICATIONS = pytest.mark.parametrize("party", ["python", "node"], indirect=True)
IN_FRONT = pytest.mark.parametrize("party", ["apache", "nginx"], indirect=True)
TOLD = ("X-Account-Id", "X-Account-Name", "X-Account-Email")
MADE_UP = "of a browser's making"


def sign_in(traveller: Traveller, party: Party) -> None:
    """Sign in to the application, which sends its visitor here and gets them back."""
    traveller.page.goto(party.origin + ENTRANCE[party.name])
    confirm_sign_in(traveller)
    assert traveller.page.url.startswith(party.origin)


def confirm_sign_in(traveller: Traveller) -> None:
    """Give password and code, and be greeted by the application."""
    traveller.give_password()
    traveller.field(w.CODE).press_sequentially(traveller.text().code)
    traveller.button(w.CONFIRM).click()
    expect(traveller.page.get_by_text(HELLO)).to_be_visible()


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
    traveller.button(w.CONFIRM).click()

    expect(traveller.page.get_by_text(paid)).to_be_visible()


SIGNED_OUT = {
    "python": "/logout",
    "node": "/logout",
    "apache": "/callback?logout=",
    "nginx": "/guard/callback?logout=",
}


def test_signing_out_there_is_signing_out_here(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    back = quote(f"{party.origin}/", safe="") if party.name in {"apache", "nginx"} else ""
    traveller.page.goto(f"{party.origin}{SIGNED_OUT[party.name]}{back}")
    traveller.page.goto(f"{traveller.server.origin}/profile")

    assert urlsplit(traveller.page.url).path == "/sign-in"


@PLAIN_APPLICATIONS
def test_a_refresh_token_brings_new_ones_again_and_again(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    for _ in range(2):
        with traveller.page.expect_navigation():
            traveller.page.get_by_role("link", name="Refresh").click()
        expect(traveller.page.get_by_text("Refreshed.")).to_be_visible()


@pytest.mark.parametrize("party", ["apache"], indirect=True)
def test_the_guard_refreshes_its_tokens_and_a_freeze_ends_that(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    traveller.page.goto(f"{party.origin}{REFRESHED_AT_ONCE}")
    confirm_sign_in(traveller)
    given = len(traveller.person.rows("access_token"))

    for _ in range(2):
        traveller.page.goto(f"{party.origin}{REFRESHED_AT_ONCE}")
        expect(traveller.page.get_by_text(HELLO)).to_be_visible()
    refreshed = len(traveller.person.rows("access_token"))
    traveller.server.run("account", "freeze", traveller.person.email, "--reason", "reported stolen")
    traveller.page.goto(f"{party.origin}{REFRESHED_AT_ONCE}")

    assert refreshed == given + 2
    assert urlsplit(traveller.page.url).path == "/sign-in"


def test_somebody_is_sent_to_change_their_number_and_gets_back(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    traveller.page.goto(f"{party.origin}/number" if party.name in {"python", "node"} else journey_of(traveller, party))
    traveller.button("Continue").click()
    traveller.button(w.CONFIRM).click()
    traveller.mail(w.MAIL_1)
    traveller.link(f"Back to The {party.name} shop").click()

    expect(traveller.page.get_by_text(HELLO)).to_be_visible()
    assert traveller.page.url == f"{party.origin}/"


def journey_of(traveller: Traveller, party: Party) -> str:
    """Have the program of whoever runs the application ask for the address."""
    asked = {"account_id": traveller.person.account_id, "kind": "change_phone", "return_to": f"{party.origin}/"}
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": traveller.person.account_id}
    answer = requests.post(f"{traveller.server.origin}/api/v1/journeys", json=asked, headers=headers, timeout=10)
    return str(answer.json()["url"])


@IN_FRONT
def test_what_a_browser_says_of_itself_reaches_no_application(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    ask = traveller.context.request.get
    plain, page = dict.fromkeys(TOLD, MADE_UP), f"{party.origin}/anything"
    stranger = ask(page, headers={**plain, "Accept": "application/json"}, max_redirects=0)
    sign_in(traveller, party)

    shown = ask(page, headers=plain).text()
    otherwise = [ask(page, headers={name.replace("-", "_", turn): MADE_UP}) for name in TOLD for turn in (1, 2)]

    assert stranger.status == 401
    assert f"X-Account-Id: {traveller.person.account_id}" in shown
    assert not [answer for answer in [shown, *(one.text() for one in otherwise)] if MADE_UP in answer]
    assert {one.status for one in otherwise} == {400 if party.name == "apache" else 200}


@IN_FRONT
def test_one_path_takes_a_stronger_sign_in_and_whoever_has_none_is_told(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)
    for path in ("pay", "PAY;x"):  # to some applications these are one
        traveller.page.goto(f"{party.origin}/{path}")
        expect(traveller.page.get_by_text("unmet_authentication_requirements")).to_be_visible()

    key = add_app_on_profile(traveller)
    traveller.server.move(STEP)
    traveller.page.goto(f"{party.origin}/pay")
    expect(traveller.page).to_have_url(re.compile(f"^{traveller.server.origin}/oauth/step-up/"))
    traveller.button(APP).click()
    traveller.field(w.CODE).press_sequentially(code_of_app(traveller, key))
    traveller.button(w.CONFIRM).click()

    expect(traveller.page.get_by_text(HELLO)).to_be_visible()
    assert traveller.page.url == f"{party.origin}/pay"


def test_signing_out_here_is_signing_out_there(party: Party, arrive: Arrive) -> None:
    traveller = arrive()
    sign_in(traveller, party)

    assert knows(party, traveller)
    traveller.open("/profile")
    traveller.tap(traveller.name)
    traveller.press(w.SIGN_OUT)

    until = time.monotonic() + 20
    while knows(party, traveller) and time.monotonic() < until:
        time.sleep(0.1)
    assert not knows(party, traveller), "the session there ends with the one here"


def knows(party: Party, traveller: Traveller) -> bool:
    """Tell whether the application still lets this browser in, without asking us."""
    return bool(HELLO.search(traveller.context.request.get(party.origin, max_redirects=0).text()))
