"""Texts from outside, made harmless before they stand in a message."""

import re
import unicodedata
from collections.abc import Mapping

LONGEST = {"name": 60, "browser": 80, "ip": 45}
LINK = re.compile(r"[/@:\\]|\w{2,}\.\w{2,}")
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # line breaks forge headers and lines, bidi marks turn words around


def sanitized(params: Mapping[str, str]) -> dict[str, str]:
    """Make each text one line without invisible characters, and drop a name that a mail reader would make a link."""
    words = {key: _shortened(_one_line(value), LONGEST.get(key, 200)) for key, value in params.items()}
    if LINK.search(words.get("name", "")):
        words["name"] = ""
    return words


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    if not text.isprintable():  # as nearly all texts are, which is sooner said than looked up
        text = "".join(" " if unicodedata.category(character) in UNSEEN else character for character in text)
    return " ".join(text.split())
