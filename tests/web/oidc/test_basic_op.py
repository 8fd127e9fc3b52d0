"""The modules of the OpenID Foundation's Basic OP test plan, each by its name, against the whole application.

The suite itself isn't run here: the names are those of its plan `oidcc-basic-certification-test-plan` with its 38
modules (OIDCCBasicTestPlan.java), and each test asserts what its module asks for.
Nothing is registered dynamically and no request object is taken: the three modules about those hold that it is refused.
No account has a postal address, so that oidcc-scope-address is passed over like any unknown scope.
"""

import json
from base64 import urlsafe_b64decode

import pytest

from renumber.policies.oidc.assurance import Acr
from tests.flows.world import ORIGIN
from tests.web.oidc.party import OLD, SHOP, Party, Provider

pytestmark = pytest.mark.asyncio(loop_scope="module")
EMAIL = {"email", "email_verified"}
PHONE = {"phone_number", "phone_number_verified"}


async def test_oidcc_server(shop: Party) -> None:
    answer = await shop.answer()
    reply = await shop.exchange(answer["code"])
    claims = await shop.claims(reply.json()["id_token"])

    assert answer["to"] == SHOP.redirect_uris[0]
    assert (answer["state"], answer["iss"]) == ("the-state", ORIGIN)
    assert reply.headers["cache-control"] == "no-store"
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ORIGIN, "shop", "the-nonce")
    assert claims["sub"] == shop.provider.erika.account_id
    assert claims["exp"] - claims["iat"] == 600
    assert claims["acr"] == Acr.TWO_FACTORS
    assert claims["amr"] == ["pwd", "sms", "mfa"]


async def test_oidcc_response_type_missing(shop: Party) -> None:
    assert (await shop.answer(response_type=None))["error"] == "invalid_request"


@pytest.mark.parametrize("response_type", ["token", "id_token", "code id_token", "none"])
async def test_a_response_type_but_code_is_unsupported(shop: Party, response_type: str) -> None:
    assert (await shop.answer(response_type=response_type))["error"] == "unsupported_response_type"


async def test_oidcc_idtoken_signature(shop: Party) -> None:
    token = (await shop.tokens())["id_token"]
    keys = {key.kid: key for key in await shop.provider.keys()}

    header = read_header(token)
    claims = await shop.claims(token)

    assert header["alg"] == "RS256"
    assert keys[header["kid"]].key_type == "RSA"
    assert claims["at_hash"]


async def test_oidcc_idtoken_unsigned(shop: Party) -> None:
    said = (await shop.provider.visitor.get("/.well-known/openid-configuration")).json()

    assert said["id_token_signing_alg_values_supported"] == ["RS256", "ES256"]  # and so it doesn't apply


async def test_oidcc_userinfo_get(shop: Party) -> None:
    token = (await shop.tokens())["access_token"]

    assert (await shop.user_info(token)).json() == {"sub": shop.provider.erika.account_id}


async def test_oidcc_userinfo_post_header(shop: Party) -> None:
    token = (await shop.tokens())["access_token"]

    reply = await shop.post("/oauth/userinfo", {}, authorization=f"Bearer {token}")

    assert reply.json() == {"sub": shop.provider.erika.account_id}


async def test_oidcc_userinfo_post_body(shop: Party) -> None:
    token = (await shop.tokens())["access_token"]

    assert (await shop.post("/oauth/userinfo", {"access_token": token})).json()["sub"] == shop.provider.erika.account_id


async def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(shop: Party) -> None:
    tokens = await shop.tokens(nonce=None)

    assert "nonce" not in await shop.claims(tokens["id_token"])


async def told(shop: Party, scope: str) -> set[str]:
    """The names of what user info says besides the subject."""
    tokens = await shop.tokens(scope=scope)
    return set((await shop.user_info(tokens["access_token"])).json()) - {"sub"}


async def test_oidcc_scope_profile(shop: Party) -> None:
    assert await told(shop, "openid profile") == {"name", "locale"}


async def test_oidcc_scope_email(shop: Party) -> None:
    assert await told(shop, "openid email") == EMAIL


async def test_oidcc_scope_address(shop: Party) -> None:
    assert await told(shop, "openid address") == set()


async def test_oidcc_scope_phone(shop: Party) -> None:
    assert await told(shop, "openid phone") == PHONE


async def test_oidcc_scope_all(shop: Party) -> None:
    assert await told(shop, "openid profile email address phone") == {"name", "locale", *EMAIL, *PHONE}


async def test_oidcc_ensure_other_scope_order_succeeds(shop: Party) -> None:
    assert (await shop.tokens(scope="email openid"))["scope"] == "email openid"


async def test_oidcc_display_page(shop: Party) -> None:
    assert "code" in await shop.answer(display="page")


async def test_oidcc_display_popup(shop: Party) -> None:
    assert "code" in await shop.answer(display="popup")


