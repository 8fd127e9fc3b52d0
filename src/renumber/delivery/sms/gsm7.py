"""The length of a text message: GSM 7-bit where it can be, UCS-2 where it must be (3GPP TS 23.038 §6.2.1)."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # each is sent after an escape, so it costs two septets
ALPHABET = BASIC | EXTENSION
SEPTETS, UCS2_UNITS = 160, 70


def fits_one_segment(text: str) -> bool:
    """Say whether a network carries a text as one message, and bills it as one."""
    if is_gsm7(text):
        return septets(text) <= SEPTETS
    return len(text.encode("utf-16-be")) // 2 <= UCS2_UNITS


def is_gsm7(text: str) -> bool:
    """Say whether every character of a text is in the default alphabet or its extension."""
    return ALPHABET.issuperset(text)


def septets(text: str) -> int:
    """Count the length of a text in the default alphabet."""
    return sum(2 if character in EXTENSION else 1 for character in text)


def into_gsm7(text: str) -> str:
    """Spell a text in the default alphabet as nearly as possible: one "Ł" would cut the room from 160 to 70."""
    return "".join(_nearest(character) for character in text)


def _nearest(character: str) -> str:
    if is_gsm7(character):
        return character
    plain = SPELLINGS.get(character) or unicodedata.normalize("NFKD", character)
    return "".join(part for part in plain if is_gsm7(part))


SPELLINGS = {
    **dict.fromkeys("’‘‚‛`´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—‑−", "-"),
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "ı": "i",
    "Œ": "OE",
    "œ": "oe",
    "ẞ": "SS",
    "\u00a0": " ",
}
