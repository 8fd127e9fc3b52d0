"""Attack: have a code or a person sent to another address than the application's own (RFC 9700 4.1, 4.11)."""

import re

import pytest

from tests.web.oidc.conftest import installation, provider, shop
from tests.web.oidc.party import APP, CALLBACK, Party, Provider

__all__ = ["installation", "provider", "shop"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

LEADS_AWAY = re.compile(r'(href|content|action)="[^"]*evil')
TRICKS = [
    "https://evil.example/callback",
    "http://shop.example/callback",
    "https://shop.example.evil.example/callback",
    "https://shop.example@evil.example/callback",
    "https://evil.example#@shop.example/callback",
    "https://evil.example\\@shop.example/callback",
    "https://shop.example:444/callback",
    "https://shop.example/callback/../evil",
    "https://shop.example/callback/",
    "https://shop.example/callback?to=https://evil.example",
    "https://shop.example/callback#fragment",
    "https://shop.example/CALLBACK",
    "https://SHOP.example/callback",
    " https://shop.example/callback",
    "https://shop.example/callback\r\nLocation: https://evil.example",
    "//shop.example/callback",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "",
]


@pytest.mark.parametrize("uri", TRICKS)
async def test_nobody_is_sent_to_an_address_that_is_not_the_applications_own(shop: Party, uri: str) -> None:
    reply = await shop.ask(redirect_uri=uri)

    assert (reply.status_code, reply.headers.get("location")) == (400, None)
    assert not LEADS_AWAY.search(reply.text)


@pytest.mark.parametrize("error", [{"scope": "email"}, {"response_type": "token"}, {"prompt": "none login"}])
async def test_an_error_is_sent_to_no_other_address_either(shop: Party, error: dict[str, str]) -> None:
    assert (await shop.ask(redirect_uri="https://evil.example/", **error)).headers.get("location") is None


async def test_the_address_of_another_application_is_none(shop: Party) -> None:
    assert (await shop.ask(client_id=APP.client_id)).status_code == 400


async def test_a_parameter_that_stands_there_twice_is_not_read(shop: Party) -> None:
    query = f"{shop.query()}&redirect_uri=https://evil.example/"

    assert (await shop.provider.visitor.get(f"/oauth/authorize?{query}")).status_code == 400


async def test_a_code_is_redeemed_only_with_the_address_that_it_was_sent_to(shop: Party) -> None:
    code = (await shop.answer())["code"]

    wrong = [await shop.exchange(code, redirect_uri=uri) for uri in ("https://shop.example/other?tab=1", None)]

    assert [reply.json()["error"] for reply in wrong] == ["invalid_grant"] * 2
    assert (await shop.exchange(code)).status_code == 200


@pytest.mark.parametrize("uri", ["https://evil.example/bye", "https://shop.example/bye?x", CALLBACK, "//evil.example"])
async def test_signing_out_leads_to_no_other_address(shop: Party, uri: str) -> None:
    hint = (await shop.tokens())["id_token"]

    reply = await shop.provider.visitor.get(f"/oauth/logout?id_token_hint={hint}&post_logout_redirect_uri={uri}")

    assert (reply.status_code, reply.headers.get("location")) == (400, None)
    assert "code" in await shop.answer(prompt="none")  # and signs nobody out


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/oauth/continue/../../x"])
async def test_an_id_that_names_no_request_leads_nowhere(provider: Provider, onward: str) -> None:
    reply = await provider.visitor.get(f"/sign-in?request={onward}")

    assert not LEADS_AWAY.search(reply.text)
    assert reply.status_code == 200
