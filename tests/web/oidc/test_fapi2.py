"""The FAPI 2.0 Security Profile: an application of `profile = "fapi2"` runs whole by it, and by nothing less."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey

from renumber.policies.joins import Joins, Profile
from tests.flows.world import ORIGIN, StandingJoins
from tests.web.oidc.key_holder import ANYTHING, KeyHolder, numbers, unsigned
from tests.web.oidc.party import JOINS, SECRET, SHOP, Installation, Party

pytestmark = pytest.mark.asyncio(loop_scope="module")
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
RSA = RSAKey.generate_key(2048, {"kid": "two"})
ED = OKPKey.generate_key("Ed25519", {"kid": "three"})
KEYS: list[Key] = [KEY, RSA, ED]
STRICT = replace(
    SHOP,
    client_id="bank",
    secret_hash=b"",
    jwks=json.dumps(KeySet(KEYS).as_dict(private=False)),
    profile=Profile.FAPI2,
    id_token_signed_response_alg="ES256",
)


@dataclass
class Bank(KeyHolder):
    """An application that keeps the profile, with an identity of its own key and tokens of another."""

    def assertion(self, alg: str = "ES256", key: Key | None = None, kid: str = "", **changes: Any) -> str:
        """Say who it is, as it should be or changed."""
        signer, now = key or KEY, int(self.shop.provider.world.clock.time.timestamp())
        own = {"iss": "bank", "sub": "bank", "aud": ORIGIN, "jti": f"word-{next(numbers)}", "exp": now + 60}
        header = {"alg": alg, "kid": kid or signer.kid}
        return jwt.encode(header, {**own, **changes}, signer, registry=ANYTHING)

    def identity(self, assertion: str = "") -> dict[str, str]:
        """The part of a form that proves the application."""
        word = assertion or self.assertion()
        return {"client_id": "bank", "client_assertion_type": TYPE, "client_assertion": word}

    async def push(self, *, identity: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
        """Ask in the back."""
        asked = dict(parse_qsl(self.shop.query(**changes)))
        return await self.shop.post("/oauth/par", asked | (identity or self.identity()))

    async def code(self, **changes: Any) -> dict[str, str]:
        """Ask in the back, send the browser, and read the answer."""
        uri = (await self.push(**changes)).json()["request_uri"]
        visitor = self.shop.provider.visitor
        return await self.shop.provider.answer(await visitor.get(f"/oauth/authorize?client_id=bank&request_uri={uri}"))

    async def call(self, form: dict[str, str], *, dpop: str | None = None) -> httpx2.Response:
        """Call the token endpoint."""
        proof = self.proof("POST", "/oauth/token") if dpop is None else dpop
        return await self.shop.post("/oauth/token", self.identity() | form, **({"dpop": proof} if proof else {}))

    def of_code(self, code: str) -> dict[str, str]:
        """The form that exchanges a code."""
        about = {"code": code, "redirect_uri": STRICT.redirect_uris[0], "code_verifier": self.shop.verifier}
        return {"grant_type": "authorization_code", **about}


@pytest_asyncio.fixture(loop_scope="module")
async def bank(installation: Installation, shop: Party) -> Bank:
    """An application of the profile, and a browser that is signed in."""
    source = installation.world.services.joins
    assert isinstance(source, StandingJoins)
    source.joins = Joins((*JOINS.applications, STRICT))
    return Bank(Party(shop.provider, STRICT, secret=None))


async def test_an_application_of_the_profile_runs_whole(bank: Bank) -> None:
    pushed = await bank.push(scope="openid offline_access")
    uri = pushed.json()["request_uri"]
    provider = bank.shop.provider
    answer = await provider.answer(await provider.visitor.get(f"/oauth/authorize?client_id=bank&request_uri={uri}"))
    tokens = (await bank.call(bank.of_code(answer["code"]))).json()
    claims = await bank.shop.claims(tokens["id_token"])
    info = await bank.user_info(tokens["access_token"])

    assert pushed.status_code == 201
    assert (answer["iss"], answer["state"]) == (ORIGIN, "the-state")
    assert (tokens["token_type"], claims["aud"], claims["nonce"]) == ("DPoP", "bank", "the-nonce")
    assert info.json() == {"sub": provider.erika.account_id}


async def test_its_refresh_token_stays_the_same_and_brings_tokens_of_its_key_alone(bank: Bank) -> None:
    code = (await bank.code(scope="openid offline_access"))["code"]
    token = (await bank.call(bank.of_code(code))).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}

    renewed = [(await bank.call(form)).json() for _ in range(2)]
    bare = await bank.call(form, dpop="")

    assert [each["token_type"] for each in renewed] == ["DPoP", "DPoP"]
    assert not any("refresh_token" in each for each in renewed)
    assert bare.json()["error"] == "invalid_dpop_proof"
    assert (await bank.user_info(renewed[1]["access_token"])).status_code == 200


async def test_it_asks_in_the_back_alone(bank: Bank) -> None:
    assert (await bank.shop.answer())["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"redirect_uri": None}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://shop.example/callback"}, "invalid_redirect_uri"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    ],
)
async def test_less_is_refused_in_the_back(bank: Bank, changes: dict[str, Any], error: str) -> None:
    reply = await bank.push(**changes)

    assert (reply.status_code, reply.json()["error"]) == (400, error)


async def test_a_token_without_a_key_is_not_given(bank: Bank) -> None:
    code = (await bank.code())["code"]

    assert (await bank.call(bank.of_code(code), dpop="")).json()["error"] == "invalid_dpop_proof"
    assert (await bank.call(bank.of_code(code))).status_code == 200


WORDS: dict[str, Callable[[Bank], str]] = {
    "ES256": lambda bank: bank.assertion(),
    "PS256": lambda bank: bank.assertion("PS256", RSA),
    "EdDSA": lambda bank: bank.assertion("EdDSA", ED),
    "Ed25519": lambda bank: bank.assertion("Ed25519", ED),
}
FORGED: dict[str, Callable[[Bank], str]] = {
    "RS256": lambda bank: bank.assertion("RS256", RSA),
    "the public key as a secret": lambda bank: bank.assertion(
        "HS256", OctKey.import_key(json.dumps(KEY.as_dict(private=False))), "one"
    ),
    "no signature": lambda _bank: unsigned(
        {"alg": "none", "kid": "one"}, {"iss": "bank", "sub": "bank", "aud": ORIGIN}
    ),
    "one key in the name of another": lambda bank: bank.assertion("PS256", RSA, "one"),
    "a key that nobody knows": lambda bank: bank.assertion(key=ECKey.generate_key("P-256", {"kid": "one"})),
    "a name that nobody knows": lambda bank: bank.assertion(kid="nine"),
    "the address of the endpoint": lambda bank: bank.assertion(aud=f"{ORIGIN}/oauth/par"),
    "the address of the tokens": lambda bank: bank.assertion(aud=f"{ORIGIN}/oauth/token"),
    "several audiences": lambda bank: bank.assertion(aud=[ORIGIN]),
    "somebody else's audience": lambda bank: bank.assertion(aud="https://evil.example"),
    "a time past all clocks": lambda bank: bank.assertion(exp=10**400),
}


@pytest.mark.parametrize("word", WORDS)
async def test_it_proves_itself_by_every_algorithm_of_the_profile(bank: Bank, word: str) -> None:
    assert (await bank.push(identity=bank.identity(WORDS[word](bank)))).status_code == 201


@pytest.mark.parametrize("word", FORGED)
async def test_it_does_not_prove_itself_by(bank: Bank, word: str) -> None:
    assert (await bank.push(identity=bank.identity(FORGED[word](bank)))).json()["error"] == "invalid_client"


@pytest.mark.parametrize("identity", [{"client_id": "bank"}, {"client_id": "bank", "client_secret": SECRET}], ids=str)
async def test_neither_its_name_nor_a_secret_proves_it(bank: Bank, identity: dict[str, str]) -> None:
    assert (await bank.push(identity=identity)).status_code == 401
