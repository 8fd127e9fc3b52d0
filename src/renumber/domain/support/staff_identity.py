"""Somebody of staff as the company's identity provider knows them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

SLOT = "identity"
"""The place of an account's one identity among its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffIdentity:
    """The person at the provider to whom an account of staff belongs, and the keyed hash of their e-mail address.

    The account has neither password nor factor, and no sign-in but the provider's leads to it.
    """

    account_id: str
    identity_key: bytes = field(repr=False)
    email_key: bytes = field(repr=False)
    issuer: str
    signed_in_at: datetime
    slot: str = SLOT
    version: int = 0


def identity_key(issuer: str, subject: str) -> bytes:
    """Name a person at a provider by one value; a subject means nothing without its issuer (OpenID Connect Core 2)."""
    return hashlib.sha256(f"{issuer}\x1f{subject}".encode()).digest()
