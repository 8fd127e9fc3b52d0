"""An e-mail address, which hides itself wherever it might be printed."""

import unicodedata
from dataclasses import dataclass

_ENCODED = "xn--"  # an A-label (RFC 5890 section 2.3.2.1)


@dataclass(frozen=True, slots=True, repr=False)
class EmailAddress:
    """An address as its owner writes it; `key` is the form in which it is looked up."""

    text: str

    @property
    def key(self) -> str:
        """The form for look-ups: case tells no mailboxes apart in practice, but ß and ss do."""
        return self.text.strip().lower()

    @property
    def masked(self) -> str:
        """The first letter and the domain as its owner reads it: enough to recognise one's own address."""
        local, _, domain = self.text.rpartition("@")
        return f"{local[:1]}…@{'.'.join(map(_readable, domain.split('.')))}"

    def __repr__(self) -> str:
        return "EmailAddress(…)"


def _readable(label: str) -> str:
    """Give the U-label of an A-label; one that isn't made of letters written from left to right stays encoded."""
    if not label.lower().startswith(_ENCODED):
        return label
    try:
        decoded = label.lower()[len(_ENCODED) :].encode().decode("punycode")
    except UnicodeError:
        return label
    is_usual = decoded == decoded.lower() and not decoded.isascii()
    return decoded if is_usual and all(_reads_on(each) for each in decoded) else label


def _reads_on(character: str) -> bool:
    is_of_a_word = unicodedata.category(character)[0] in "LMN" or character == "-"
    return is_of_a_word and unicodedata.bidirectional(character) not in ("R", "AL", "AN")
