"""Asking a provider: whatever it answers is bounded and checked, or it counts as away."""

import json

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from renumber.delivery.provider.client import ProviderClient
from renumber.flows.ports.provider import AuthorizationRequest, ProviderAway
from renumber.settings.console.provider import Credentials
from tests.flows.support.company import CLIENT_ID, KEY, SECRET, Company

OTHER = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
DISCOVERY = "/.well-known/openid-configuration"
ASKED = AuthorizationRequest("s" * 32, "n" * 32, "v" * 64)
Ticks = list[float]


def asking(company: Company, now: Ticks | None = None) -> ProviderClient:
    """A client that has asked nothing yet."""
    at = now or [0.0]
    credentials = Credentials(issuer=company.issuer, client_id=CLIENT_ID, secret=SECRET, key="")
    return ProviderClient(credentials, scope="openid", acr=(), redirect_uri="", signed=None, ticks=lambda: at[0])


async def whole_sign_in(company: Company) -> None:
    """Ask for everything that a sign-in needs."""
    client = asking(company)
    code = company.code_for(await client.address(ASKED))
    await client.keys()
    assert await client.redeem(code, ASKED.verifier)
    await client.userinfo("a-token")


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (DISCOVERY, 500, None),
        (DISCOVERY, 302, None),
        (DISCOVERY, 200, b"<html>"),
        (DISCOVERY, 200, b"[]"),
        (DISCOVERY, 200, b'{"issuer": "https://login.other.example"}'),
        (DISCOVERY, 200, b"{" + b" " * 200_000 + b"}"),
        (DISCOVERY, 200, b"[" * 30_000),
        ("/keys", 500, None),
        ("/keys", 200, b'{"keys": []}'),
        ("/keys", 200, b'{"keys": [7, {"kty": "RSA"}, {"kty": "EC", "crv": 7}]}'),
        ("/keys", 200, b'{"keys": 7}'),
        ("/token", 500, None),
        ("/token", 200, b"{}"),
        ("/token", 200, b'{"id_token": 7}'),
        ("/token", 401, b'{"error": "invalid_client"}'),
    ],
)
async def test_whatever_is_amiss_it_counts_as_away(
    company: Company, path: str, status: int, body: bytes | None
) -> None:
    company.status, company.body = {path: status}, {path: body} if body else {}

    with pytest.raises(ProviderAway):
        await whole_sign_in(company)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("token_endpoint", "http://login.example/token"),
        ("token_endpoint", "https://user:password@login.example/token"),
        ("jwks_uri", "file:///etc/passwd"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://login.example/\r\nSet-Cookie: a=b"),
        ("token_endpoint", None),
    ],
)
async def test_an_endpoint_that_cant_be_trusted_isnt_asked(company: Company, name: str, place: str | None) -> None:
    company.metadata[name] = place

    with pytest.raises(ProviderAway):
        await asking(company).address(ASKED)


async def test_a_company_that_is_not_there_is_away() -> None:
    with pytest.raises(ProviderAway):
        await asking(Company("http://127.0.0.1:9")).address(ASKED)


@pytest.mark.parametrize(
    ("names_itself", "said", "fits"),
    [(True, "own", True), (True, "other", False), (True, "", False), (False, "", True), (False, "other", False)],
)
async def test_an_answer_of_another_provider_is_none(
    company: Company, said: str, *, names_itself: bool, fits: bool
) -> None:
    """Mix-up: the answer has to name the provider that was asked, where that one does (RFC 9207 2.4)."""
    company.metadata["authorization_response_iss_parameter_supported"] = names_itself
    issuers = {"own": company.issuer, "other": "https://login.other.example", "": ""}

    assert await asking(company).answers_for(issuers[said]) is fits


async def test_metadata_and_keys_are_kept_for_an_hour(company: Company) -> None:
    now = [0.0]
    client = asking(company, now)

    for seconds in (0, 3599, 1):
        now[0] += seconds
        await client.keys()

    assert [company.times(DISCOVERY), company.times("/keys")] == [2, 2]


async def test_keys_are_fetched_again_for_one_that_isnt_among_them_but_not_all_day(company: Company) -> None:
    """The company may have changed them; who makes up tokens must not make us ask each time."""
    now = [0.0]
    client = asking(company, now)
    before = await client.keys()
    company.published = [OTHER, KEY]

    seen = []
    for seconds, anew in ((59, True), (1, False), (0, True), (0, True)):
        now[0] += seconds
        seen.append((await client.keys(anew=anew) == before, company.times("/keys")))

    assert seen == [(True, 1), (True, 1), (False, 2), (False, 2)]


@pytest.mark.filterwarnings("ignore:Key size")
async def test_a_symmetric_or_weak_key_that_is_published_is_no_key(company: Company) -> None:
    shared, weak = OctKey.generate_key(256, {"kid": "shared"}), RSAKey.generate_key(1024, {"kid": "weak"})
    for_secrets = ECKey.generate_key("P-256", {"use": "enc", "kid": "for secrets"})
    listed = [
        shared.as_dict(private=True),
        *(key.as_dict(private=False) for key in (weak, for_secrets, KEY)),
        OTHER.as_dict(private=True),
    ]
    company.body["/keys"] = json.dumps({"keys": listed}).encode()

    kept = json.loads(await asking(company).keys())["keys"]

    assert [key["kid"] for key in kept] == [KEY.kid]


async def test_the_secret_goes_where_the_provider_takes_it(company: Company) -> None:
    for methods in (["client_secret_basic"], ["client_secret_post"], None):
        company.metadata = {"token_endpoint_auth_methods_supported": methods} if methods else {}
        client = asking(company)
        code = company.code_for(await client.address(ASKED))
        assert await client.redeem(code, ASKED.verifier)

    given = [fields.get("client_secret") for path, fields in company.asked if path == "/token"]
    assert given == [None, SECRET, None]


async def test_a_code_that_the_provider_doesnt_know_gives_no_tokens(company: Company) -> None:
    assert await asking(company).redeem("unknown", ASKED.verifier) is None


async def test_what_the_operator_is_told_repeats_nothing_that_came_from_there(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.body = {"/token": json.dumps({"error": f"{SECRET} code-1", "error_description": "code-1"}).encode()}
    company.status = {"/token": 400}

    with pytest.raises(ProviderAway):
        await asking(company).redeem("code-1", ASKED.verifier)

    told = capsys.readouterr().out
    assert "the token endpoint answers 400" in told
    assert "code-1" not in told
