"""What comes back from the provider is believed only if all of it fits: each wrong part, alone, lets nobody in."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from renumber.web import cookies
from tests.flows.support.company import CLIENT_ID, KEY, Claims, Company, an_agent, signed
from tests.web.console.desk import Desk
from tests.web.console.provider.company import newcomer

STRANGER = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
pytestmark = pytest.mark.asyncio(loop_scope="module")
WRONG = "couldn&#39;t be verified"
TIMES = {"exp", "iat", "nbf"}
STALE = "took too long, was used already, or was begun in another browser"
WRONG_CLAIMS: list[Claims] = [  # times are seconds from now
    {"iss": "https://login.other.example"},
    {"iss": None},
    {"aud": "another application"},
    {"aud": ["another application"]},
    {"aud": []},
    {"aud": None},
    {"aud": [CLIENT_ID, "another application"]},
    {"aud": [CLIENT_ID, "another application"], "azp": "another application"},
    {"azp": "another application"},
    {"nonce": "the nonce of another sign-in"},
    {"nonce": None},
    {"nonce": 7},
    {"exp": -61},
    {"exp": None},
    {"exp": "tomorrow"},
    {"iat": 120},
    {"iat": -3600},
    {"iat": None},
    {"nbf": 120},
    {"sub": None},
    {"sub": ""},
    {"sub": "x" * 256},
    {"sub": ["anna"]},
]


def unsigned(_company: Company, claims: Claims) -> str:
    parts = [{"alg": "none"}, claims]
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def by_a_stranger(_company: Company, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": KEY.kid}, claims, STRANGER, ["ES256"])


def with_the_public_key_as_secret(company: Company, claims: Claims) -> str:
    """Symmetric signatures by what everybody may read (RFC 8725 2.1)."""
    parts = [{"alg": "HS256", "kid": KEY.kid}, claims]
    said = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    mac = hmac.digest(company.key.as_pem(private=False), said, "sha256")
    return f"{said.decode()}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def with_the_client_secret(_company: Company, claims: Claims) -> str:
    secret = OctKey.import_key(b"a secret of the company's: 100% safe")
    return jwt.encode({"alg": "HS256", "kid": KEY.kid}, claims, secret, ["HS256"])


def with_a_key_of_its_own(_company: Company, claims: Claims) -> str:
    """The key comes along in the header, as if that proved anything."""
    header: dict[str, Any] = {"alg": "ES256", "jwk": STRANGER.as_dict(private=False)}
    return jwt.encode(header, claims, STRANGER, ["ES256"])


def changed_afterwards(company: Company, claims: Claims) -> str:
    head, _, signature = signed(company, {**claims, "groups": []}).split(".")
    body = urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


FORGERIES: list[Callable[[Company, Claims], str]] = [
    unsigned,
    by_a_stranger,
    with_the_public_key_as_secret,
    with_the_client_secret,
    with_a_key_of_its_own,
    changed_afterwards,
    lambda _company, _claims: "no.token.atall",
    lambda _company, _claims: "x" * 60000,
]


def is_in(reply: httpx2.Response) -> bool:
    return f"{cookies.STAFF}=" in str(reply.headers) or reply.headers["location"] == "/console"


async def test_no_wrong_claim_lets_anybody_in(desk: Desk, company: Company) -> None:
    anna, let_in = newcomer(desk, company), []

    for wrong in WRONG_CLAIMS:
        now = int(desk.world.clock.now().timestamp())
        timed = {name: value + now for name, value in wrong.items() if name in TIMES and isinstance(value, int)}
        company.person = an_agent(**{**wrong, **timed})
        reply = await anna.sign_in()
        let_in += [wrong] if is_in(reply) or WRONG not in await anna.read(reply) else []

    assert not let_in
    company.person = an_agent(aud=[CLIENT_ID, "another application"], azp=CLIENT_ID)
    assert is_in(await anna.sign_in())


async def test_no_forged_signature_lets_anybody_in(desk: Desk, company: Company) -> None:
    anna, let_in = newcomer(desk, company), []
    company.person = an_agent()

    for forgery in FORGERIES:
        company.sign = forgery
        reply = await anna.sign_in()
        let_in += [forgery.__name__] if is_in(reply) or WRONG not in await anna.read(reply) else []

    assert not let_in


async def test_an_answer_belongs_to_the_browser_that_asked(desk: Desk, company: Company) -> None:
    """Login CSRF: a thief begins, and lets somebody else's browser bring the answer (RFC 6749 10.12)."""
    thief, anna = newcomer(desk, company), newcomer(desk, company)
    company.person = an_agent(sub="thief")
    address = await thief.sent()

    for victim in (anna, newcomer(desk, company)):
        if victim is anna:
            await victim.sent()
        reply = await victim.come_back(address)

        assert not is_in(reply)
        assert STALE in await victim.read(reply)

    assert company.times("/token") == 0, "the state is looked at before the provider is asked"


