"""Passkeys with Chromium's virtual authenticator: added, used in both ways, named, removed, and refused in words."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.passkeys import give_passkey
from harness.server import Server, quick_server
from harness.sinks import Sinks
from harness.soft_authenticator import SoftAuthenticator
from tests.journeys import words as w
from tests.journeys.conftest import BEHIND_A_PROXY, Travel
from tests.journeys.passkeys.authenticator import VirtualAuthenticator
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

NAME = Words("Name", "Name")
ADD = Words("Passkey anlegen", "Add passkey")
USE = Words("Passkey verwenden", "Use passkey")
ALONE = Words("Mit Passkey anmelden", "Sign in with a passkey")
INSTEAD = Words("Stattdessen Passkey verwenden", "Use a passkey instead")
SAVE = Words("Namen speichern", "Save name")
ADDED = Words("Der Passkey ist hinzugefügt.", "The passkey is added.")
RENAMED = Words("Der Passkey hat seinen neuen Namen.", "The passkey has its new name.")
REMOVED = Words("Die Methode ist entfernt.", "The method is removed.")
HELD = Words("Auf diesem Gerät liegt schon ein Passkey", "This device holds a passkey")
CANCELLED = Words("Der Vorgang wurde abgebrochen", "it was cancelled")
WRONG = Words("Dieser Passkey passt nicht.", "This passkey doesn't fit.")
NEEDS_SCRIPT = Words("wenn JavaScript in Ihrem Browser eingeschaltet ist", "if JavaScript is switched on")

in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, sinks: Sinks) -> Iterator[Server]:
    """Serve at a name: an IP address can't be a relying party (WebAuthn section 5.1.2)."""
    folder = tmp_path_factory.mktemp("passkeys")
    shutil.copyfile(sqlite_template, folder / "renumber.db")
    url = f"sqlite:///{folder / 'renumber.db'}"
    with quick_server(url, folder, sinks, workers=1, host="localhost", **BEHIND_A_PROXY) as serving:
        yield serving


# Where the field offers passkeys, an authenticator whose owner is there answers before any button is pressed.
NO_OFFER = "delete window.PublicKeyCredential?.isConditionalMediationAvailable;"
# An empty page, which each new one is at first, has no credentials: it is no secure context.
NOTE_OFFER = """if (window.CredentialsContainer) {
  const { get } = CredentialsContainer.prototype;
  CredentialsContainer.prototype.get = function (asked) {
    if (asked.mediation === "conditional") document.documentElement.dataset.offered = "yes";
    return get.call(this, asked);
  };
}"""
OLD_BROWSER = f"""
  {NO_OFFER}
  delete window.PublicKeyCredential?.parseCreationOptionsFromJSON;
  delete window.PublicKeyCredential?.parseRequestOptionsFromJSON;
  delete window.PublicKeyCredential?.prototype.toJSON;
"""


def add(someone: Traveller, key: VirtualAuthenticator, name: str = "") -> None:
    """Add a passkey in the session that is open."""
    someone.open("/profile/passkeys/new")
    someone.prove_again(w.ADD)
    if name:
        someone.type(NAME, name)
    key.touch()
    someone.press(ADD)
    key.touch(here=False)  # or the next sign-in page would be answered at once
    someone.is_at("/profile")
    someone.sees(ADDED)


def sign_out(someone: Traveller) -> None:
    someone.context.clear_cookies(name="__Host-session")
    someone.open("/sign-in")


@in_german
def test_a_passkey_is_added_confirms_a_sign_in_is_named_and_removed(travel: Travel, language: str) -> None:
    someone = travel(language)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()

    add(someone, key, "Blauer Schlüssel")
    sign_out(someone)
    someone.give_password()
    someone.is_at("/sign-in/passkey")
    key.touch()
    someone.press(USE)
    someone.is_at("/profile")

    someone.open("/profile/passkeys")
    someone.go_by(someone.page.get_by_role("link", name="Blauer Schlüssel"))
    someone.type(NAME, "Alter Schlüssel")
    someone.press(SAVE)
    someone.prove_again(w.RENAME)
    someone.type(NAME, "Alter Schlüssel")
    someone.press(SAVE)
    someone.sees(RENAMED)
    someone.open("/profile/passkeys")
    someone.go_by(someone.page.get_by_role("link", name="Alter Schlüssel"))
    someone.press(w.REMOVE)
    someone.press(w.REMOVE)
    someone.is_at("/profile")
    someone.sees(REMOVED)

    key.touch(here=False)
    sign_out(someone)
    someone.give_password()
    someone.is_at("/sign-in/code")
    assert (someone.sent("factor_added"), someone.sent("factor_removed")) == (2, 2)


