"""The person's API and scripts of other origins: public applications read it by a token, and never by a cookie."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from renumber.policies.joins import Joins
from renumber.web.api.operator import OPERATIONS as OF_PROGRAMS
from renumber.web.api.person import OPERATIONS
from renumber.web.cookies import SESSION
from tests.web.api.person_program import API, NARROW, WIDE, Caller, caller_at
from tests.web.oidc.party import Guest, providing

SPA = "https://spa.example"
IN_BROWSER = replace(WIDE, client_id="spa", secret_hash=b"", is_public=True, redirect_uris=(f"{SPA}/back",))
OTHERS = [
    "https://any.example",
    "https://shop.example",
    f"{SPA}.evil.example",
    f"{SPA}:8443",
    "http://spa.example",
    "null",
]
ALLOWED, READABLE = "access-control-allow-origin", "access-control-expose-headers"
METHODS: dict[str, set[str]] = {}
for each in OPERATIONS:
    METHODS.setdefault(f"{API}{each.path}", set()).add(each.method)


@pytest.fixture
async def caller(sqlite_url: str) -> AsyncIterator[Caller]:
    async with providing(sqlite_url, Joins((WIDE, NARROW, IN_BROWSER))) as installation:
        yield await caller_at(installation)


async def ask(caller: Caller, path: str, origin: str) -> Any:
    """Ask, as a browser does before a script may call."""
    stranger = Guest(caller.provider.visitor._client, caller.provider.visitor.app)
    answer = await stranger.ask("OPTIONS", path.replace("{", "").replace("}", ""), headers={"origin": origin})
    assert answer.status_code == 204, path
    return answer


async def test_a_browser_that_asks_is_told_the_methods_of_each_operation(caller: Caller) -> None:
    for path, methods in METHODS.items():
        headers = (await ask(caller, path, SPA)).headers

        told = set(headers["access-control-allow-methods"].split(", "))
        assert (told, headers[ALLOWED]) == (methods, SPA), path
        assert {"authorization", "idempotency-key", "dpop"} <= set(headers["access-control-allow-headers"].split(", "))


@pytest.mark.parametrize("origin", OTHERS)
async def test_no_other_origin_is_let_in(caller: Caller, origin: str) -> None:
    headers = (await ask(caller, f"{API}/me", origin)).headers

    assert ALLOWED not in headers
    assert headers["vary"] == "origin"


async def test_what_programs_do_is_shared_with_no_script(caller: Caller) -> None:
    for each in OF_PROGRAMS:
        assert ALLOWED not in (await ask(caller, f"{API}{each.path}", SPA)).headers, each.path


async def test_a_script_reads_by_its_token_and_reads_why_it_may_not(caller: Caller) -> None:
    await caller.sign_in()

    read = await caller.call("GET", "/me", origin=SPA, sec_fetch_site="cross-site")
    caller.token = "unknown"
    refused = await caller.call("GET", "/me", origin=SPA, sec_fetch_site="cross-site")

    assert (read.status_code, read.headers[ALLOWED]) == (200, SPA)
    assert {"etag", "ratelimit"} <= set(read.headers[READABLE].split(", "))
    assert (refused.status_code, refused.headers[ALLOWED]) == (401, SPA)
    assert "www-authenticate" in refused.headers[READABLE]


async def test_a_script_of_another_origin_gets_nothing_by_the_cookies_of_the_browser(caller: Caller) -> None:
    assert SESSION in caller.provider.visitor.cookies
    for origin in (SPA, "https://any.example"):
        read = await caller.here("GET", "/me", origin=origin, sec_fetch_site="cross-site")

        assert (read.status_code, read.json()["code"]) == (403, "forged")
        assert "access-control-allow-credentials" not in read.headers
