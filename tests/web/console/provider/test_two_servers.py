"""Another Renumber as the company's identity provider, over HTTP on loopback: we sign who we are, and hear of ends."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import ECKey

from harness.person import Person
from harness.server import CHEAP_PASSWORDS, Server, new_number
from harness.sinks import running_sinks
from harness.visitor import Visitor
from renumber.policies.oidc.assurance import Acr
from tests.web.console.provider.test_between_two import written

JOINS = """
[[client]]
id = "console"
name = "Customer relations"
jwks_file = "console.jwks"
redirect_uris = ["{console}/console/sign-in/done"]
backchannel_logout_uri = "{console}/console/sign-in/ended"
allow_private = true
scopes = ["openid", "profile", "email"]
"""
TOLD_WITHIN = 30.0  # seconds
OURS, STRANGE = (ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True) for _ in range(2))


def a_server(folder: Path, name: str, stack: ExitStack, template: Path) -> Server:
    """One installation that isn't started yet, so that another can be told where it will be."""
    place = folder / name
    place.mkdir()
    shutil.copyfile(template, place / "renumber.db")
    sinks = stack.enter_context(running_sinks())
    settings = {f"RENUMBER_{key.upper()}": value for key, value in CHEAP_PASSWORDS.items()}
    server = Server(f"sqlite:///{place / 'renumber.db'}", place, sinks, 1, settings, is_preloaded=True)
    stack.callback(server.stop)
    return server


@pytest.fixture(scope="module")
def servers(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server, Person]]:
    """The company, the console, and somebody who works for both."""
    folder = tmp_path_factory.mktemp("two")
    with ExitStack() as stack:
        company, console = (a_server(folder, name, stack, sqlite_template) for name in ("company", "console"))
        public = {"keys": [OURS.as_dict(private=False)]}
        written(company.folder / "console.jwks", json.dumps(public))
        joins = written(company.folder / "joins.toml", JOINS.format(console=console.origin))
        company.more["RENUMBER_JOINS_FILE"] = joins
        company.start()
        anna = company.person()
        number = new_number()
        anna.change_number(number)  # by a mail, which confirms the address
        anna.number = number
        key = written(console.folder / "key.pem", OURS.as_pem(private=True).decode())
        console.more |= {
            "RENUMBER_CONSOLE": "on",
            "RENUMBER_PROVIDER_ISSUER": company.origin,
            "RENUMBER_PROVIDER_CLIENT_ID": "console",
            "RENUMBER_PROVIDER_CLIENT_KEY_FILE": key,
            "RENUMBER_PROVIDER_GROUPS_CLAIM": "email",
            "RENUMBER_PROVIDER_ROLES": f"{anna.email}=agent",
            "RENUMBER_PROVIDER_ACR": Acr.TWO_FACTORS.value,
        }
        console.start()
        yield company, console, anna


def comes_in(console: Server, anna: Person) -> tuple[Visitor, str]:
    """Go to the company and come back with its answer; gives the browser at the console, and where that leads."""
    browser = console.visitor()
    there = urlsplit(browser.send("GET", "/console/sign-in/start").location)
    reply = anna.browser.send("GET", f"{there.path}?{there.query}")
    while reply.location.startswith("/"):
        reply = anna.browser.send("GET", reply.location)
    back = urlsplit(reply.location)
    return browser, browser.send("GET", f"{back.path}?{back.query}").location


def test_who_signs_with_the_right_key_gets_in_and_is_out_once_they_sign_out_at_the_company(
    servers: tuple[Server, Server, Person],
) -> None:
    _, console, anna = servers
    anna.sign_in()

    browser, onward = comes_in(console, anna)
    page = browser.send("GET", "/console")
    anna.browser.get("/profile")
    anna.browser.post("/sign-out")
    give_up_at = time.monotonic() + TOLD_WITHIN
    while (later := browser.send("GET", "/console")).status == 200:
        assert time.monotonic() < give_up_at, "still in"
        time.sleep(0.05)

    assert (onward, page.status) == ("/console", 200)
    assert (later.status, later.location) == (303, "/console/sign-in")


def test_a_key_that_the_company_does_not_know_opens_nothing(servers: tuple[Server, Server, Person]) -> None:
    _, console, anna = servers
    anna.sign_in()
    console.stop()
    key = written(console.folder / "strange.pem", STRANGE.as_pem(private=True).decode())
    console.more["RENUMBER_PROVIDER_CLIENT_KEY_FILE"] = key
    console.start()

    browser, onward = comes_in(console, anna)

    assert onward == "/console/sign-in"
    assert browser.send("GET", "/console").status == 303
    assert "the token endpoint answers 401 invalid_client" in console.log
