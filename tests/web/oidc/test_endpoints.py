"""The endpoints besides the Basic OP plan: pushed requests, signed applications, sign-out, scripts and costs."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from renumber.domain.challenge import CodePurpose
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.services import NOWHERE
from renumber.policies.joins import Application, Joins
from tests.flows.person import a_person
from tests.flows.world import ORIGIN, StandingJoins
from tests.web.oidc.party import APP, JOINS, SHOP, Installation, Party, Provider

pytestmark = pytest.mark.asyncio(loop_scope="module")
OWN = {"client_id": "shop", "client_secret": "a-secret-of-the-shop"}
KEY = ECKey.generate_key("P-256", {"kid": "one"})
SIGNING = replace(SHOP, client_id="signing", secret_hash=b"", jwks=json.dumps(KeySet([KEY]).as_dict(private=False)))
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def test_a_pushed_request_is_taken_once_and_by_its_own_application(shop: Party) -> None:
    form = dict(parse_qsl(shop.query())) | OWN
    pushed = await shop.post("/oauth/par", form)
    uri = pushed.json()["request_uri"]
    ask = f"/oauth/authorize?client_id=%s&request_uri={uri}"

    assert (pushed.status_code, pushed.json()["expires_in"]) == (201, 90)
    by_another = await shop.provider.visitor.get(ask % "old")
    assert by_another.status_code == 400
    answer = await shop.provider.answer(await shop.provider.visitor.get(ask % "shop"))
    assert (await shop.exchange(answer["code"])).status_code == 200
    assert (await shop.provider.visitor.get(ask % "shop")).status_code == 400


async def test_a_pushed_request_is_checked_at_once_and_over_after_its_time(shop: Party) -> None:
    form = dict(parse_qsl(shop.query())) | OWN

    wrong = await shop.post("/oauth/par", {**form, "redirect_uri": "https://evil.example/"})
    stranger = await shop.post("/oauth/par", {**form, "client_secret": "guessed"})
    uri = (await shop.post("/oauth/par", form)).json()["request_uri"]
    shop.provider.world.clock.move(seconds=90)

    assert (wrong.status_code, stranger.status_code) == (400, 401)
    late = await shop.provider.visitor.get(f"/oauth/authorize?client_id=shop&request_uri={uri}")
    assert late.status_code == 400


@pytest.mark.parametrize(
    ("changes", "is_taken"),
    [
        ({}, True),
        ({"aud": f"{ORIGIN}/oauth/token"}, True),
        ({"aud": [ORIGIN, "https://other.example"]}, True),
        ({"exp": -59}, True),
        ({"iat": 59}, True),
        ({"exp": -60}, False),
        ({"exp": 361}, False),
        ({"iat": 61}, False),
        ({"nbf": 61}, False),
        ({"aud": "https://evil.example"}, False),
        ({"iss": "shop"}, False),
        ({"sub": "shop"}, False),
        ({"jti": ""}, False),
        ({"jti": None}, False),
        ({"exp": None}, False),
        ({"exp": "tomorrow"}, False),
    ],
)
async def test_an_application_signs_who_it_is(
    installation: Installation, shop: Party, *, changes: dict[str, Any], is_taken: bool
) -> None:
    party = signing(installation, shop)
    code = (await party.answer())["code"]

    reply = await party.exchange(code, client_assertion_type=TYPE, client_assertion=assertion(shop, **changes))

    assert reply.status_code == (200 if is_taken else 401)


async def test_a_signed_word_is_taken_once_and_from_its_own_key_alone(installation: Installation, shop: Party) -> None:
    party = signing(installation, shop)
    codes = [(await party.answer())["code"] for _ in range(2)]
    word = assertion(shop)
    foreign = ECKey.generate_key("P-256", {"kid": "one"})

    first = await party.exchange(codes[0], client_assertion_type=TYPE, client_assertion=word)
    again = await party.exchange(codes[1], client_assertion_type=TYPE, client_assertion=word)
    forged = await party.exchange(codes[1], client_assertion_type=TYPE, client_assertion=assertion(shop, key=foreign))
    bare = await party.exchange(codes[1])
    by_secret = await party.exchange(codes[1], client_secret="a-secret-of-the-shop")

    assert first.status_code == 200
    assert {each.status_code for each in (again, forged, bare, by_secret)} == {401}


def signing(installation: Installation, shop: Party) -> Party:
    joined(installation, SIGNING)
    return Party(shop.provider, SIGNING, secret=None)


def joined(installation: Installation, *more: Application) -> None:
    """Let these join as well."""
    source = installation.world.services.joins
    assert isinstance(source, StandingJoins)
    source.joins = Joins((*JOINS.applications, *more))


def assertion(shop: Party, key: ECKey = KEY, **changes: Any) -> str:
    """The word of the application, as it should be or changed; times are seconds from now."""
    now = int(shop.provider.world.clock.time.timestamp())
    claims: dict[str, Any] = {"iss": "signing", "sub": "signing", "aud": ORIGIN, "jti": shop.verifier}
    claims |= {"exp": now + 60, "iat": now, **changes}
    claims |= {name: now + ahead for name, ahead in changes.items() if isinstance(ahead, int)}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": "one"}, kept, key, ["ES256"])


async def test_signing_out_ends_the_session_of_the_hint_and_leads_back(shop: Party) -> None:
    tokens = await shop.tokens()
    hint = f"id_token_hint={tokens['id_token']}&state=bye"

    reply = await shop.provider.visitor.get(f"/oauth/logout?{hint}&post_logout_redirect_uri=https://shop.example/bye")

    assert (reply.status_code, reply.headers["location"]) == (303, "https://shop.example/bye?state=bye")
    assert (await shop.answer(prompt="none"))["error"] == "login_required"
    assert (await shop.user_info(tokens["access_token"])).status_code == 401


async def test_signing_out_without_a_hint_is_asked_about_by_our_own_page(shop: Party) -> None:
    visitor = shop.provider.visitor
    asked = {"client_id": "shop", "post_logout_redirect_uri": "https://shop.example/bye"}
    elsewhere = await shop.post("/oauth/logout", asked)

    page = await visitor.get(elsewhere.headers["location"])
    forged = await visitor.ask("POST", "/oauth/logout/confirm", data={**asked, "csrf": "0" * 32})
    still = await shop.answer(prompt="none")
    done = await visitor.post("/oauth/logout/confirm", asked)

    assert "Example Shop" in page.text
    assert (forged.status_code, "code" in still) == (403, True)
    assert "0;url=https://shop.example/bye" in done.text
    assert (await shop.answer(prompt="none"))["error"] == "login_required"


async def test_several_tabs_each_come_back_to_their_own_application(provider: Provider) -> None:
    shop, app = Party(provider), Party(provider, APP, secret=None)
    paths = [(await each.ask()).headers["location"] for each in (shop, app)]

    await provider.sign_in()

    answers = [await provider.answer(await provider.visitor.get(path)) for path in paths]
    assert [each["to"] for each in answers] == [SHOP.redirect_uris[0], APP.redirect_uris[0]]


async def test_a_look_ahead_gives_no_code_and_signs_nobody_out(shop: Party) -> None:
    visitor = shop.provider.visitor
    token = (await shop.tokens())["id_token"]
    onward = (await visitor.ask("POST", "/oauth/authorize", data=dict(parse_qsl(shop.query())))).headers["location"]

    ahead = [await visitor.ask("HEAD", path) for path in (onward, onward, f"/oauth/logout?id_token_hint={token}")]

    assert [(reply.status_code, reply.content) for reply in ahead] == [(200, b"")] * 3
    assert (await visitor.get("/profile")).status_code == 200
    assert (await shop.provider.answer(await visitor.get(onward)))["code"]


async def test_a_sign_in_for_an_application_goes_on_to_it_and_only_once(provider: Provider) -> None:
    shop, visitor = Party(provider), provider.visitor
    onward = (await shop.ask()).headers["location"]
    page = await visitor.get((await visitor.get(onward)).headers["location"])
    named = onward.rpartition("/")[2]

    wrong = await visitor.post("/sign-in", {"email": provider.erika.email, "password": "wrong", "request": named})
    await visitor.get(wrong.headers["location"])
    given = await visitor.post(
        "/sign-in", {"email": provider.erika.email, "password": provider.erika.password, "request": named}
    )
    await visitor.get(given.headers["location"])
    [code] = [one.code for one in await provider.erika.texts() if one.code][-1:]
    proven = await visitor.post("/sign-in/code", {"code": code})

    assert f'name="request" value="{named}"' in page.text
    assert f"request={named}" in wrong.headers["location"]
    assert proven.headers["location"] == onward
    assert "code" in await provider.answer(proven)
    assert (await visitor.get(onward)).status_code == 410


async def test_somebody_who_chooses_a_new_password_comes_back_to_the_application(provider: Provider) -> None:
    shop, visitor, erika = Party(provider), provider.visitor, provider.erika
    onward = (await shop.ask()).headers["location"]
    named = onward.rpartition("/")[2]
    page = await visitor.get(f"/sign-in?request={named}")
    assert f'href="/sign-in/forgotten?request={named}"' in page.text

    await visitor.get(f"/sign-in/forgotten?request={named}")
    paths = [f"/sign-in/new-password/{await erika.forget_password()}"]
    await visitor.get(paths[0])
    chosen = await visitor.post(paths[0], {"password": "a long new password"})
    paths.append(chosen.headers["location"])
    visitor.cookies.pop("__Host-session", None)

    assert paths[1] == f"/sign-in?notice=password_changed&request={named}"
    assert "Example Shop" in (await visitor.get(paths[1])).text
    assert not visitor.cookies["__Host-forgotten-for"]


@pytest.mark.parametrize("named", ["", "0" * 32, "//evil.example"])
async def test_a_request_that_is_over_or_never_was_leads_nowhere_after_a_new_password(
    provider: Provider, named: str
) -> None:
    visitor = provider.visitor
    await visitor.get(f"/sign-in/forgotten?request={named}")
    path = f"/sign-in/new-password/{await provider.erika.forget_password()}"
    await visitor.get(path)

    chosen = await visitor.post(path, {"password": "a long new password"})

    assert chosen.headers["location"] == "/sign-in?notice=password_changed"


async def test_somebody_who_releases_their_account_comes_back_to_the_application(provider: Provider) -> None:
    visitor, erika, services = provider.visitor, provider.erika, provider.world.services
    named = (await Party(provider).ask()).headers["location"].rpartition("/")[2]
    await freeze_by_operator(services, NOWHERE, erika.account_id, "a test")
    await visitor.get(f"/sign-in?request={named}")
    typed = {"email": erika.email, "password": erika.password, "request": named}
    reply = await visitor.post("/sign-in", typed)

    await visitor.get(reply.headers["location"])
    reply = await visitor.post("/sign-in/release", {})
    for purpose in (CodePurpose.RELEASE_MAILBOX, CodePurpose.RELEASE_NUMBER):
        path = reply.headers["location"]
        await visitor.get(path)
        reply = await visitor.post(path, {"code": await erika.code(purpose)})

    assert reply.headers["location"] == f"/sign-in?notice=released&request={named}"


async def test_an_application_that_was_removed_meanwhile_gets_no_code(
    installation: Installation, provider: Provider
) -> None:
    passing = replace(SHOP, client_id="passing")
    joined(installation, passing)
    onward = (await Party(provider, passing).ask()).headers["location"]
    joined(installation)
    await provider.sign_in()

    assert (await provider.visitor.get(onward)).status_code == 410


@pytest.mark.parametrize(
    ("path", "origin", "allowed"),
    [
        ("/.well-known/openid-configuration", "https://any.example", "*"),
        ("/oauth/jwks", "https://any.example", "*"),
        ("/oauth/token", "https://spa.example", "https://spa.example"),
        ("/oauth/userinfo", "https://spa.example", "https://spa.example"),
        ("/oauth/token", "https://any.example", None),
        ("/oauth/introspect", "https://spa.example", None),
        ("/oauth/authorize", "https://spa.example", None),
    ],
)
async def test_scripts_of_other_origins_read_only_what_they_need(
    installation: Installation, provider: Provider, path: str, origin: str, allowed: str | None
) -> None:
    joined(installation, replace(APP, client_id="spa", redirect_uris=("https://spa.example/back",)))

    preflight = await provider.visitor.ask("OPTIONS", path, headers={"origin": origin})

    assert preflight.headers.get("access-control-allow-origin") == allowed
    assert "access-control-allow-credentials" not in preflight.headers


async def test_account_management_leads_the_person_of_the_hint_there_and_back(provider: Provider, shop: Party) -> None:
    hint = (await shop.tokens())["id_token"]
    visitor = shop.provider.visitor

    await visitor.get(f"/account?action=recovery_codes&id_token_hint={hint}")
    arrived = await visitor.get("/journey")
    page = await visitor.get(arrived.headers["location"])
    other = await a_person(shop.provider.world, "other@example.com")
    await shop.provider.sign_in(other)
    await visitor.get(f"/account?action=recovery_codes&id_token_hint={hint}")
    refused = await visitor.get("/journey")

    assert arrived.headers["location"] == "/profile/recovery-codes"
    assert "https://shop.example/login?iss=https%3A%2F%2Faccount.example.com&amp;action=recovery_codes" in page.text
    assert refused.status_code == 200
    assert "recovery_codes" not in refused.headers.get("location", "")


async def test_an_application_without_a_place_to_begin_a_sign_in_has_no_action(provider: Provider) -> None:
    old = Party(provider, JOINS.application("old") or SHOP)

    answer = await old.answer(action="change_phone")

    assert answer["error"] == "invalid_request"


async def test_the_page_of_applications_says_who_holds_what_and_takes_it_back_after_a_question(shop: Party) -> None:
    visitor, page = shop.provider.visitor, "/profile/applications"
    empty = await visitor.get(page)
    token = (await shop.tokens(scope="openid email"))["access_token"]

    listed = await visitor.get(page)
    question = await visitor.get(f"{page}/shop/withdraw")
    unknown = await visitor.get(f"{page}/nobody/withdraw")
    taken = await visitor.post(f"{page}/shop/withdraw", {})
    after = await visitor.get(taken.headers["location"])

    assert "Example Shop" not in empty.text
    assert "Example Shop" in listed.text
    assert question.status_code == 200
    assert unknown.headers["location"] == page
    assert taken.headers["location"] == f"{page}?notice=withdrawn"
    assert "Example Shop" not in after.text
    assert (await shop.user_info(token)).status_code == 401
