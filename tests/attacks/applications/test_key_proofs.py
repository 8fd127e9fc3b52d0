"""Attack: use a token that is bound to a key without the key, or with a proof that was made for something else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.web.oidc.conftest import installation, provider, shop
from tests.web.oidc.key_holder import ANYTHING, KeyHolder, header_of, unsigned
from tests.web.oidc.party import APP, Party

__all__ = ["installation", "provider", "shop"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFLINE = "openid offline_access"
CALL = ("GET", "/oauth/userinfo")
OTHER = ECKey.generate_key("P-256")
WRONG_CLAIMS: list[dict[str, Any]] = [
    {"htm": "POST"},
    {"htm": "get"},
    {"htm": None},
    {"htu": "https://account.example.com/oauth/token"},
    {"htu": "https://evil.example/oauth/userinfo"},
    {"htu": "http://account.example.com/oauth/userinfo"},
    {"htu": "https://account.example.com:444/oauth/userinfo"},
    {"htu": "https://shop@account.example.com/oauth/userinfo"},
    {"htu": "https://[account.example.com/oauth/userinfo"},
    {"htu": "/oauth/userinfo"},
    {"htu": None},
    {"htu": ["https://account.example.com/oauth/userinfo"]},
    {"ath": None},
    {"ath": "x"},
    {"iat": None},
    {"iat": "now"},
    {"iat": 10**400},
    {"iat": float("nan")},
    {"jti": None},
    {"jti": ""},
    {"jti": 7},
    {"jti": "x" * 257},
]


@pytest.mark.parametrize("changes", WRONG_CLAIMS, ids=lambda changes: str(changes)[:60])
async def test_a_proof_is_for_one_call_and_one_token(shop: Party, changes: dict[str, Any]) -> None:
    holder = KeyHolder(shop)
    token = (await holder.tokens())["access_token"]

    reply = await holder.user_info(token, holder.proof(*CALL, token, **changes))

    assert (reply.status_code, reply.json()) == (401, {"error": "invalid_dpop_proof"})
    assert reply.headers.get_list("www-authenticate")[0].startswith("DPoP ")
    assert (await holder.user_info(token)).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(-90, 401), (-89, 200), (60, 200), (61, 401)])
async def test_a_proof_is_young_by_clocks_that_differ_by_a_minute(shop: Party, seconds: int, status: int) -> None:
    holder = KeyHolder(shop)
    token = (await holder.tokens())["access_token"]
    made_at = int(shop.provider.world.clock.time.timestamp()) + seconds

    assert (await holder.user_info(token, holder.proof(*CALL, token, iat=made_at))).status_code == status


@pytest.mark.parametrize(
    "htu",
    [
        "https://account.example.com/oauth/userinfo?x=1#y",
        "HTTPS://ACCOUNT.example.com/oauth/userinfo",
        "https://account.example.com:443/oauth/userinfo",
    ],
)
async def test_an_address_may_be_spelt_otherwise(shop: Party, htu: str) -> None:
    holder = KeyHolder(shop)
    token = (await holder.tokens())["access_token"]

    assert (await holder.user_info(token, holder.proof(*CALL, token, htu=htu))).status_code == 200


def forged(holder: KeyHolder, header: dict[str, Any], key: Any, token: str) -> str:
    return jwt.encode(header, holder.claims(*CALL, token), key, registry=ANYTHING, default_type=None)


def by_public_key(holder: KeyHolder, token: str) -> str:
    public = OctKey.import_key(json.dumps(holder.key.as_dict(private=False)))
    return forged(holder, {**header_of(holder.key), "alg": "HS256"}, public, token)


def by_shared_secret(holder: KeyHolder, token: str) -> str:
    secret = OctKey.generate_key(256)
    return forged(holder, {**header_of(holder.key), "alg": "HS256", "jwk": secret.as_dict(private=True)}, secret, token)


def with_header(**changes: Any) -> Callable[[KeyHolder, str], str]:
    """A proof whose signature is right, and whose header isn't."""

    def make(holder: KeyHolder, token: str) -> str:
        header = {name: value for name, value in (header_of(holder.key) | changes).items() if value is not None}
        return forged(holder, header, holder.key, token)

    return make


