"""Threat: a browser that somebody left open, whose last authentication is old (SECURITY.md row 2; ASVS 7.5.1)."""

from typing import Any

from harness.passkeys import give_passkey, sign_in_alone
from harness.person import Person
from harness.recovery_codes import make_codes
from harness.server import Server
from harness.soft_authenticator import SoftAuthenticator
from renumber.web.access import Access
from renumber.web.app import PAGES

# What needs no fresh proof: it ends something, or is how one authenticates again; how fresh the proof has to be for an
# application, the application says (`max_age`). Everything else is walked.
EXEMPT = {
    "/sessions/{session_id:str}/end",
    "/sessions/end-others",
    "/phone-change/cancel",
    "/reauthenticate",
    "/reauthenticate/passkey",
    "/journey/leave",
    "/oauth/consent/{request_id:str}",
    "/oauth/decline/{request_id:str}",
    "/oauth/step-up/{request_id:str}",
    "/profile/applications/{client_id:str}/withdraw",
}
# The number is there already; and the codes that the file holds come in the form itself, so that none is shown.
OTHERWISE = {"/phone-change/number": 409, "/profile/recovery-codes/file": 400}
SENSITIVE = [
    route.path
    for route in PAGES
    if route.access is Access.SESSION and route.method == "POST" and route.path not in EXEMPT
]
DAY, STALE = 86400, 15 * 60 + 1
KEPT = ("passkey", "app_key", "recovery_codes", "device", "authenticator", "phone_change", "link")


def everything_of(person: Person) -> dict[str, Any]:
    """All that lets this person in, and all that was told; what was told before may leave meanwhile."""
    account = {name: person.account[name] for name in ("number_key", "password_hash", "factors", "suspended", "lost")}
    told = sorted((row["message_id"], row["notice"], row["channel"]) for row in person.rows("outbox"))
    return {**account, "told": told, **{table: person.rows(table) for table in KEPT}}


def left_open(server: Server) -> Person:
    """Somebody with every kind of factor that a page can name, whose session has lasted for a while."""
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    make_codes(person)
    server.move(4 * DAY)
    assert sign_in_alone(person.browser, authenticator).location == "/profile"
    server.move(STALE)
    person.browser.get("/profile")
    server.await_sent(person.account_id)
    return person


def test_a_stale_session_is_sent_to_authenticate_by_every_route_that_is_not_exempt(server: Server) -> None:
    person = left_open(server)
    [passkey] = person.rows("passkey")
    before = everything_of(person)

    led = {}
    for path in SENSITIVE:
        named = path.replace("{passkey_id:str}", passkey["passkey_id"]).replace("{device_id:str}", "0" * 32)
        form = {"name": "mine", "code": "000000", "answer": "{}", "next": "/"}
        person.browser.get("/profile")
        reply = person.browser.post(named.replace("{factor:str}", "phone"), form)
        led[path] = (reply.status, reply.location.partition("?")[0])

    astray = {path: status for path, (status, onward) in led.items() if (status, onward) != (303, "/reauthenticate")}
    assert astray == OTHERWISE
    assert everything_of(person) == before


def test_every_exempt_route_is_one() -> None:
    assert {route.path for route in PAGES if route.access is Access.SESSION} >= EXEMPT
    assert len(SENSITIVE) >= 15
