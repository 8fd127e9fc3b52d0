"""Threat: a passkey's answer that was carried off, forged, kept or copied (WebAuthn section 13; ASVS 6.3, 6.6)."""

import json

import pytest

from harness.passkeys import give_passkey, give_password, options_of, sign_in_alone, signed
from harness.person import STOP, Person
from harness.server import Server
from harness.soft_authenticator import PRESENT, SoftAuthenticator
from harness.visitor import Visitor, rush


def an_owner(server: Server, **more: object) -> tuple[Person, SoftAuthenticator]:
    """Somebody with a passkey."""
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin, **more)  # type: ignore[arg-type]
    give_passkey(person, authenticator)
    return person, authenticator


def test_one_answer_given_twenty_times_at_once_opens_one_session(server: Server) -> None:
    person, authenticator = an_owner(server, counts=False)
    browser = person.browser
    browser.get("/sign-in")
    answer = signed(browser, authenticator)
    opened = len(person.rows("session"))

    replies = rush(20, lambda _: browser.copied().post("/sign-in/with-passkey", {"answer": answer}).status)

    assert sorted(replies) == [303] + [422] * 19
    assert len(person.rows("session")) == opened + 1
    assert person.live_sessions == 1, "and the one before in this browser is over"


def test_an_answer_that_was_carried_off_is_worth_nothing_in_another_browser(server: Server) -> None:
    person, authenticator = an_owner(server)
    thief = server.visitor()
    thief.get("/sign-in")
    answer = signed(person.browser, authenticator)

    stolen = thief.post("/sign-in/with-passkey", {"answer": answer})

    assert stolen.status == 422
    assert "__Host-session" not in thief.cookies


def test_an_answer_for_another_site_opens_nothing_here(server: Server) -> None:
    person, authenticator = an_owner(server)
    authenticator.origin = "https://account.examp1e.com"

    assert sign_in_alone(person.browser, authenticator).status == 422


def test_without_a_verified_person_a_passkey_alone_opens_nothing(server: Server) -> None:
    person, authenticator = an_owner(server, flags=PRESENT)
    before = person.live_sessions

    assert sign_in_alone(person.browser, authenticator).status == 422
    assert person.live_sessions == before


def test_a_copy_is_refused_and_told_on_every_channel(server: Server) -> None:
    person, authenticator = an_owner(server)
    copy = authenticator.clone()
    assert sign_in_alone(person.browser, authenticator).location == "/profile"

    assert sign_in_alone(person.browser, copy).status == 422
    assert dict(person.told("passkey_cloned")) == {"email": 1, "sms": 1}


def test_a_frozen_account_is_not_opened_and_its_owner_reads_how_to_release_it(server: Server) -> None:
    person, authenticator = an_owner(server)
    stop = person.mail("A sign-in method was added").link(STOP)
    person.press(stop)

    reply = sign_in_alone(person.browser, authenticator)

    assert reply.status == 403
    shown = person.browser.submit("/sign-in/with-passkey", {"answer": signed(person.browser, authenticator)})
    assert "To release it" in shown.text
    assert person.live_sessions == 0


def test_unknown_and_known_credentials_get_the_same_answer(server: Server) -> None:
    _, authenticator = an_owner(server)
    forged = SoftAuthenticator(origin=server.origin, credential_id=authenticator.credential_id)
    forged.user_handle = authenticator.user_handle
    unknown = SoftAuthenticator(origin=server.origin, user_handle=authenticator.user_handle)
    stranger = server.visitor()

    replies = [sign_in_alone(stranger, each) for each in (forged, unknown)]

    assert [reply.status for reply in replies] == [422, 422]
    assert said(replies[0].text) == said(replies[1].text)


def said(page: str) -> str:
    return page.partition('class="notice bad"')[2].partition("</div>")[0]


def test_the_question_at_the_door_names_no_account_and_no_credential(server: Server) -> None:
    an_owner(server)

    options = json.loads(options_of(server.visitor(), "/sign-in/with-passkey/options"))

    assert set(options) == {"challenge", "timeout", "rpId", "allowCredentials", "userVerification"}
    assert options["allowCredentials"] == []


@pytest.mark.parametrize("act", ["", "/rename", "/remove"])
def test_another_account_s_passkey_answers_404(server: Server, act: str) -> None:
    owner, _ = an_owner(server)
    stranger, _ = an_owner(server)
    browser: Visitor = stranger.browser
    path = f"/profile/passkeys/{owner.rows('passkey')[0]['passkey_id']}{act}"
    browser.get("/profile/passkeys")

    reply = browser.post(path, {"name": "Mine now"}) if act else browser.send("GET", path)

    assert reply.status == 404
    assert owner.rows("passkey")[0]["removed_at"] is None


def test_a_passkey_of_another_account_confirms_no_sign_in(server: Server) -> None:
    owner, _ = an_owner(server)
    _, strange = an_owner(server)
    browser = server.visitor()
    assert give_password(owner, browser).path == "/sign-in/passkey"

    reply = browser.post("/sign-in/passkey", {"answer": signed(browser, strange, "/sign-in/passkey")})

    assert reply.status == 422
    assert dict(owner.told("wrong_factor")) == {"email": 1}


def test_password_managers_are_led_to_the_pages(server: Server) -> None:
    visitor = server.visitor()

    endpoints = visitor.send("GET", "/.well-known/passkey-endpoints")
    change = visitor.send("GET", "/.well-known/change-password")

    assert endpoints.header("content-type") == "application/json"
    assert json.loads(endpoints.text) == {
        "enroll": f"{server.origin}/profile/passkeys/new",
        "manage": f"{server.origin}/profile/passkeys",
    }
    assert (change.status, change.location) == (302, "/sign-in/forgotten")
