"""Addresses that were copied from a mail, a page or a list, with all that stands around them there."""

import re
import unicodedata
from urllib.parse import unquote

LONGEST = 1000  # characters
TURNS = 4  # of taking off: quotation marks around brackets around `mailto:`
_AT_SIGNS = str.maketrans("\uff20\ufe6b", "@@")
_NAMED = re.compile(r"(?P<name>[^<>]*)[<\uff1c\u2039](?P<address>[^<>\uff1e\u203a]*)[>\uff1e\u203a]")
_MAILTO = re.compile(r"mailto:(?P<address>[^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_PAIRS = ('""', "''", "``", "()", "[]", "“”", "„“", "‘’", "‚‘", "«»", "»«", "‹›")  # noqa: RUF001 - quotation marks are its subject
_ENDS = ".,;:"
_KEPT = "\u200c\u200d"  # joiners, which words of some scripts need


def unwrapped(pasted: str) -> str:
    """Give the address within, without brackets, name, `mailto:`, quotation marks, a final stop and what is invisible.

    Where two addresses stand, none is given: it would be a guess which of the mailboxes is meant.
    """
    if len(pasted) > LONGEST:
        return ""
    found = _at_sign_in_ascii("".join(sign for sign in pasted if _is_visible(sign)))
    for _ in range(TURNS):
        before, found = found, _one_layer(found.strip())
        if found == before:
            break
    return found if found.count("@") == 1 else ""


def _is_visible(sign: str) -> bool:
    return sign in _KEPT or unicodedata.category(sign) != "Cf"


def _at_sign_in_ascii(text: str) -> str:
    """Read a full-width @; beside it all is typed by the same keyboard, so that letters are meant as those of ASCII."""
    if "\uff20" not in text:
        return text.translate(_AT_SIGNS)
    return "".join(unicodedata.normalize("NFKC", sign) if "\uff01" <= sign <= "\uff5e" else sign for sign in text)


def _one_layer(text: str) -> str:
    if mailto := _MAILTO.fullmatch(text):
        return unquote(mailto["address"])  # what is no UTF-8 becomes a sign that no address has
    if named := _NAMED.fullmatch(text):
        name, address = named["name"], named["address"]
        return address if "@" not in name or name.strip(" \"'").lower() == address.lower() else ""
    if len(text) > 1 and text[0] + text[-1] in _PAIRS:
        return text[1:-1]
    return text[:-1] if text.endswith(tuple(_ENDS)) else text
