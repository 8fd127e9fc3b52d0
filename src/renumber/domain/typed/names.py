"""Names as people write them, in any script: one line, as Unicode has it, and without what turns other words around."""

import unicodedata
from collections.abc import Iterator

JOINERS = "\u200c\u200d"  # between letters they make a difference in many languages (UAX #31 section 2.3)
LINE_ENDS = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Embeddings, overrides and isolates (UAX #9).
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Format characters that can be seen.
NUMBER_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def is_harmful(name: str) -> bool:
    """True for a text with control characters, line ends, or characters that change the direction of what follows."""
    return any(unicodedata.category(each) in LINE_ENDS or each in TURNING for each in name)


def tidied(name: str) -> str:
    """Write a name in NFC and on one line: any spaces are one, joiners stay behind what they join, the unseen goes."""
    text = unicodedata.normalize("NFC", "".join(_visible(name)))
    return " ".join(text.split()).strip(JOINERS)


def shortened(name: str, most: int) -> str:
    """Tidy a name, and leave it at so many characters."""
    return tidied(name)[:most].rstrip(f" {JOINERS}")


def _visible(name: str) -> Iterator[str]:
    before = " "
    for each in name:
        category = unicodedata.category(each)
        if category[0] == "Z" or category == "Cc":
            yield " "
        elif each in JOINERS and (before.isspace() or before in JOINERS):
            continue
        elif category not in ("Cf", "Cs") or each in JOINERS or each in NUMBER_SIGNS:
            yield each
        before = each


def is_seen(name: str) -> bool:
    """True if there is more to a name than marks and spaces."""
    return any(unicodedata.category(each)[0] not in "MZC" for each in name)


def isolated(name: str) -> str:
    """Set a name apart in plain text, where it would else turn the words beside it around, or sit on one of them.

    That is a name with letters written from right to left, or one that begins with a mark (UAX #9 section 2.4).
    """
    turns = any(unicodedata.bidirectional(each) in ("R", "AL", "AN") for each in name)
    if not name or not (turns or unicodedata.category(name[0])[0] == "M"):
        return name
    return f"{FIRST_STRONG_ISOLATE}{name}{POP_ISOLATE}"
