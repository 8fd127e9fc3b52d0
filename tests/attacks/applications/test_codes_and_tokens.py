"""Attack: use a code or a token that was stolen, guessed, mixed up, or given to another application (RFC 9700 4)."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from renumber.domain.session import Ticket
from tests.web.oidc.conftest import installation, provider, shop
from tests.web.oidc.party import APP, FOREIGN, OLD, Installation, Party

__all__ = ["installation", "provider", "shop"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFLINE = "openid offline_access"


def other(shop: Party) -> Party:
    """Another application, with the same secret, at the same service."""
    return Party(shop.provider, OLD, verifier=shop.verifier)


async def test_the_code_of_one_application_serves_no_other(shop: Party) -> None:
    code = (await shop.answer())["code"]

    stolen = await other(shop).exchange(code)

    assert stolen.json()["error"] == "invalid_grant"
    assert (await shop.exchange(code)).status_code == 200


async def test_the_refresh_token_of_one_application_serves_no_other(shop: Party) -> None:
    token = (await shop.tokens(scope=OFFLINE))["refresh_token"]

    assert (await other(shop).refresh(token)).json()["error"] == "invalid_grant"
    assert (await shop.refresh(token)).status_code == 200


async def test_a_refresh_token_that_comes_again_ends_all_that_came_of_it(shop: Party) -> None:
    first = await shop.tokens(scope=OFFLINE)
    second = (await shop.refresh(first["refresh_token"])).json()

    again = await shop.refresh(first["refresh_token"])

    assert again.json()["error"] == "invalid_grant"
    assert (await shop.refresh(second["refresh_token"])).status_code == 400
    assert (await shop.user_info(second["access_token"])).status_code == 401


async def test_a_code_is_worth_nothing_after_a_minute(shop: Party) -> None:
    code = (await shop.answer())["code"]
    shop.provider.world.clock.move(seconds=60)

    assert (await shop.exchange(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": "x" * 43},
        {"code_verifier": "short"},
        {"client_secret": "guessed"},
        {"client_secret": ""},
        {"client_secret": None},
    ],
)
async def test_a_stolen_code_needs_the_verifier_and_the_secret(shop: Party, changes: dict[str, Any]) -> None:
    code = (await shop.answer())["code"]

    assert (await shop.exchange(code, **changes)).status_code in (400, 401)
    assert (await shop.exchange(code)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge": "short"},
    ],
)
async def test_pkce_is_neither_left_out_nor_weakened(shop: Party, changes: dict[str, str | None]) -> None:
    assert (await shop.answer(**changes))["error"] == "invalid_request"


async def test_a_verifier_without_a_challenge_is_a_downgrade(shop: Party) -> None:
    old = other(shop)  # which may go without
    code = (await old.answer(code_challenge=None, code_challenge_method=None))["code"]

    assert (await old.exchange(code)).json()["error"] == "invalid_grant"
    assert (await old.exchange(code, code_verifier=None)).status_code == 200


async def test_a_public_application_never_goes_without_pkce(shop: Party) -> None:
    app = Party(shop.provider, APP, secret=None)

    assert (await app.answer(code_challenge=None, code_challenge_method=None))["error"] == "invalid_request"
    assert (await app.exchange((await app.answer())["code"])).status_code == 200


async def test_whoever_knows_only_its_name_is_not_a_confidential_application(shop: Party) -> None:
    public = Party(shop.provider, secret=None, verifier=shop.verifier)

    assert (await public.exchange((await shop.answer())["code"])).status_code == 401


async def test_a_token_is_looked_at_and_ended_by_its_own_application_alone(shop: Party) -> None:
    token = (await shop.tokens())["access_token"]
    own = {"token": token, "client_id": "shop", "client_secret": shop.secret or ""}
    foreign = {**own, "client_id": FOREIGN.client_id}

    seen = [(await shop.post("/oauth/introspect", form)).json()["active"] for form in (own, foreign)]
    ended = await shop.post("/oauth/revoke", foreign)
    after = (await shop.user_info(token)).status_code

    assert (seen, ended.status_code, after) == ([True, False], 200, 200)
    await shop.post("/oauth/revoke", own)
    assert (await shop.user_info(token)).status_code == 401


async def test_a_token_with_another_secret_account_or_kind_is_none(shop: Party) -> None:
    tokens = await shop.tokens(scope=OFFLINE)
    shown, code = Ticket.read(tokens["access_token"]), (await shop.answer())["code"]
    assert shown
    guesses = [replace(shown, token="0" * 32).text, replace(shown, account_id="0" * 32).text]

    tried = [*guesses, tokens["refresh_token"], tokens["id_token"], code, "x", "a.b.c"]

    assert {(await shop.user_info(each)).status_code for each in tried} == {401}


async def test_a_token_in_the_address_is_not_read(shop: Party) -> None:
    token = (await shop.tokens())["access_token"]

    assert (await shop.provider.visitor.get(f"/oauth/userinfo?access_token={token}")).status_code == 401


async def test_an_id_token_that_we_did_not_sign_is_no_hint(shop: Party) -> None:
    claims = {"sub": shop.provider.erika.account_id, "aud": "shop"}
    [key] = [key for key in await shop.provider.keys() if key.key_type == "RSA"][:1]
    public = OctKey.import_key(json.dumps(key.as_dict(private=False)))
    none = ".".join(
        urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in ({"alg": "none"}, claims)
    )
    by_public_key = jwt.encode({"alg": "HS256", "kid": key.kid}, claims, public, ["HS256"])

    for forged in (f"{none}.", by_public_key, "x.y.z"):
        assert (await shop.answer(id_token_hint=forged))["error"] == "invalid_request"


async def test_the_code_of_somebody_else_is_not_handed_out(installation: Installation, shop: Party) -> None:
    hint = (await shop.tokens())["id_token"]
    otto = Party(await installation.provider())
    await otto.provider.sign_in()
    otto.provider.world.clock.move(seconds=1)

    silently = await otto.answer(prompt="none", id_token_hint=hint)
    asked = await otto.ask(id_token_hint=hint)
    page = await otto.provider.visitor.get(asked.headers["location"])

    assert silently["error"] == "login_required"
    assert page.headers["location"].startswith("/sign-in?request=")


@pytest.mark.parametrize("state", ["half-done", "signed out"])
async def test_whoever_has_given_only_a_password_gets_no_code(shop: Party, state: str) -> None:
    visitor, erika = shop.provider.visitor, shop.provider.erika
    visitor.cookies.pop("__Host-session")
    if state == "half-done":
        given = await erika.browser.give_password(erika.email)
        assert given.ticket
        visitor.cookies["__Host-sign-in"] = given.ticket.text

    assert (await shop.answer(prompt="none"))["error"] == "login_required"
    page = await visitor.get((await shop.ask()).headers["location"])
    assert page.headers["location"].startswith("/sign-in?request=")


async def test_consent_is_asked_for_once_and_only_by_our_own_page(shop: Party) -> None:
    foreign = Party(shop.provider, FOREIGN, verifier=shop.verifier)
    visitor = shop.provider.visitor
    asked = await visitor.get((await foreign.ask(scope="openid email")).headers["location"])
    path = asked.headers["location"]

    forged = await visitor.ask("POST", path, data={"answer": "yes", "csrf": "0" * 32})
    unasked = await foreign.answer(prompt="none", scope="openid email")
    page = await visitor.get(path)
    agreed = await shop.provider.answer(await visitor.post(path, {"answer": "yes"}))
    again, wider = [await foreign.answer(prompt="none", scope=scope) for scope in ("openid email", "openid phone")]

    assert (forged.status_code, unasked["error"]) == (403, "consent_required")
    assert "Somebody Else" in page.text
    assert "code" in agreed
    assert "code" in again
    assert wider["error"] == "consent_required"


async def test_a_no_is_told_and_gives_nothing(shop: Party) -> None:
    foreign = Party(shop.provider, FOREIGN, verifier=shop.verifier)
    visitor = shop.provider.visitor
    path = (await visitor.get((await foreign.ask()).headers["location"])).headers["location"]
    await visitor.get(path)

    assert (await shop.provider.answer(await visitor.post(path, {"answer": "no"})))["error"] == "access_denied"
