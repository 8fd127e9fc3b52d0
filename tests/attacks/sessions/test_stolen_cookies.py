"""Threat: a stolen session cookie, minutes old and with nothing else, that becomes a way in of its own (row 42)."""

import pytest

from harness.passkeys import give_passkey, options_of, sign_in_alone
from harness.person import Person
from harness.recovery_codes import make_codes
from harness.server import Server
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import Visitor

A_DAY = 86400
TABLES = ("passkey", "app_key", "recovery_codes", "device", "authenticator", "link")


def robbed(server: Server) -> tuple[Person, SoftAuthenticator, Visitor]:
    """Somebody with a passkey and codes of some days ago, who has just signed in, and whoever has the cookie."""
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    make_codes(person)
    server.move(4 * A_DAY)
    assert sign_in_alone(person.browser, authenticator).location == "/profile"
    person.browser.get("/profile")
    return person, authenticator, person.browser.copied(server.visitor().ip)


def factors_of(person: Person) -> list[object]:
    """All that could let anybody in; the account's row also counts what was written into its history."""
    account = [person.account[name] for name in ("number_key", "password_hash", "factors", "suspended", "lost")]
    return [account, *(person.rows(table) for table in TABLES)]


def passkey_path(person: Person, turn: int = 0) -> str:
    rows = sorted(person.rows("passkey"), key=lambda row: row["made_at"])
    return f"/profile/passkeys/{rows[turn]['passkey_id']}"


def test_a_cookie_and_nothing_else_binds_removes_and_suspends_nothing(server: Server) -> None:
    person, _, thief = robbed(server)
    before = factors_of(person)
    posts = (
        "/profile/app",
        "/profile/push",
        "/profile/recovery-codes",
        "/profile/recovery-codes/remove",
        "/profile/lost/phone",
        "/profile/lost/passkey",
        "/profile/passkeys/new",
        f"{passkey_path(person)}/remove",
        f"{passkey_path(person)}/rename",
    )

    asked = [thief.send("GET", f"/profile/passkeys/{page}").location for page in ("new", "options")]
    thief.get("/profile")
    asked += [thief.post(path, {"name": "mine", "answer": "{}", "replacing": ""}).location for path in posts]

    assert [each.partition("?")[0] for each in asked] == ["/reauthenticate"] * len(asked)
    assert factors_of(person) == before


def let_through(person: Person, thief: Visitor) -> None:
    """The thief has come to know the password as well."""
    thief.get("/reauthenticate")
    assert thief.post("/reauthenticate", {"password": person.password}).location == "/profile"


def add_own(thief: Visitor, server: Server) -> SoftAuthenticator:
    own = SoftAuthenticator(origin=server.origin)
    options = options_of(thief, "/profile/passkeys/options")
    thief.get("/profile/passkeys/new")
    reply = thief.post("/profile/passkeys/new", {"answer": own.make(options), "name": "Mine"})
    assert reply.location == "/profile?notice=passkey_added", reply.text
    return own


def test_who_has_added_a_passkey_takes_none_of_the_owner_s_things_away_and_the_owner_still_gets_in(
    server: Server,
) -> None:
    person, authenticator, thief = robbed(server)
    let_through(person, thief)
    add_own(thief, server)
    thief.get("/profile")
    codes = person.rows("recovery_codes")

    removed = thief.post(f"{passkey_path(person)}/remove")
    taken = thief.post("/profile/recovery-codes/remove")
    standing = thief.get("/profile/recovery-codes").text
    thief.post("/profile/lost/phone")

    assert (removed.status, taken.status) == (403, 403)
    assert "can be removed or replaced" in removed.text
    assert "Make new codes" not in standing
    assert person.rows("recovery_codes") == codes
    assert [row["removed_at"] for row in person.rows("passkey")] == [None, None]
    entered = sign_in_alone(server.visitor(), authenticator)
    assert entered.location == "/profile", "the phone is paused, the passkey isn't"


def test_a_passkey_added_a_moment_ago_is_neither_another_way_in_nor_a_proof(server: Server) -> None:
    person = server.person()
    thief = person.sign_in()
    let_through(person, thief)
    own = add_own(thief, server)
    thief.get("/profile/lost")

    reported = thief.post("/profile/lost/phone")

    assert (reported.status, "added only recently" in reported.text) == (409, True)
    assert person.account["lost"] == ""
    server.move(16 * 60)
    thief.get("/reauthenticate?next=/profile/passkeys/new")
    assert own.credential_id.hex() not in thief.send("GET", "/reauthenticate/passkey/options").text
    assert "passkey" not in thief.get("/reauthenticate?next=/profile").text.lower()


@pytest.mark.parametrize("verb", ["add", "remove", "anything"])
def test_the_page_that_asks_again_names_the_act_and_leads_back_to_it(server: Server, verb: str) -> None:
    person = server.person()
    browser = person.sign_in()

    page = browser.get(f"/reauthenticate?next=/profile/passkeys/new&verb={verb}")
    reply = browser.post(
        "/reauthenticate", {"password": person.password, "next": "/profile/passkeys/new", "verb": verb}
    )

    said = {"add": "Add", "remove": "Remove"}.get(verb, "Confirm")
    assert f"<span>{said}</span>" in page.text
    assert ">Cancel</a>" in page.text
    assert reply.location == "/profile/passkeys/new"
    assert browser.get(reply.location).path == "/profile/passkeys/new"
