"""A new password for someone who is signed in: two presses and a mail, with no address to type."""

import pytest
from playwright.sync_api import expect

from harness.person import NEW_PASSWORD
from harness.server import Server
from tests.journeys.conftest import Travel
from tests.journeys.words import Words

CHOOSE = Words("Neues Passwort wählen", "Choose a new password")
SEND_LINK = Words("Link senden", "Send link")
NEW = Words("Neues Passwort", "New password")
SAVE = Words("Passwort speichern", "Save password")
BACK = Words("Zurück zum Profil", "Back to your profile")
CHANGED = Words("Ihr Passwort ist geändert.", "Your password has been changed.")


@pytest.mark.parametrize(("language", "start"), [("de", "/profile"), ("en", "/")])
def test_the_profile_and_the_start_page_lead_to_a_new_password(travel: Travel, language: str, start: str) -> None:
    someone = travel(language)
    someone.arrive()

    someone.open(start)
    someone.follow(CHOOSE)
    expect(someone.page.get_by_role("textbox")).to_have_count(0)
    someone.press(SEND_LINK)
    someone.sees(f"{someone.person.email[0]}…@example.com")
    someone.follow(BACK)
    someone.is_at("/profile")
    someone.open(someone.mail(CHOOSE).link(NEW_PASSWORD))
    someone.type(NEW, "another good battery")
    someone.press(SAVE)

    someone.sees(CHANGED)


def test_another_address_can_still_be_given_on_a_page_that_was_open_before(server: Server) -> None:
    person = server.person()
    person.sign_in()
    person.browser.get("/profile")

    reply = person.browser.submit("/sign-in/forgotten", {"email": "somebody-else@example.com"})

    assert "If there is an account with the address" in reply.text
    assert "somebody-else@example.com" in reply.text
