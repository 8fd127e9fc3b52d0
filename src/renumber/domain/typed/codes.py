"""Codes as people type and paste them: in digits of any script, with whatever stands around them.

The browser reads them by the same rule (`web/static/digits.js`); a test holds the two equal.
"""

import re
import unicodedata
from collections.abc import Iterator

MOST = 1024  # characters that are looked at: a whole text message, and more
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # fillers that Unicode counts as letters
RUN = re.compile(r"[0-9]+(?:[ -][0-9]+)*")
PART = re.compile(r"[0-9]+")
BOUND = re.compile(
    r"#([0-9]+)[^0-9A-Za-z]*\Z"
)  # the last line of a text message: https://wicg.github.io/sms-one-time-codes/


def digits_in(typed: str, *lengths: int) -> str:
    """Read the code of one of these lengths in ASCII digits: alone, or the only one in a message that was pasted.

    Nothing comes back where no code of these lengths was typed, or two that differ.
    """
    text = plain(typed)
    alone = "".join(each for each in text if each.isalnum())
    if alone.isascii() and alone.isdigit() and len(alone) in lengths:
        return alone
    bound = BOUND.search(text)
    if bound and len(bound[1]) in lengths:
        return bound[1]
    found = {each for each in _codes(text) if len(each) in lengths}
    return found.pop() if len(found) == 1 else ""


def _codes(text: str) -> Iterator[str]:
    """All that may be a code: digits beside each other, and those of one run of groups."""
    for run in RUN.findall(text):
        yield from PART.findall(run)
        yield "".join(PART.findall(run))


def plain(typed: str) -> str:
    """Spell decimal digits (Unicode Nd) as 0 to 9, spaces and dashes as one of each; what can't be seen goes."""
    return "".join(_plain(each) for each in typed[:MOST])


def _plain(character: str) -> str:
    decimal, category = unicodedata.decimal(character, None), unicodedata.category(character)
    if decimal is not None:
        return str(decimal)
    if category in ("Cf", "Mn", "Me", "Mc") or character in INVISIBLE_LETTERS:
        return ""
    if category == "Pd" or character in "\u2212\u02d7":
        return "-"
    return " " if category[0] in "ZC" else character
