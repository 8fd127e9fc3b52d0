"""The first letter of the brand's name, which stands for the operator where there is no logo."""

import unicodedata

_JOINER = "\u200d"  # between the parts of one emoji
_KEPT_WITH = {"Mn", "Me", "Mc"}  # marks, the variation selectors among them
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)  # of flags within a country
_FIRST_SYLLABLE_PARTS, _OTHER_SYLLABLE_PARTS = range(0x1100, 0x1160), range(0x1160, 0x1200)  # Hangul


def initial_of(brand: str) -> str:
    """Choose the first letter or digit of the name, with its marks; else the first sign that can be seen."""
    shown = unicodedata.normalize("NFC", brand).strip()
    begins = next((at for at, sign in enumerate(shown) if sign.isalnum()), 0)
    first = _first_letter(shown[begins:])
    capital = first.upper()
    return capital if len(capital) == len(first) else first  # "ß" would become two letters


def _first_letter(text: str) -> str:
    """Take what people see as one letter (Unicode Standard Annex 29, but for scripts that no keyboard types)."""
    end = 1
    while end < len(text) and _belongs(text[:end], text[end]):
        end += 1
    return text[:end]


def _belongs(so_far: str, sign: str) -> bool:
    before, code = ord(so_far[-1]), ord(sign)
    if sign == _JOINER or so_far[-1] == _JOINER or code in _SKIN_TONES or code in _TAGS:
        return True
    if code in _FLAG_LETTERS:
        return before in _FLAG_LETTERS and len(so_far) == 1
    if code in _OTHER_SYLLABLE_PARTS:
        return before in _FIRST_SYLLABLE_PARTS or before in _OTHER_SYLLABLE_PARTS
    return unicodedata.category(sign) in _KEPT_WITH
