"""Threat: `kill -9` before an end of a session was told, so that a thief stays signed in elsewhere (33)."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from harness.person import Person
from harness.server import Server, quick_server
from harness.sinks import Sinks
from renumber.delivery.receivers import PACE
from renumber.policies.oidc.key_proof import s256

MOMENTS = (0.0, 0.004, 0.008, 0.016, 0.032)  # seconds into the request that ends the session
HEARD_WITHIN = 60.0  # seconds
SECRET, VERIFIER, CALLBACK = "s" * 43, "v" * 43, "https://shop.example/callback"
JOINS = """\
[[client]]
id = "shop"
secret_file = "shop.secret"
redirect_uris = ["{callback}"]
backchannel_logout_uri = "{heard_at}"
allow_private = true
"""


@dataclass
class Shop:
    """An application that hears of ended sessions; `on_hearing` is called before it answers."""

    heard: list[dict[str, Any]] = field(default_factory=list)
    on_hearing: Callable[[], None] | None = None

    def hear(self, body: str) -> None:
        (token,) = parse_qs(body)["logout_token"]
        self.heard.append(jwt.decode(token, options={"verify_signature": False}))
        if self.on_hearing:
            self.on_hearing()

    def of(self, session_id: str) -> list[str]:
        """The ids of the tokens about a session, as often as they came."""
        return [str(each["jti"]) for each in self.heard if each["sid"] == session_id]


@contextmanager
def listening(shop: Shop) -> Iterator[str]:
    """Let it listen, and give its address."""

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            shop.hear(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hearing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/backchannel"
        server.shutdown()


@dataclass
class Fragile:
    """A server that is to be killed, and the application that it tells."""

    server: Server
    shop: Shop

    def sign_in(self) -> tuple[Person, str]:
        """Let somebody sign in to the application, and give the id of their session."""
        person = self.server.person()
        browser = person.sign_in()
        asked = {
            "response_type": "code",
            "client_id": "shop",
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
        }
        led = browser.send("GET", f"/oauth/authorize?{urlencode(asked)}").location
        (code,) = parse_qs(urlsplit(led).query)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        known = {"client_id": "shop", "client_secret": SECRET}
        assert browser.send("POST", "/oauth/token", urlencode(form | known)).status == 200
        browser.get("/profile")
        return person, person.rows("session")[0]["session_id"]

    def back(self, *, after: float = 0.0) -> None:
        """Start again, when so much time has passed."""
        self.server.start()
        self.server.move(after)

    def await_told(self, person: Person) -> None:
        """Wait until nothing is left that the application has to hear."""
        until = time.monotonic() + HEARD_WITHIN
        while person.rows("backchannel_logout"):
            assert time.monotonic() < until, "what waits is told within seconds"
            time.sleep(0.05)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fragile(
    request: pytest.FixtureRequest,
    fresh_database: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    sinks: Sinks,
) -> Iterator[Fragile]:
    """A server of its own with one worker, and an application that joined it."""
    folder, joined = tmp_path_factory.mktemp("fragile"), tmp_path_factory.mktemp("joined")
    shop = Shop()
    with listening(shop) as heard_at:
        more = {"joins_file": str(joins_in(joined, heard_at))}
        with quick_server(fresh_database(request.param), folder, sinks, workers=1, **more) as server:
            yield Fragile(server, shop)


def joins_in(folder: Path, heard_at: str) -> Path:
    secret, joins = folder / "shop.secret", folder / "joins.toml"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)
    joins.write_text(JOINS.format(callback=CALLBACK, heard_at=heard_at))
    return joins


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_session_that_was_ended_before_the_power_went_is_told_of_and_no_other(
    fragile: Fragile, moment: float
) -> None:
    person, session_id = fragile.sign_in()
    timer = threading.Timer(moment, fragile.server.kill)

    timer.start()
    with suppress(OSError):  # the power may go before the answer
        person.browser.press("/sign-out")
    timer.join()
    is_ended = person.rows("session")[0]["ended_at"] is not None
    fragile.back(after=PACE.claim_for.total_seconds())
    fragile.await_told(person)
    told = fragile.shop.of(session_id)

    assert bool(told) == is_ended, "the end and the word of it are one commit"
    assert len(told) <= 2, "once, and once more where the power went before the answer was written down"
    if not is_ended:
        person.browser.get("/profile")
        person.browser.press("/sign-out")
        fragile.await_told(person)
        assert len(fragile.shop.of(session_id)) == 1


def test_a_server_that_is_killed_while_it_tells_tells_once_more_by_a_token_of_its_own(fragile: Fragile) -> None:
    person, session_id = fragile.sign_in()
    heard = threading.Event()

    def cut() -> None:
        if not heard.is_set():
            fragile.server.kill()
            heard.set()

    fragile.shop.on_hearing = cut
    with suppress(OSError):
        person.browser.press("/sign-out")
    assert heard.wait(HEARD_WITHIN)
    fragile.shop.on_hearing = None
    (waiting,) = person.rows("backchannel_logout")
    fragile.back(after=PACE.claim_for.total_seconds())
    fragile.await_told(person)

    first, second = fragile.shop.of(session_id)
    assert waiting["attempts"] == 1
    assert first != second
