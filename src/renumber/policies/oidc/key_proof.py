"""Proofs that an application holds a key (DPoP, RFC 9449), judged by what they say."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from renumber.policies.oidc.lifetimes import NONCE_FOR, PROOF_FOR, SKEW

LONGEST_ID = 256  # characters of a jti
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class SignedProof:
    """A proof whose signature holds: the claims, and the thumbprint (RFC 7638) of the key that stands in it."""

    jkt: str
    claims: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenCall:
    """The call that a proof must be made for: its method, its address, and the access token that comes with it."""

    method: str
    uri: str
    token: str = field(default="", repr=False)


def nonce_turns(now: datetime) -> tuple[int, int]:
    """Name the turn whose nonce is given out now, and the one before, whose nonce is still taken."""
    turn = int(now.timestamp() // NONCE_FOR.total_seconds())
    return turn, turn - 1


def is_made_for(proof: SignedProof, call: ProvenCall, now: datetime) -> bool:
    """Judge a proof (RFC 9449 4.3): for this call, for this token, young, and named so that it can be spent."""
    claims, jti, made_at = proof.claims, proof.claims.get("jti"), proof.claims.get("iat")
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_ID or not isinstance(made_at, int | float):
        return False
    is_young = (now - PROOF_FOR - SKEW).timestamp() < made_at <= (now + SKEW).timestamp()
    is_for_token = not call.token or claims.get("ath") == s256(call.token)
    is_for_call = claims.get("htm") == call.method and _normal(claims.get("htu")) == _normal(call.uri)
    return is_young and is_for_token and is_for_call


def s256(text: str) -> str:
    """The SHA-256 of a text, in base64url without padding."""
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _normal(uri: object) -> tuple[str, str, int | None, str] | None:
    """An address without query and fragment, as far as two spellings of it are the same (RFC 3986 6.2.2, 6.2.3)."""
    try:
        parts = urlsplit(uri if isinstance(uri, str) else "")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or _PORTS.get(parts.scheme), parts.path or "/"
