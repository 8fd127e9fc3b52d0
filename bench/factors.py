"""What one sign-in costs the server with each factor, beside the text message, in the same run."""

import re
import tempfile
from base64 import b32decode
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import machine
from harness import passkeys, recovery_codes
from harness.owner import Owner, digits_on, finish, owner_of
from harness.person import Person
from harness.server import Server, running_server
from harness.sinks import running_sinks
from harness.soft_authenticator import SoftAuthenticator
from renumber.clock import SystemClock
from renumber.domain.totp import STEP, code_at

PEOPLE = 20
LATE = 31.0  # seconds after which an app shows its next code, and a text may be sent again
KEY = re.compile(r'<code class="key">([A-Z2-7 ]+)</code>')
SignIn = Callable[[], None]


def measure(url: str) -> Mapping[str, float]:
    """Server CPU seconds per sign-in by factor: from the sign-in page to the home page, all messages sent."""
    with (
        running_sinks() as sinks,
        tempfile.TemporaryDirectory(prefix="renumber-bench-") as folder,
        running_server(url, Path(folder), sinks, workers=2) as server,
    ):
        return {name: _spent(server, prepared) for name, prepared in PREPARED.items()}


def _spent(server: Server, prepared: Callable[[Person], SignIn]) -> float:
    people = server.people(PEOPLE)
    sign_ins = [prepared(person) for person in people]
    server.move(LATE)
    _settle(server, people)
    assert server.process
    before = machine.cpu_seconds(server.process.pid)
    for sign_in in sign_ins:
        sign_in()
    _settle(server, people)
    return (machine.cpu_seconds(server.process.pid) - before) / PEOPLE


def _settle(server: Server, people: list[Person]) -> None:
    for person in people:
        server.await_sent(person.account_id)


def _phone(person: Person) -> SignIn:
    person.sign_in()
    return lambda: _done(person, bool(person.sign_in()))


def _app(person: Person) -> SignIn:
    key = give_app(person)
    return lambda: sign_in_with_app(person, key)


def give_app(person: Person) -> bytes:
    """Add an authenticator app, and give its key."""
    person.sign_in_to_manage()
    found = KEY.search(person.browser.submit("/profile/app").text)
    assert found, "the page shows the key"
    key = b32decode(found[1].replace(" ", ""))
    person.browser.post("/profile/app/confirm", {"code": _shown(person, key)})
    return key


def sign_in_with_app(person: Person, key: bytes) -> None:
    """Sign in with the code that the app shows."""
    person.give_password()
    person.browser.get("/sign-in/app")
    reply = person.browser.post("/sign-in/app", {"code": _shown(person, key)})
    _done(person, reply.location in {"/profile", "/console"})


def _shown(person: Person, key: bytes) -> str:
    return code_at(key, int(SystemClock().now().timestamp() + person.server.offset) // STEP)


def _recovery_code(person: Person) -> SignIn:
    person.sign_in()
    codes = recovery_codes.make_codes(person).codes

    def sign_in() -> None:
        reply = recovery_codes.give_code(recovery_codes.come_to_codes(person), codes[0])
        _done(person, reply.location.startswith("/profile"))

    return sign_in


def _passkey(person: Person) -> SignIn:
    authenticator = SoftAuthenticator(origin=person.server.origin)
    passkeys.give_passkey(person, authenticator)

    def sign_in() -> None:
        passkeys.give_password(person, person.browser)
        answer = passkeys.signed(person.browser, authenticator, "/sign-in/passkey")
        _done(person, person.browser.post("/sign-in/passkey", {"answer": answer}).location == "/profile")

    return sign_in


def _passkey_alone(person: Person) -> SignIn:
    authenticator = SoftAuthenticator(origin=person.server.origin)
    passkeys.give_passkey(person, authenticator)
    return lambda: _done(person, passkeys.sign_in_alone(person.browser, authenticator).location == "/profile")


def _push(person: Person) -> SignIn:
    owner = owner_of(person)
    return lambda: _approve(owner)


def _approve(owner: Owner) -> None:
    browser = owner.give_password()
    (prompt,) = owner.phone.prompts()
    owner.phone.answer(prompt, "approve", digits_on(browser))
    _done(owner.person, finish(browser).location == "/profile")


def _done(person: Person, signed_in: bool) -> None:  # noqa: FBT001 - what came of it
    assert signed_in, "the sign-in went through"
    person.browser.get("/profile")


PREPARED: Mapping[str, Callable[[Person], SignIn]] = {
    "text message": _phone,
    "authenticator app": _app,
    "recovery code": _recovery_code,
    "passkey after the password": _passkey,
    "passkey alone": _passkey_alone,
    "push": _push,
}
