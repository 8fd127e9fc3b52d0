"""The FAPI 2.0 profile by openid-client, and an application that takes its answers by a form, in a real browser."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.foreign.parties import POSTED, Party, taking_posts
from tests.journeys import words as w
from tests.journeys.traveller import Traveller

Arrive = Callable[[], Traveller]
HELLO = re.compile(r"Hello Erika Muster \(.+@.+\)")
VERIFIER = "v" * 43


def sign_in(traveller: Traveller) -> None:
    """Sign in on the page that the application has led to."""
    traveller.give_password()
    traveller.field(w.CODE).press_sequentially(traveller.text().code)
    traveller.button(w.CONFIRM).click()


def test_an_application_of_the_profile_signs_people_in_and_refreshes_by_its_key(bank: Party, arrive: Arrive) -> None:
    traveller = arrive()
    traveller.page.goto(f"{bank.origin}/login")
    sign_in(traveller)
    expect(traveller.page.get_by_text(HELLO)).to_be_visible()

    for _ in range(2):  # the same refresh token, twice
        with traveller.page.expect_navigation():
            traveller.page.get_by_role("link", name="Refresh").click()
        expect(traveller.page.get_by_text("Refreshed: dpop.")).to_be_visible()


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_an_answer_is_posted_through_the_browser(
    parties: dict[str, Party], arrive: Arrive, *, is_signed_in: bool
) -> None:
    traveller, party = arrive(), parties[POSTED]
    if is_signed_in:
        traveller.page.goto(f"{traveller.server.origin}/sign-in")
        sign_in(traveller)
        traveller.page.wait_for_url("**/profile")
    asked = {
        "response_type": "code",
        "response_mode": "form_post",
        "client_id": party.name,
        "redirect_uri": f"{party.origin}/callback",
        "scope": "openid",
        "state": "the state",
        "code_challenge": urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }

    with taking_posts(party) as taken:
        traveller.page.goto(f"{traveller.server.origin}/oauth/authorize?{urlencode(asked)}")
        if not is_signed_in:
            sign_in(traveller)
        expect(traveller.page.get_by_text("Welcome")).to_be_visible()

    [answer] = taken
    assert answer.keys() == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == ("the state", traveller.server.origin)