async def test_a_cookie_of_another_browser_opens_nothing(desk: Desk, company: Company) -> None:
    anna, thief = newcomer(desk, company), newcomer(desk, company)
    company.person = an_agent()
    address = await anna.sent()
    await thief.sent()
    thief.browser.cookies[cookies.STAFF_SIGN_IN] = anna.browser.cookies[cookies.STAFF_SIGN_IN]

    assert STALE in await thief.read(await thief.come_back(address))


async def test_an_answer_is_taken_once(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    address = await anna.sent()
    begun = anna.browser.cookies[cookies.STAFF_SIGN_IN]

    first = await anna.come_back(address)
    anna.browser.cookies[cookies.STAFF_SIGN_IN] = begun
    again = await anna.come_back(address)

    assert [is_in(first), is_in(again)] == [True, False]
    assert STALE in await anna.read(again)
    assert company.times("/token") == 1


async def test_a_code_of_another_sign_in_is_refused_by_its_challenge(desk: Desk, company: Company) -> None:
    anna, thief = newcomer(desk, company), newcomer(desk, company)
    company.person = an_agent()
    stolen = company.code_for(await anna.sent())

    assert not is_in(await thief.come_back(await thief.sent(), code=stolen))


async def test_a_sign_in_that_took_too_long_begins_anew(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    address = await anna.sent()
    desk.world.clock.move(minutes=15, seconds=1)

    assert STALE in await anna.read(await anna.come_back(address))


async def test_no_part_of_the_answer_says_where_to_go_next(desk: Desk, company: Company) -> None:
    elsewhere = "https://elsewhere.example/"
    company.person = an_agent(target_link_uri=elsewhere)
    anna = newcomer(desk, company)
    begun = await anna.browser.ask("GET", "/console/sign-in/start", params={"next": elsewhere, "target": elsewhere})

    reply = await anna.come_back(begun.headers["location"], next=elsewhere, redirect_uri=elsewhere, to=elsewhere)

    assert urlsplit(begun.headers["location"]).netloc == urlsplit(company.issuer).netloc
    assert reply.headers["location"] == "/console"


async def test_a_refusal_of_the_provider_says_nothing_of_it_on_our_page(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    asked = dict(parse_qsl(urlsplit(await anna.sent()).query))
    answer = {"error": "access_denied", "error_description": "<b>Call 555</b>", "state": asked["state"]}

    reply = await anna.browser.ask("GET", "/console/sign-in/done", params=answer)

    page = await anna.read(reply)
    assert "was cancelled" in page
    assert "555" not in page


async def test_looking_ahead_takes_nothing(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    address = await anna.sent()
    asked = dict(parse_qsl(urlsplit(address).query))
    answer = {"code": company.code_for(address), "state": asked["state"]}

    await anna.browser.ask("HEAD", "/console/sign-in/start")
    await anna.browser.ask("HEAD", "/console/sign-in/done", params=answer)

    assert company.times("/token") == 0


async def test_a_provider_that_is_away_is_told_on_a_page_that_leads_on(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    address = await anna.sent()
    company.status["/token"] = 500

    page = await anna.read(await anna.come_back(address))

    assert "can&#39;t be reached at the moment" in page
    assert 'href="/console/sign-in/start"' in page


async def test_the_address_with_the_code_stays_on_no_page(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent(groups=[])

    page = await anna.read(await anna.sign_in())

    assert "code-" not in page
    assert "state=" not in page
