"""The signed assertion by which we prove to an identity provider who we are (private_key_jwt, RFC 7523)."""

import json
from collections.abc import Callable

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from renumber.flows.ports.services import Clock

HOLDS_FOR = 60  # seconds
BY_CURVE = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}


class ClientAssertions:
    """Signs an assertion for each question, with a private key in PEM or as a JSON Web Key."""

    def __init__(self, key: str, client_id: str, *, clock: Clock, new_id: Callable[[], str]) -> None:
        self._key = read_private_key(key)
        self._client_id, self._clock, self._new_id = client_id, clock, new_id

    def __call__(self, audience: str) -> str:
        """Sign one that is good for this audience, once and for a minute."""
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": audience,
            "jti": self._new_id(),
            "iat": now,
            "exp": now + HOLDS_FOR,
        }
        algorithm = algorithm_of(self._key)
        known = self._key.as_dict(private=False)
        header: dict[str, object] = {"alg": algorithm, "typ": "JWT"}
        header.update((name, known[name]) for name in ("kid", "x5t#S256") if name in known)
        return jwt.encode(header, claims, self._key, [algorithm])


def read_private_key(text: str) -> Key:
    """Read a private key; ValueError for what is none."""
    for kind in (RSAKey, ECKey, OKPKey):
        try:
            key = JWKRegistry.import_key(json.loads(text)) if text.startswith("{") else kind.import_key(text)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if key.is_private:
            key.ensure_kid()
            return key
    raise ValueError("no private key")


def algorithm_of(key: Key) -> str:
    """Choose the algorithm of a key: the one that it names, else the one that every provider takes."""
    if key.alg:
        return key.alg
    if isinstance(key, ECKey):
        return BY_CURVE[key.curve_name]
    return "RS256" if isinstance(key, RSAKey) else "EdDSA"