def on_another_curve(holder: KeyHolder, token: str) -> str:
    key = OKPKey.generate_key("Ed448")
    return forged(holder, header_of(key, "EdDSA"), key, token)


def private_key(holder: KeyHolder, token: str) -> str:
    return forged(holder, {**header_of(holder.key), "jwk": holder.key.as_dict(private=True)}, holder.key, token)


FORGED: dict[str, Callable[[KeyHolder, str], str]] = {
    "of no signature": lambda holder, token: unsigned(
        {**header_of(holder.key), "alg": "none"}, holder.claims(*CALL, token)
    ),
    "by the public key as a secret": by_public_key,
    "by a shared secret": by_shared_secret,
    "by another key than it shows": lambda holder, token: forged(holder, header_of(holder.key), OTHER, token),
    "with the private key": private_key,
    "by a key on a curve that isn't taken": on_another_curve,
    "of another type": with_header(typ="JWT"),
    "of no type": with_header(typ=None),
    "without a key": with_header(jwk=None),
    "with what is no key": with_header(jwk={"kty": "EC", "crv": "P-256"}),
    "with a key of no kind": with_header(jwk={"kty": ["EC"]}),
    "with a key off the curve": with_header(jwk={"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}),
    "with a short key": with_header(jwk={"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
    "of a key by reference alone": with_header(jwk=None, kid="one"),
    "that asks for what nobody knows": with_header(crit=["exp"], exp=1),
    "that is no token": lambda _holder, _token: "x.y.z",
    "that is nothing": lambda _holder, _token: "",
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_a_proof_is_signed_by_the_public_key_that_stands_in_it(shop: Party, forgery: str) -> None:
    holder = KeyHolder(shop)
    token = (await holder.tokens())["access_token"]

    reply = await holder.user_info(token, FORGED[forgery](holder, token))

    assert (reply.status_code, reply.json()) == (401, {"error": "invalid_dpop_proof"})


@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA", "Ed25519"])
async def test_every_algorithm_of_the_metadata_proves_a_key(shop: Party, alg: str) -> None:
    makers: dict[str, Callable[[], Any]] = {
        "ES256": lambda: ECKey.generate_key("P-256"),
        "PS256": lambda: RSAKey.generate_key(2048),
        "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
        "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
    }
    said = (await shop.provider.visitor.get("/.well-known/openid-configuration")).json()
    holder = KeyHolder(shop, makers[alg](), alg)

    tokens = await holder.tokens()

    assert alg in said["dpop_signing_alg_values_supported"]
    assert tokens["token_type"] == "DPoP"
    assert (await holder.user_info(tokens["access_token"])).status_code == 200


async def test_a_stolen_token_is_worth_nothing_without_its_key(shop: Party) -> None:
    holder, thief = KeyHolder(shop), KeyHolder(shop)
    token = (await holder.tokens())["access_token"]
    own = holder.proof(*CALL, token)

    tried = [
        await shop.user_info(token),
        await shop.post("/oauth/userinfo", {"access_token": token}),
        await thief.user_info(token),
        await holder.user_info(token, own, own),
        await shop.post("/oauth/userinfo", {}, authorization=f"DPoP {token}"),
        await holder.user_info(token, way="Bearer"),
    ]

    assert {reply.status_code for reply in tried} == {401}
    assert tried[0].headers.get_list("www-authenticate") == [
        'Bearer realm="oauth", error="invalid_token"',
        'DPoP realm="oauth", algs="ES256 PS256 EdDSA Ed25519"',
    ]


async def test_a_token_of_no_key_is_shown_as_what_it_is(shop: Party) -> None:
    token = (await shop.tokens())["access_token"]

    assert (await KeyHolder(shop).user_info(token)).json() == {"error": "invalid_token"}


@pytest.mark.parametrize("path", ["/oauth/userinfo", "/oauth/token", "/oauth/par"])
async def test_a_proof_is_taken_once(shop: Party, path: str) -> None:
    holder = KeyHolder(shop)
    token = (await holder.tokens())["access_token"]
    codes = [(await shop.answer())["code"] for _ in range(3)]
    form = {"response_type": "code", "redirect_uri": shop.about.redirect_uris[0], "scope": "openid"}
    own = {"client_id": "shop", "client_secret": shop.secret or "", "code_challenge": shop.challenge}

    async def call(proof: str) -> int:
        if path == "/oauth/userinfo":
            return (await holder.user_info(token, proof)).status_code
        if path == "/oauth/token":
            return (await holder.exchange(codes.pop(), proof=proof)).status_code
        return (await shop.post(path, {**form, **own, "code_challenge_method": "S256"}, dpop=proof)).status_code

    method, of_token = ("GET", token) if path == "/oauth/userinfo" else ("POST", "")
    ahead = int(shop.provider.world.clock.time.timestamp()) + 60
    proof = holder.proof(method, path, of_token, iat=ahead)
    first, again = await call(proof), await call(proof)
    shop.provider.world.clock.move(seconds=149)  # the last moment at which it would be young
    late = await call(proof)

    assert first in (200, 201)
    assert (again, late) == ((401, 401) if path == "/oauth/userinfo" else (400, 400))


async def test_a_code_that_is_for_a_key_serves_no_other(shop: Party) -> None:
    holder, thief = KeyHolder(shop), KeyHolder(shop)
    code = (await shop.answer(dpop_jkt=holder.jkt))["code"]

    stolen = [await thief.exchange(code), await shop.exchange(code)]

    assert [reply.json()["error"] for reply in stolen] == ["invalid_grant"] * 2
    assert (await holder.exchange(code)).json()["token_type"] == "DPoP"


async def test_a_pushed_request_is_for_the_key_that_is_proven_with_it(shop: Party) -> None:
    holder, thief = KeyHolder(shop), KeyHolder(shop)
    form = {
        "response_type": "code",
        "redirect_uri": shop.about.redirect_uris[0],
        "scope": "openid",
        "client_id": "shop",
        "client_secret": shop.secret or "",
        "code_challenge": shop.challenge,
        "code_challenge_method": "S256",
    }
    proofs = [holder.proof("POST", "/oauth/par") for _ in range(2)]

    differing = await shop.post("/oauth/par", {**form, "dpop_jkt": thief.jkt}, dpop=proofs[0])
    pushed = await shop.post("/oauth/par", form, dpop=proofs[1])
    ask = f"/oauth/authorize?client_id=shop&request_uri={pushed.json()['request_uri']}"
    code = (await shop.provider.answer(await shop.provider.visitor.get(ask)))["code"]

    assert differing.json()["error"] == "invalid_dpop_proof"
    assert (await thief.exchange(code)).json()["error"] == "invalid_grant"
    assert (await holder.exchange(code)).status_code == 200


async def test_what_is_no_thumbprint_is_told_at_once(shop: Party) -> None:
    assert (await shop.answer(dpop_jkt="short"))["error"] == "invalid_request"


async def test_the_refresh_token_of_a_public_application_is_for_its_key(shop: Party) -> None:
    app = Party(shop.provider, APP, secret=None)
    holder, thief = KeyHolder(app), KeyHolder(app)
    token = (await holder.tokens(scope=OFFLINE))["refresh_token"]

    stolen = [await thief.refresh(token), await app.refresh(token)]
    renewed = await holder.refresh(token)

    assert [reply.json()["error"] for reply in stolen] == ["invalid_grant"] * 2
    assert renewed.json()["token_type"] == "DPoP"


async def test_an_application_that_proves_itself_may_change_its_key(shop: Party) -> None:
    token = (await KeyHolder(shop).tokens(scope=OFFLINE))["refresh_token"]
    another = KeyHolder(shop)

    renewed = (await another.refresh(token)).json()

    assert (await another.user_info(renewed["access_token"])).status_code == 200


async def test_whoever_looks_at_a_token_hears_of_its_key(shop: Party) -> None:
    holder = KeyHolder(shop)
    token = (await holder.tokens())["access_token"]

    seen = await shop.post(
        "/oauth/introspect", {"token": token, "client_id": "shop", "client_secret": shop.secret or ""}
    )

    assert (seen.json()["token_type"], seen.json()["cnf"]) == ("DPoP", {"jkt": holder.jkt})
