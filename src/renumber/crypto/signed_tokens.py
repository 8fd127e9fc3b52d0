"""Signed tokens: ID tokens under keys that take turns, and what applications have signed (RFC 7515, 7519)."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeyParameters, KeySet, RSAKey

from renumber.flows.ports.services import Clock

IN_USE_FOR = timedelta(days=90)  # each key; the one after it is published as long before
GENERATION = "id_token.generation"
LOOKED_AT_MOST_EVERY = 1.0  # seconds
RSA_BITS = 2048
ALGORITHMS = ("RS256", "ES256")
TAKEN = ("RS256", "PS256", "ES256", "EdDSA")  # of applications: none that a public key could verify by mistake
ID_TOKEN = "JWT"  # noqa: S105 - a type
MALFORMED = (JoseError, ValueError, TypeError, KeyError, RecursionError)


class Kept(Protocol):
    """The store of the installation's own keys, sealed."""

    async def first_kept(self, name: str, fresh: str) -> str:
        """Give the secret of this name, which is `fresh` if there was none: all processes get the same."""

    async def find(self, name: str) -> str | None:
        """Give the secret of this name, if there is one."""


class Replaceable(Protocol):
    """The same store, for whoever replaces what is kept there."""

    async def replace(self, name: str, secret: str) -> None:
        """Keep a secret in the place of the one of this name."""


class SignedTokens:
    """The SignedTokens port.

    Keys are named by the turn that they are for, so that all processes agree on the one in use without a word. The next
    one is published a whole turn ahead, when every cache has it, and the last one for a turn after. All of them are of
    one generation: once that is replaced, after a theft, those before it sign nothing and are believed nowhere.
    """

    def __init__(self, kept: Kept, clock: Clock, ticks: Callable[[], float] = time.monotonic) -> None:
        self._kept, self._clock, self._ticks = kept, clock, ticks
        self._keys: dict[str, Key] = {}
        self._generation, self._looked_at = "", float("-inf")

    async def sign(self, claims: Mapping[str, Any], algorithm: str, *, kind: str = ID_TOKEN) -> str:
        """Sign claims with the key in use for an algorithm; `kind` is the `typ` of the token (RFC 8725 3.11)."""
        await self._look()
        key = await self._key(algorithm, self._turn)
        return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": kind}, dict(claims), key, [algorithm])

    async def read(self, token: str) -> Mapping[str, Any] | None:
        """Read the claims of an ID token that we have signed, whatever its age; None for any other.

        A logout token is none: it names the same person and application, and would pass for one.
        """
        return _decoded(token, KeySet(await self._all()), ALGORITHMS, kind=ID_TOKEN)

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

    async def _look(self) -> None:
        """Look, at most once a second, whether the generation was replaced; whoever comes meanwhile looks as well."""
        if self._ticks() - self._looked_at >= LOOKED_AT_MOST_EVERY:
            self._generation = await self._kept.find(GENERATION) or ""
            self._looked_at = self._ticks()

    async def _all(self) -> list[Key]:
        await self._look()
        keys = [await self._key(algorithm, self._turn + ahead) for algorithm in ALGORITHMS for ahead in (0, 1)]
        before = [await self._find(algorithm, self._turn - 1) for algorithm in ALGORITHMS]
        return [*keys, *(key for key in before if key)]

    async def _key(self, algorithm: str, turn: int) -> Key:
        found = await self._find(algorithm, turn)
        if found:
            return found
        fresh = await asyncio.to_thread(generated, algorithm)
        name = key_name(algorithm, turn, self._generation)
        return self._keep(name, algorithm, await self._kept.first_kept(name, fresh))

    async def _find(self, algorithm: str, turn: int) -> Key | None:
        name = key_name(algorithm, turn, self._generation)
        if name in self._keys:
            return self._keys[name]
        secret = await self._kept.find(name)
        return self._keep(name, algorithm, secret) if secret else None

    def _keep(self, name: str, algorithm: str, secret: str) -> Key:
        kind = RSAKey if algorithm.startswith("RS") else ECKey
        about: KeyParameters = {"alg": algorithm, "use": "sig"}
        key = kind.import_key(json.loads(secret), about)  # once: whether its numbers are primes is checked each time
        key.ensure_kid()
        self._keys[name] = key
        return key


def key_name(algorithm: str, turn: int, generation: str = "") -> str:
    """Name the key of a turn in the store; those of the first generation go without its name."""
    return ".".join(part for part in ("id_token", algorithm, generation, str(turn)) if part)


async def replace_signing_keys(kept: Replaceable) -> None:
    """Let every process make other keys from now on, and believe none from before: within a second, without a restart.

    The next one goes too, since whoever has read one key could read that as well.
    """
    await kept.replace(GENERATION, token_hex(8))


def generated(algorithm: str) -> str:
    """Make a key, as it is kept: the JSON of a private JWK (RFC 7517)."""
    key = RSAKey.generate_key(RSA_BITS) if algorithm.startswith("RS") else ECKey.generate_key("P-256")
    return json.dumps(key.as_dict(private=True))


def _decoded(
    token: str, keys: KeySet, algorithms: tuple[str, ...], *, kind: str | None = None
) -> Mapping[str, Any] | None:
    """Verify with the one key that the token names, by the algorithm that this key is for."""
    try:
        found = jwt.decode(token, keys, algorithms)
    except MALFORMED:
        return None
    return found.claims if kind in (None, found.header.get("typ")) else None
