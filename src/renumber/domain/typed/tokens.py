"""Tokens of links as they arrive: mail programs and people add to them, break them, and encode them once more."""

import re
from urllib.parse import unquote

LENGTH = 22  # characters: 128 bits in base64url (RFC 4648 section 5)
BROKEN = re.compile(
    r"=?[\s\u200b-\u200f\u2060\u00ad\ufeff]+"
)  # soft line breaks (RFC 2045 section 6.7), and the unseen
WHOLE = re.compile(rf"[^A-Za-z0-9_-]*([A-Za-z0-9_-]{{{LENGTH}}})(?![A-Za-z0-9])")
ENCODED_TIMES = 3


def token_in(given: str) -> str:
    """Read the token in the last part of a link's path; a text without one comes back as it is, and is unknown.

    A stop, brackets, quotes or another parameter behind it are no part of it. A letter or digit is: it was mistyped.
    """
    text = given
    for _ in range(ENCODED_TIMES):
        text = unquote(text)
    joined = BROKEN.sub("", text)
    found = WHOLE.match(joined) or WHOLE.match(joined.replace("=", ""))
    return found[1] if found else given
