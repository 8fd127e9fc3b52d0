"""What applications cost the server: a sign-in through OpenID beside one on our own pages, user info, and standing."""

import hashlib
import json
import re
import secrets
import tempfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from bench import machine
from harness.person import Person
from harness.server import Server, running_server
from harness.sinks import running_sinks

PEOPLE, CALLS, REFRESHES = 20, 1000, 100
SECRET = "a secret of the application in the benchmark"  # noqa: S105 - of nobody
KEY = f"rnk_{'benchmark':_<43}"
CALLBACK = "https://shop.example/callback"
JOINS = f"""
[[client]]
id = "shop"
secret_file = "shop.secret"
redirect_uris = ["{CALLBACK}"]
scopes = ["openid", "profile", "email", "offline_access"]

[[api_key]]
name = "payments"
hash = "{hashlib.sha256(KEY.encode()).hexdigest()}"
scopes = ["accounts:read"]
"""
BASIC = {"Authorization": f"Basic {b64encode(f'shop:{SECRET}'.encode()).decode()}"}
ONWARD = re.compile(r'content="0;url=([^"]+)"')
Tokens = dict[str, str]
LATE = 31.0  # seconds after which a text may be sent again


def measure(url: str) -> dict[str, float]:
    """Server CPU seconds: of a sign-in each way, and of one call each.

    Everybody has signed in the same way before, so that no browser is new and each worker has loaded its signing key.
    """
    with _serving(url) as server:
        people = server.people(2 * PEOPLE)
        own, through = people[:PEOPLE], people[PEOPLE:]
        for person in own:
            person.sign_in()
        for person in through:
            _tokens(person)
        server.move(LATE)
        spent = {"sign-in on our own pages": _spent(server, own, lambda person: bool(person.sign_in()))}
        tokens: list[Tokens] = []
        spent["sign-in through OpenID"] = _spent(server, through, lambda person: tokens.append(_tokens(person)))
        access = tokens[-1]["access_token"]
        standing = f"/api/v1/accounts/{own[0].account_id}/standing"
        spent["standing"] = _spent_on_calls(server, standing, f"Bearer {KEY}")
        spent["user info"] = _spent_on_calls(server, "/oauth/userinfo", f"Bearer {access}")
        spent["introspection"] = _spent_on_calls(server, "/oauth/introspect", BASIC["Authorization"], token=access)
        server.move(LATE)
        lasting = _tokens(through[0], "openid offline_access")
        spent["exchange of a refresh token"] = _spent_on_refreshes(server, lasting["refresh_token"])
        return spent


@contextmanager
def _serving(url: str) -> Iterator[Server]:
    with running_sinks() as sinks, tempfile.TemporaryDirectory(prefix="renumber-bench-") as name:
        folder = Path(name)
        (folder / "shop.secret").touch(mode=0o600)
        (folder / "shop.secret").write_text(SECRET)
        (folder / "joins.toml").write_text(JOINS)
        more = {"joins_file": str(folder / "joins.toml"), "api_reads_per_minute": "1000000"}
        with running_server(url, folder, sinks, workers=2, **more) as server:
            yield server


def _spent(server: Server, people: list[Person], act: Callable[[Person], object]) -> float:
    before = _cpu(server)
    for person in people:
        act(person)
    for person in people:
        server.await_sent(person.account_id)
    return (_cpu(server) - before) / len(people)


def _cpu(server: Server) -> float:
    assert server.process
    return machine.cpu_seconds(server.process.pid)


def _tokens(person: Person, scope: str = "openid profile email") -> Tokens:
    """Sign in for the application, from its request to its tokens."""
    browser, seen, verifier = person.browser, len(person.codes), secrets.token_urlsafe(48)
    browser.cookies.pop("__Host-session", None)
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": "shop",
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": scope,
        "state": "of-the-benchmark",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page = browser.get(f"/oauth/authorize?{urlencode(asked)}")
    named = parse_qs(urlsplit(page.path).query)["request"][0]
    form = {"email": person.email, "password": person.password, "request": named}
    browser.get(browser.press("/sign-in", form).location)
    onward = browser.press("/sign-in/code", {"code": person.text(seen + 1).code})
    leaving = ONWARD.search(browser.get(onward.location).body.decode())
    assert leaving, "the way leads back to the application"
    code = parse_qs(urlsplit(unescape(leaving[1])).query)["code"][0]
    shown = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    answer = person.server.visitor().send("POST", "/oauth/token", urlencode(shown), BASIC)
    assert answer.status == 200, answer.text
    return dict(json.loads(answer.body))


def _spent_on_calls(server: Server, path: str, authorization: str, **form: str) -> float:
    """Call again and again on one connection, as a program does."""
    connection = HTTPConnection("127.0.0.1", server.port)
    before = _cpu(server)
    for _ in range(CALLS):
        _called(connection, path, authorization, **form)
    connection.close()
    return (_cpu(server) - before) / CALLS


def _spent_on_refreshes(server: Server, token: str) -> float:
    """Exchange a refresh token for the next one, again and again."""
    connection = HTTPConnection("127.0.0.1", server.port)
    before = _cpu(server)
    for _ in range(REFRESHES):
        shown = {"grant_type": "refresh_token", "refresh_token": token}
        token = json.loads(_called(connection, "/oauth/token", BASIC["Authorization"], **shown))["refresh_token"]
    connection.close()
    return (_cpu(server) - before) / REFRESHES


def _called(connection: HTTPConnection, path: str, authorization: str, **form: str) -> bytes:
    headers = {"Authorization": authorization, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return body