async def test_oidcc_ensure_request_with_unknown_parameter_succeeds(shop: Party) -> None:
    assert "code" in await shop.answer(extra="foobar")


async def test_oidcc_ui_locales(shop: Party) -> None:
    assert "code" in await shop.answer(ui_locales="se de")


async def test_oidcc_claims_locales(shop: Party) -> None:
    assert "code" in await shop.answer(claims_locales="se")


async def test_oidcc_prompt_login(shop: Party) -> None:
    before = (await shop.claims((await shop.tokens())["id_token"]))["auth_time"]
    shop.provider.world.clock.move(seconds=20)

    asked = await shop.ask(prompt="login")
    page = await shop.provider.visitor.get(asked.headers["location"])
    answer = await give_password_again(shop.provider, page.headers["location"])

    claims = await shop.claims((await shop.exchange(answer["code"])).json()["id_token"])
    assert claims["auth_time"] == before + 20


async def test_oidcc_prompt_none_not_logged_in(provider: Provider) -> None:
    assert (await Party(provider).answer(prompt="none"))["error"] == "login_required"


async def test_oidcc_prompt_none_logged_in(shop: Party) -> None:
    assert "code" in await shop.answer(prompt="none")


async def test_prompt_none_stands_alone(shop: Party) -> None:
    assert (await shop.answer(prompt="none login"))["error"] == "invalid_request"


async def test_oidcc_max_age_1(shop: Party) -> None:
    shop.provider.world.clock.move(seconds=2)

    page = await shop.provider.visitor.get((await shop.ask(max_age="1")).headers["location"])
    answer = await give_password_again(shop.provider, page.headers["location"])

    assert "code" in answer
    assert (await shop.answer(max_age="1", prompt="none"))["to"] == SHOP.redirect_uris[0]


async def test_oidcc_max_age_10000(shop: Party) -> None:
    first = await shop.claims((await shop.tokens())["id_token"])
    shop.provider.world.clock.move(seconds=5)

    again = await shop.claims((await shop.tokens(max_age="10000"))["id_token"])

    assert again["auth_time"] == first["auth_time"]


async def test_oidcc_id_token_hint(shop: Party) -> None:
    hint = (await shop.tokens())["id_token"]
    shop.provider.world.clock.move(days=1)  # an expired one says as well who is meant
    await shop.provider.sign_in()

    assert "code" in await shop.answer(prompt="none", id_token_hint=hint)


async def test_oidcc_login_hint(provider: Provider) -> None:
    asked = await Party(provider).ask(login_hint=provider.erika.email)
    page = await provider.visitor.get((await provider.visitor.get(asked.headers["location"])).headers["location"])

    assert f'value="{provider.erika.email}"' in page.text
    assert "Example Shop" in page.text


async def test_oidcc_ensure_request_with_acr_values_succeeds(shop: Party) -> None:
    tokens = await shop.tokens(acr_values=f"{Acr.TWO_FACTORS} {Acr.PHISHING_RESISTANT}")

    assert (await shop.claims(tokens["id_token"]))["acr"] == Acr.TWO_FACTORS


async def test_oidcc_codereuse(shop: Party) -> None:
    answer = await shop.answer()
    await shop.exchange(answer["code"])

    again = await shop.exchange(answer["code"])

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_oidcc_codereuse_30seconds(shop: Party) -> None:
    answer = await shop.answer()
    tokens = (await shop.exchange(answer["code"])).json()
    shop.provider.world.clock.move(seconds=30)

    again = await shop.exchange(answer["code"])

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await shop.user_info(tokens["access_token"])).status_code == 401


async def test_oidcc_ensure_registered_redirect_uri(shop: Party) -> None:
    reply = await shop.ask(redirect_uri="https://shop.example/elsewhere")

    assert (reply.status_code, reply.headers.get("location")) == (400, None)


async def test_a_registered_query_is_neither_added_to_nor_changed(shop: Party) -> None:
    own = SHOP.redirect_uris[1]

    assert (await shop.ask(redirect_uri=f"{SHOP.redirect_uris[0]}?foo=bar")).status_code == 400
    assert (await shop.ask(redirect_uri=own.replace("tab=1", "tab=2"))).status_code == 400
    assert (await shop.answer(redirect_uri=own))["tab"] == "1"


async def test_oidcc_ensure_post_request_succeeds(shop: Party) -> None:
    form = dict(pair.split("=") for pair in shop.query(redirect_uri="x").split("&"))
    form |= {"redirect_uri": SHOP.redirect_uris[0]}

    elsewhere = await shop.post("/oauth/authorize", form, **{"sec-fetch-site": "cross-site", "origin": "null"})

    assert elsewhere.status_code == 303
    assert "code" in await shop.provider.answer(elsewhere)


