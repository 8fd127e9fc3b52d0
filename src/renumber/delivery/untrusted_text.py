"""Texts from outside, made harmless before they stand in a message."""

import re
import unicodedata
from collections.abc import Mapping

from renumber.domain.typed.names import JOINERS

LONGEST = {"name": 60, "browser": 80, "ip": 45}
MOST = 200
LINK = re.compile(r"[/@:\\]|\w{2,}\.\w{2,}")
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # line breaks forge headers and lines, bidi marks turn words around


def sanitized(params: Mapping[str, str]) -> dict[str, str]:
    """Make each text one line without invisible characters, and drop a name that a mail reader would make a link."""
    words = {key: one_line(value, LONGEST.get(key, MOST)) for key, value in params.items()}
    if LINK.search(words.get("name", "")):
        words["name"] = ""
    return words


def one_line(text: str, width: int = MOST) -> str:
    """Make a text one line without invisible characters, of at most so many."""
    if not text.isprintable():  # as nearly all texts are, which is sooner said than looked up
        text = "".join(" " if _is_unseen(character) else character for character in text)
    words = " ".join(text.split())
    return words if len(words) <= width else words[: width - 1].rstrip() + "…"


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in UNSEEN and character not in JOINERS