@in_german
def test_a_passkey_alone_signs_in_by_its_button(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.context.add_init_script(NO_OFFER)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    sign_out(someone)

    key.touch()
    someone.press(ALONE)

    someone.is_at("/profile")
    assert [held["signCount"] for held in key.credentials] == [2]


def test_the_address_field_offers_a_passkey_by_itself(travel: Travel) -> None:
    someone = travel("en")
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    sign_out(someone)
    expect(someone.field(w.EMAIL)).to_have_attribute("autocomplete", "username webauthn")

    key.touch()
    someone.page.goto(f"{someone.server.origin}/sign-in", wait_until="commit")

    someone.page.wait_for_url(f"{someone.server.origin}/profile")


def test_the_button_takes_over_from_the_offer_in_the_field(travel: Travel) -> None:
    someone = travel("en")
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    someone.context.add_init_script(NOTE_OFFER)
    sign_out(someone)
    expect(someone.page.locator("html")).to_have_attribute("data-offered", "yes")
    for _ in range(2):  # answered after it by the same part of the browser: the offer stands, and goes on standing
        someone.page.evaluate("PublicKeyCredential.isConditionalMediationAvailable()")

    key.touch()
    someone.press(ALONE)

    someone.is_at("/profile")


@in_english
def test_what_is_cancelled_is_said_in_words_and_can_be_tried_again(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.context.add_init_script(NO_OFFER)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    sign_out(someone)
    key.recognise(owner=False)
    key.touch()

    someone.tap(ALONE)

    someone.sees(CANCELLED)
    someone.is_at("/sign-in")
    key.recognise(owner=True)
    someone.press(ALONE)
    someone.is_at("/profile")


@in_german
def test_a_device_that_holds_one_already_is_told_so(travel: Travel, language: str) -> None:
    someone = travel(language)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    someone.open("/profile/passkeys/new")

    key.touch()
    someone.tap(ADD)

    someone.sees(HELD)
    assert len(key.credentials) == 1


@in_english
def test_a_passkey_that_was_removed_signs_nobody_in_and_old_browsers_are_served(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.context.add_init_script(OLD_BROWSER)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key, "Old")
    sign_out(someone)
    key.touch()
    someone.press(ALONE)
    someone.is_at("/profile")
    someone.open("/profile/passkeys")
    someone.go_by(someone.page.get_by_role("link", name="Old"))
    someone.press(w.REMOVE)
    someone.prove_again(w.REMOVE)
    someone.press(w.REMOVE)
    sign_out(someone)

    key.touch()
    someone.press(ALONE)

    someone.sees(WRONG)
    someone.press("Deutsch" if language == "en" else "English")
    someone.is_at("/sign-in")


@in_german
def test_a_passkey_stands_for_the_password_before_a_sensitive_act(travel: Travel, language: str) -> None:
    someone = travel(language)
    someone.context.add_init_script(NO_OFFER)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    sign_out(someone)
    someone.server.move(73 * 3600)
    someone.open("/sign-in")
    key.touch()
    someone.press(ALONE)
    key.touch(here=False)
    someone.is_at("/profile")
    someone.server.move(16 * 60)
    someone.open("/profile/passkeys/new")
    someone.is_at("/reauthenticate")

    key.touch()
    someone.press(INSTEAD)

    someone.is_at("/profile/passkeys/new")


@in_english
def test_without_script_another_method_is_one_link_away(travel: Travel, language: str) -> None:
    someone = travel(language, scripts=False)
    give_passkey(someone.person, SoftAuthenticator(origin=someone.server.origin))
    someone.open("/sign-in")
    expect(someone.page.locator("form[data-passkey]")).to_be_hidden()

    someone.give_password()
    someone.is_at("/sign-in/passkey")
    someone.sees(NEEDS_SCRIPT)
    someone.follow(w.OTHER_METHOD)
    someone.go_by(someone.page.get_by_role("button", name=someone.said(w.PHONE)))

    someone.is_at("/sign-in/code")
