"""Recovery codes: a set of ten on paper, each good for one sign-in (NIST SP 800-63B-4 section 4.2.1.1)."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from unicodedata import normalize

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.typed.codes import MOST, plain

COUNT = 10
LETTERS = "34679CDFHJKMNPQRTVWXY"  # none looks like another, and without vowels none makes a word
LENGTH = 16  # of 21 letters: 70 bits, of at least 64
GROUP = 4
FEW = 3  # when the owner is told to make new ones
IN_USE = "in_use"
PART = rf"[{LETTERS}]{{{GROUP}}}"
WITHIN = re.compile(rf"(?<![^\W_]){PART}(?:[ -]?{PART}){{{LENGTH // GROUP - 1}}}(?![^\W_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodes:
    """The account's codes as they are kept: a salted digest of each that wasn't used yet."""

    account_id: str
    salt: bytes = field(repr=False)
    digests: tuple[bytes, ...] = field(repr=False)
    made_at: datetime
    last_used_at: datetime | None = None
    slot: str = IN_USE
    version: int = 0

    @property
    def left(self) -> int:
        """The number of codes that can still be used."""
        return len(self.digests)

    def use(self, given: str, now: datetime) -> Step["RecoveryCodes"]:
        """Accept a code and forget it, so that it works once."""
        digest = _digest(self.salt, code_in(given))
        kept = tuple(one for one in self.digests if not hmac.compare_digest(one, digest))
        if len(kept) == self.left:
            return Step(self, refusal=Refusal.WRONG_CODE)
        return Step(replace(self, digests=kept, last_used_at=now), (Fact.RECOVERY_CODE_USED,))

    def remove(self) -> "RecoveryCodes":
        """Erase all digests, and keep only the fact that there were codes."""
        return replace(self, salt=b"", digests=())


def make_codes(random: Sequence[str]) -> list[str]:
    """Spell codes from random ids of 32 hexadecimal digits, of which the remainder is uniform to one part in 2^57."""
    return [_spelled(int(one, 16) % len(LETTERS) ** LENGTH) for one in random]


def _spelled(number: int) -> str:
    letters = [LETTERS[number // len(LETTERS) ** at % len(LETTERS)] for at in range(LENGTH)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def keep_codes(
    account_id: str, codes: Sequence[str], salt: bytes, *, over: RecoveryCodes | None, now: datetime
) -> RecoveryCodes:
    """Hash new codes into a set that replaces the one before."""
    digests = tuple(_digest(salt, code) for code in codes)
    return RecoveryCodes(
        account_id=account_id, salt=salt, digests=digests, made_at=now, version=over.version if over else 0
    )


def _digest(salt: bytes, code: str) -> bytes:
    return sha256(salt + code.replace("-", "").encode()).digest()


def code_in(typed: str) -> str:
    """Read a code as somebody typed or pasted it: alone, or the only one on a line of a list.

    Case, width, dashes and spaces don't matter; nothing comes back where none was typed, or two.
    """
    text = plain(normalize("NFKC", typed[:MOST])).upper()
    alone = "".join(letter for letter in text if letter.isalnum())
    if len(alone) == LENGTH:
        return alone
    found = {re.sub("[ -]", "", each) for each in WITHIN.findall(text)}
    return found.pop() if len(found) == 1 else ""