async def test_oidcc_server_client_secret_post(shop: Party) -> None:
    by_form, by_header = await shop.answer(), await shop.answer()
    basic = "Basic c2hvcDphLXNlY3JldC1vZi10aGUtc2hvcA=="

    posted = await shop.exchange(by_form["code"])
    shown = await shop.post(
        "/oauth/token",
        {
            "grant_type": "authorization_code",
            "code": by_header["code"],
            "redirect_uri": SHOP.redirect_uris[0],
            "code_verifier": shop.verifier,
        },
        authorization=basic,
    )

    assert (posted.status_code, shown.status_code) == (200, 200)


UNSIGNED = "eyJhbGciOiJub25lIn0.e30."


async def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(shop: Party) -> None:
    assert (await shop.answer(request=UNSIGNED))["error"] == "request_not_supported"


async def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(shop: Party) -> None:
    said = (await shop.provider.visitor.get("/.well-known/openid-configuration")).json()

    reply = await shop.ask(request_uri="https://shop.example/request")

    assert said["request_uri_parameter_supported"] is False
    assert (reply.status_code, reply.headers.get("location")) == (400, None)


async def test_oidcc_ensure_request_object_with_redirect_uri(shop: Party) -> None:
    elsewhere = await shop.ask(request=UNSIGNED, redirect_uri="https://evil.example/")

    assert (elsewhere.status_code, elsewhere.headers.get("location")) == (400, None)


async def test_oidcc_ensure_request_with_valid_pkce_succeeds(shop: Party) -> None:
    old = Party(shop.provider, OLD)  # which need not use it
    code = (await old.answer())["code"]

    wrong = await old.exchange(code, code_verifier="x" * 43)

    assert wrong.json()["error"] == "invalid_grant"
    assert (await old.exchange(code)).status_code == 200


async def test_oidcc_claims_essential(shop: Party) -> None:
    claims = '{"userinfo":{"name":{"essential":true}},"id_token":{"email":null}}'

    tokens = await shop.tokens(claims=claims)

    assert (await shop.user_info(tokens["access_token"])).json()["name"] == "Erika Muster"
    assert (await shop.claims(tokens["id_token"]))["email"] == shop.provider.erika.email


async def test_an_essential_class_that_nobody_can_reach_is_an_error(shop: Party) -> None:
    claims = f'{{"id_token":{{"acr":{{"essential":true,"values":["{Acr.PHISHING_RESISTANT}"]}}}}}}'

    assert (await shop.answer(claims=claims))["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize("claims", ["x", "[]", '{"id_token":[]}', "[" * 1150])
async def test_claims_that_cannot_be_read_are_an_error(shop: Party, claims: str) -> None:
    assert (await shop.answer(claims=claims))["error"] == "invalid_request"


async def test_oidcc_refresh_token(shop: Party) -> None:
    tokens = await shop.tokens(scope="openid offline_access email")
    shop.provider.world.clock.move(hours=13)  # the session is over long ago

    first = (await shop.refresh(tokens["refresh_token"])).json()
    narrower = (await shop.refresh(first["refresh_token"], scope="openid")).json()

    claims = await shop.claims(first["id_token"])
    assert claims["sub"] == shop.provider.erika.account_id
    assert "nonce" not in claims
    assert (first["scope"], narrower["scope"]) == ("email offline_access openid", "openid")
    assert set((await shop.user_info(narrower["access_token"])).json()) == {"sub"}


async def test_id_tokens_are_verified_also_after_their_key_has_had_its_turn(shop: Party) -> None:
    old = Party(shop.provider, OLD)
    by_es256 = (await old.tokens())["id_token"]
    before = {key.kid for key in await shop.provider.keys()}

    shop.provider.world.clock.move(days=90)
    after = {key.kid for key in await shop.provider.keys()}

    assert (await old.claims(by_es256))["aud"] == "old"
    assert len(before & after) >= 2  # whatever was signed just before is still verified
    assert after - before


async def test_the_metadata_names_addresses_that_there_are(provider: Provider) -> None:
    said = (await provider.visitor.get("/.well-known/openid-configuration")).json()
    same = (await provider.visitor.get("/.well-known/oauth-authorization-server")).json()
    routes = {route.path for route in provider.visitor.app._app.routes}  # type: ignore[attr-defined]

    assert said == same
    assert said["issuer"] == ORIGIN
    addresses = {value for name, value in said.items() if name.endswith(("_endpoint", "_uri"))}
    assert {address.removeprefix(ORIGIN) for address in addresses} <= routes


def read_header(token: str) -> dict[str, str]:
    """Read the header of a signed token."""
    part = token.partition(".")[0]
    return dict(json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))))


async def give_password_again(provider: Provider, path: str) -> dict[str, str]:
    """Answer the page that asks for the password, and follow where it leads."""
    assert path.startswith("/reauthenticate?next=/oauth/continue/")
    await provider.visitor.get(path)
    onward = path.partition("next=")[2].partition("&")[0]
    return await provider.answer(
        await provider.visitor.post("/reauthenticate", {"next": onward, "password": provider.erika.password})
    )
