"""The texts of the source language, as the pages show them."""

import re
from gettext import NullTranslations

_TORN_APART = re.compile(r"\b(\w)-(?=\w)")  # after which a line would end with "e-" or "6-"
# A name keeps the hyphen of the keyboard, by which people, documents and checks find it.
NAMES = frozenset(
    {
        "Confirm by e-mail",
        "Continue with a code by e-mail",
        "E-mail address",
        "E-mail code",
        "Send code by e-mail",
    }
)


class PageTexts(NullTranslations):
    """The English of templates and code, with a hyphen that does not break (U+2011) after a single letter.

    The catalogues of the other languages have it themselves. Text messages have none: it would double their price.
    """

    def gettext(self, message: str) -> str:
        """Give the text."""
        return unbroken(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Give the form for a number of things."""
        return unbroken(super().ngettext(msgid1, msgid2, n))


def unbroken(text: str) -> str:
    """Hold "e-mail" and "6-digit" together at the end of a line."""
    return text if text in NAMES else _TORN_APART.sub("\\1\u2011", text)
