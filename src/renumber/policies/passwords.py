"""The passwords that may be chosen: long enough and not common; no rules of composition (NIST 800-63B-4 §3.1.1.2)."""

import re
import unicodedata
from enum import StrEnum

from renumber.policies.common_passwords import is_common

_SHORTEST_OWN_WORD = 4


class PasswordProblem(StrEnum):
    """The reason why a password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"


def judge(password: str, *, minimum: int, maximum: int, context: tuple[str, ...] = ()) -> PasswordProblem | None:
    """Say what is wrong with a new password; `context` is what an attacker knows: address, name, brand."""
    normal = unicodedata.normalize("NFKC", password)
    if len(normal) < minimum:
        return PasswordProblem.TOO_SHORT
    if len(normal) > maximum:
        return PasswordProblem.TOO_LONG
    if is_common(normal) or _is_mostly_own(normal, minimum, context):
        return PasswordProblem.TOO_COMMON
    return None


def _is_mostly_own(password: str, minimum: int, context: tuple[str, ...]) -> bool:
    """True if too little is left without the person's own words: such a password is one guess and a few digits."""
    rest = whole = password.casefold()
    for word in sorted(_own_words(context), key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != whole and len(rest) < minimum


def _own_words(context: tuple[str, ...]) -> set[str]:
    known = [unicodedata.normalize("NFKC", text).casefold() for text in context]
    pieces = [piece for text in known for piece in (text, *text.split("@"), *re.split(r"[\W_]+", text))]
    return {piece for piece in pieces if len(piece) >= _SHORTEST_OWN_WORD}
