"""Codes of an authenticator app: RFC 6238 with 30 seconds, 6 digits and SHA-1, which every app knows."""

import hmac
import struct
from base64 import b32encode
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha1
from urllib.parse import quote, urlencode

from renumber.domain.outcomes import Refusal, Step

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps to either side, for a clock that is late or early
KEY_BYTES = 20  # RFC 4226 section 4, R6


class Slot(StrEnum):
    """The place of a key: the one in use, or one that still has to be proven."""

    IN_USE = "in_use"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpKey:
    """The shared key of the account's authenticator app; `last_step` is the newest step that was accepted."""

    account_id: str
    slot: Slot
    key: bytes = field(repr=False)
    made_at: datetime
    last_step: int = -1
    last_used_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 0

    @property
    def text(self) -> str:
        """The key as a person types it, in groups of four."""
        plain = b32encode(self.key).decode().rstrip("=")
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    def uri(self, issuer: str, account: str) -> str:
        """The address in the QR code (Key Uri Format): the issuer twice and the same, and no colon in any part."""
        named, owner = _part(issuer), _part(account)
        label = f"{quote(named, safe='')}:{quote(owner, safe='@')}"
        query = urlencode({"secret": self.text.replace(" ", ""), "issuer": named}, quote_via=quote, safe="")
        return f"otpauth://totp/{label}?{query}"

    def check(self, given: str, now: datetime) -> Step["TotpKey"]:
        """Accept a code of this step or a neighbour, and no step twice or backwards (RFC 6238 section 5.2)."""
        current = int(now.timestamp()) // STEP
        steps = range(current - DRIFT, current + DRIFT + 1)
        fitting = [step for step in steps if hmac.compare_digest(given.encode(), code_at(self.key, step).encode())]
        if not fitting:
            return Step(self, refusal=Refusal.WRONG_CODE)
        fresh = [step for step in fitting if step > self.last_step]
        if not fresh:
            return Step(self, refusal=Refusal.CODE_USED)
        return Step(replace(self, last_step=fresh[0], last_used_at=now))

    def put_in_use(self, over: "TotpKey | None", now: datetime) -> "TotpKey":
        """Put a proven key in the place of the one before; it is as old as its proof."""
        return replace(self, slot=Slot.IN_USE, made_at=now, last_used_at=None, version=over.version if over else 0)

    def remove(self, now: datetime) -> "TotpKey":
        """Erase the key, and keep only the fact that it was there."""
        return replace(self, key=b"", removed_at=now)


def _part(text: str) -> str:
    """A part of a label: a colon would end it, in whatever way it is encoded."""
    return " ".join(text.replace(":", " ").split())


def code_at(key: bytes, step: int) -> str:
    """The six digits of one step (RFC 4226 section 5.3)."""
    digest = hmac.new(key, struct.pack(">Q", step), sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
