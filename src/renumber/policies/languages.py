"""The language of a person, as other systems write it down."""

import re
from collections.abc import Sequence

_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*(?:[.@][A-Za-z0-9-]+)*", re.ASCII)


def is_language_tag(given: str) -> bool:
    """Say whether a text is shaped like `de`, `de-DE`, `en_US` or `fr_FR.UTF-8` (RFC 5646 §2.1, POSIX)."""
    return _TAG.fullmatch(given) is not None


def spoken(given: str, offered: Sequence[str]) -> str | None:
    """Find the offered language that a tag asks for: the same, else the one without its last part (RFC 4647 §3.4)."""
    subtags = re.split(r"[.@]", given)[0].replace("_", "-").lower().split("-")
    by_tag = {language.lower(): language for language in offered}
    tried = ("-".join(subtags[:length]) for length in range(len(subtags), 0, -1))
    return next((by_tag[tag] for tag in tried if tag in by_tag), None)
