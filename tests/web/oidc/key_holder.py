"""An application that holds a key, and proves it with each call (DPoP, RFC 9449)."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, Key
from joserfc.registry import Header

from renumber.crypto.signed_tokens import Signatures
from renumber.policies.oidc.key_proof import s256
from tests.flows.world import ORIGIN
from tests.web.oidc.party import Party

numbers = count(1)


class Anything(Signatures):
    """Signs whatever header there is, by algorithms that nobody should take."""

    def check_header(self, header: Header) -> None:
        """Find nothing wrong."""


ANYTHING = Anything(algorithms=["ES256", "PS256", "RS256", "EdDSA", "Ed25519", "HS256"])


def header_of(key: Key, alg: str = "ES256") -> dict[str, Any]:
    """The header of a proof."""
    return {"typ": "dpop+jwt", "alg": alg, "jwk": key.as_dict(private=False)}


@dataclass
class KeyHolder:
    """The holder of a key, and the application that it calls for."""

    shop: Party
    key: Key = field(default_factory=lambda: ECKey.generate_key("P-256"))
    alg: str = "ES256"

    @property
    def jkt(self) -> str:
        return self.key.thumbprint()

    def claims(self, method: str, path: str, token: str = "", **changes: Any) -> dict[str, Any]:
        """The claims of a proof; those given as None are left out."""
        made_at = int(self.shop.provider.world.clock.time.timestamp())
        own = {"jti": f"proof-{next(numbers)}", "htm": method, "htu": f"{ORIGIN}{path}", "iat": made_at}
        own |= {"ath": s256(token)} if token else {}
        return {name: value for name, value in {**own, **changes}.items() if value is not None}

    def proof(self, method: str, path: str, token: str = "", **changes: Any) -> str:
        """Prove the key for a call."""
        claims = self.claims(method, path, token, **changes)
        return jwt.encode(header_of(self.key, self.alg), claims, self.key, registry=ANYTHING)

    async def exchange(self, code: str, *, proof: str | None = None, **changes: str | None) -> httpx2.Response:
        """Exchange a code for tokens of this key."""
        return await self.shop.exchange(code, dpop=proof or self.proof("POST", "/oauth/token"), **changes)

    async def refresh(self, token: str) -> httpx2.Response:
        """Exchange a refresh token for tokens of this key."""
        return await self.shop.refresh(token, dpop=self.proof("POST", "/oauth/token"))

    async def tokens(self, **changes: str | None) -> dict[str, Any]:
        """Sign in, and get tokens of this key."""
        reply = await self.exchange((await self.shop.answer(**changes))["code"])
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def user_info(self, token: str, *proofs: str, way: str = "DPoP") -> httpx2.Response:
        """Ask about the person, with a proof of this key unless others are given."""
        shown = proofs or (self.proof("GET", "/oauth/userinfo", token),)
        headers = [("authorization", f"{way} {token}"), *(("dpop", each) for each in shown)]
        client = self.shop.provider.visitor._client
        client.cookies.clear()
        return await client.request("GET", "/oauth/userinfo", headers=headers)


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    """Write a token as it is, without the care of a library."""
    parts = [_b64u(json.dumps(each)) for each in (header, claims)]
    return ".".join([*parts, signature])


def _b64u(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
