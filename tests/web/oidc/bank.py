"""An application that keeps the FAPI 2.0 Security Profile."""

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from renumber.policies.joins import Joins, Profile
from tests.flows.world import ORIGIN, StandingJoins
from tests.web.oidc.key_holder import ANYTHING, KeyHolder, numbers
from tests.web.oidc.party import JOINS, SHOP, Installation, Party, Provider

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


def bank_at(installation: Installation, provider: Provider) -> Bank:
    """Let the application join, beside all others."""
    source = installation.world.services.joins
    assert isinstance(source, StandingJoins)
    source.joins = Joins((*JOINS.applications, STRICT))
    return Bank(Party(provider, STRICT, secret=None))
