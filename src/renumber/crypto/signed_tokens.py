"""Signed tokens: ID tokens under keys that take turns, and what applications have signed (RFC 7515, 7519)."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeyParameters, KeySet, RSAKey

from renumber.flows.ports.services import Clock

IN_USE_FOR = timedelta(days=90)  # each key; the one after it is published as long before
RSA_BITS = 2048
ALGORITHMS = ("RS256", "ES256")
TAKEN = ("RS256", "PS256", "ES256", "EdDSA")  # of applications: none that a public key could verify by mistake
TYP = "JWT"
MALFORMED = (JoseError, ValueError, TypeError, KeyError, RecursionError)


class Kept(Protocol):
    """The store of the installation's own keys, sealed."""

    async def first_kept(self, name: str, fresh: str) -> str:
        """Give the secret of this name, which is `fresh` if there was none: all processes get the same."""

    async def find(self, name: str) -> str | None:
        """Give the secret of this name, if there is one."""


class SignedTokens:
    """The SignedTokens port.

    Keys are named by the turn that they are for, so that all processes agree on the one in use without a word. The next
    one is published a whole turn ahead, when every cache has it, and the last one for a turn after.
    """

    def __init__(self, kept: Kept, clock: Clock) -> None:
        self._kept, self._clock = kept, clock
        self._keys: dict[str, Key] = {}

    async def sign(self, claims: Mapping[str, Any], algorithm: str, *, typ: str = TYP) -> str:
        """Sign claims with the key in use for an algorithm; `typ` is the media type of the token (RFC 8725 3.11)."""
        key = await self._key(algorithm, self._turn)
        return jwt.encode({"typ": typ, "alg": algorithm, "kid": key.kid}, dict(claims), key, [algorithm])

    async def read(self, token: str) -> Mapping[str, Any] | None:
        """Read the claims of an ID token that we have signed, whatever its age; None for any other."""
        return _decoded(token, KeySet(await self._all()), ALGORITHMS, typ=TYP)

    async def published(self) -> Mapping[str, Any]:
        """Give the public keys as a JWK Set (RFC 7517 5)."""
        return KeySet(await self._all()).as_dict(private=False)

    def verified(self, token: str, jwks: str) -> Mapping[str, Any] | None:
        """Read the claims of a token that one of these public keys has signed; None for any other."""
        try:
            keys = KeySet.import_key_set(json.loads(jwks))
        except MALFORMED:
            return None
        return _decoded(token, keys, TAKEN)

    @property
    def _turn(self) -> int:
        return int(self._clock.now().timestamp() // IN_USE_FOR.total_seconds())

    async def _all(self) -> list[Key]:
        keys = [await self._key(algorithm, self._turn + ahead) for algorithm in ALGORITHMS for ahead in (0, 1)]
        before = [await self._find(algorithm, self._turn - 1) for algorithm in ALGORITHMS]
        return [*keys, *(key for key in before if key)]

    async def _key(self, algorithm: str, turn: int) -> Key:
        found = await self._find(algorithm, turn)
        if found:
            return found
        fresh = await asyncio.to_thread(generated, algorithm)
        name = key_name(algorithm, turn)
        return self._keep(name, algorithm, await self._kept.first_kept(name, fresh))

    async def _find(self, algorithm: str, turn: int) -> Key | None:
        name = key_name(algorithm, turn)
        if name in self._keys:
            return self._keys[name]
        secret = await self._kept.find(name)
        return self._keep(name, algorithm, secret) if secret else None

    def _keep(self, name: str, algorithm: str, secret: str) -> Key:
        kind = RSAKey if algorithm.startswith("RS") else ECKey
        private = json.loads(secret)
        about: KeyParameters = {"alg": algorithm, "use": "sig", "kid": kind.import_key(private).thumbprint()}
        key = kind.import_key(private, about)
        self._keys[name] = key
        return key


def key_name(algorithm: str, turn: int) -> str:
    """Name the key of a turn in the store."""
    return f"id_token.{algorithm}.{turn}"


def generated(algorithm: str) -> str:
    """Make a key, as it is kept: the JSON of a private JWK (RFC 7517)."""
    key = RSAKey.generate_key(RSA_BITS) if algorithm.startswith("RS") else ECKey.generate_key("P-256")
    return json.dumps(key.as_dict(private=True))


def _decoded(
    token: str, keys: KeySet, algorithms: tuple[str, ...], *, typ: str | None = None
) -> Mapping[str, Any] | None:
    """Verify with the one key that the token names, by the algorithm that this key is for."""
    try:
        decoded = jwt.decode(token, keys, algorithms)
    except MALFORMED:
        return None
    return decoded.claims if typ in (None, decoded.header.get("typ")) else None
