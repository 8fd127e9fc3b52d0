"""Refresh tokens, derived from their grant and generation: each old one is known without a row of its own."""

import hmac
from base64 import b32encode

from renumber.domain.oidc.grant import Grant
from renumber.domain.session import Ticket
from renumber.flows.ports.services import KeyedHash, Secrets

COUNTED_BY = 6  # hexadecimal digits, before 130 bits in base32
MOST = 16**COUNTED_BY - 1
_PROVEN_BY = 26


def refresh_token(secrets: Secrets, grant: Grant) -> Ticket:
    """Derive the refresh token of a grant's present generation."""
    [present, _] = _derived(secrets, grant, grant.generation)
    return Ticket(grant.account_id, grant.grant_id, present)


def generation_of(secrets: Secrets, grant: Grant, shown: str) -> int:
    """Tell of which generation of a grant a refresh token is; 0 for one that was not made here."""
    counted = shown[:COUNTED_BY]
    generation = int(counted, 16) if all(digit in "0123456789abcdef" for digit in counted) else 0
    return generation if any(_same(shown, each) for each in _derived(secrets, grant, generation)) else 0


def _derived(secrets: Secrets, grant: Grant, generation: int) -> list[str]:
    """The token under the current key and under the one before it."""
    about = f"{grant.account_id}.{grant.grant_id}.{generation}"
    hashes = secrets.fingerprints(KeyedHash.REFRESH_TOKEN, about)
    return [f"{generation:0{COUNTED_BY}x}{b32encode(each).decode()[:_PROVEN_BY].lower()}" for each in hashes]


def _same(shown: str, derived: str) -> bool:
    return hmac.compare_digest(shown.encode(), derived.encode())
