"""The company's identity provider says that somebody is signed out there: they are out of the console at once."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from renumber.web import cookies
from tests.flows.support.company import CLIENT_ID, Claims, Company, an_agent, signed
from tests.web.console.desk import Desk, a_desk
from tests.web.console.provider.company import Newcomer, a_company, newcomer

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENDED = "/console/sign-in/ended"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
OTHER = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
Token = Callable[[Company, Claims], str]


def logout(company: Company, **more: Any) -> Claims:
    """What a logout token says of the person; a claim that is None is left out."""
    now = int(company.clock.now().timestamp())
    usual = {"iss": company.issuer, "aud": CLIENT_ID, "sub": company.person["sub"], "iat": now, "exp": now + 120}
    usual |= {"jti": f"token-{len(company.asked)}-{more}", "events": {EVENT: {}}}
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


async def tell(desk: Desk, token: str) -> httpx2.Response:
    """Bring a token, as a program of the provider does: without a cookie."""
    anyone = desk.guest._client
    return await anyone.post(ENDED, data={"logout_token": token})


async def somebody(desk: Desk, company: Company) -> Newcomer:
    """Somebody of the company who is signed in."""
    anna = newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()
    assert (await anna.browser.get("/console")).status_code == 200
    return anna


async def is_in(anna: Newcomer) -> bool:
    return bool((await anna.browser.get("/console")).status_code == 200)


async def test_whoever_is_signed_out_there_is_out_of_the_console_in_every_browser(desk: Desk, company: Company) -> None:
    anna, here_too = await somebody(desk, company), newcomer(desk, company)
    await here_too.sign_in()
    own_id = anna.browser.cookies[cookies.STAFF].partition(".")[0]

    reply = await tell(desk, signed(company, logout(company, sid="a-session-of-theirs")))

    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    assert [await is_in(each) for each in (anna, here_too)] == [False, False]
    assert (await desk.world.history(own_id))[-1] == "staff_signed_out"
    await anna.sign_in()
    assert await is_in(anna)


async def test_others_stay_and_somebody_who_never_came_is_no_mistake(desk: Desk, company: Company) -> None:
    anna = await somebody(desk, company)

    reply = await tell(desk, signed(company, logout(company, sub="somebody-else")))

    assert reply.status_code == 200
    assert await is_in(anna)


def by_another_key(company: Company, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": company.key.kid}, claims, OTHER, ["ES256"])


def by_a_secret(company: Company, claims: Claims) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("s" * 32), ["HS256"])


def unsigned(company: Company, claims: Claims) -> str:
    _, body, _ = signed(company, claims).split(".")
    return f"eyJhbGciOiJub25lIn0.{body}."


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://login.other.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another client"]},
        {"exp": 1},
        {"exp": None},
        {"iat": 1},
        {"iat": None},
        {"nonce": "n" * 32},
        {"nonce": ""},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: 1}},
        {"events": [EVENT]},
        {"sub": None},
        {"sub": None, "sid": "a-session-of-theirs"},
        {"sub": ""},
        {"jti": None},
        {"jti": 7},
        {"jti": "j" * 256},
    ],
    ids=str,
)
async def test_a_token_of_which_anything_is_amiss_ends_nothing(desk: Desk, company: Company, wrong: Claims) -> None:
    anna = await somebody(desk, company)

    reply = await tell(desk, signed(company, logout(company, **wrong)))

    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")
    assert await is_in(anna)


@pytest.mark.parametrize("forged", [by_another_key, by_a_secret, unsigned])
async def test_a_token_that_the_provider_has_not_signed_ends_nothing(
    desk: Desk, company: Company, forged: Token
) -> None:
    anna = await somebody(desk, company)

    reply = await tell(desk, forged(company, logout(company)))

    assert reply.status_code == 400
    assert await is_in(anna)


@pytest.mark.parametrize("body", ["", "logout_token=", "logout_token=a&logout_token=b", "token=a.b.c", "%ff"])
async def test_what_is_no_such_form_is_refused(desk: Desk, company: Company, body: str) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}

    reply = await desk.guest._client.post(ENDED, content=body, headers=kind)

    assert reply.status_code == 400


async def test_an_id_token_of_the_person_is_no_logout_token(desk: Desk, company: Company) -> None:
    anna = await somebody(desk, company)

    reply = await tell(desk, signed(company, company.claims("n" * 32)))

    assert reply.status_code == 400
    assert await is_in(anna)


async def test_a_token_is_taken_once(desk: Desk, company: Company) -> None:
    anna = await somebody(desk, company)
    token = signed(company, logout(company))
    await tell(desk, token)
    await anna.sign_in()

    again = await tell(desk, token)

    assert again.status_code == 400
    assert await is_in(anna)


async def test_the_provider_is_heard_from_outside_the_networks_of_staff_and_may_try_again_where_it_was_away(
    sqlite_url: str, tmp_path: Any
) -> None:
    secret = tmp_path / "provider.secret"
    secret.touch(mode=0o600)
    secret.write_text("a secret that is long enough")
    with a_company() as company:
        named = {"provider_issuer": company.issuer, "provider_client_id": CLIENT_ID, "provider_roles": "support=agent"}
        reaching = {"console_networks": "203.0.113.0/24", "provider_client_secret_file": str(secret)}
        async with a_desk(sqlite_url, **named, **reaching) as desk:
            company.clock, company.person = desk.world.clock, an_agent()
            page = await desk.guest._client.get("/console/sign-in")
            token, company.status = signed(company, logout(company)), {"/keys": 500}
            away = await tell(desk, token)
            company.status = {}
            heard = await tell(desk, token)

    assert [reply.status_code for reply in (page, away, heard)] == [404, 400, 200]


async def test_without_a_provider_there_is_no_such_address(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        assert (await tell(desk, "a.b.c")).status_code in {404, 405}
