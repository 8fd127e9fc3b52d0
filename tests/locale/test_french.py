"""French has a space at its marks, and no line ends there."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from tests.delivery.builders import MAILED, TEXTED, a_mail, a_message, a_text, an_sms
from tests.web.specimens import SPECIMENS, rendered

KEPT = "\u00a0\u202f"
BARE = re.compile(rf"(?:^|[^{KEPT}])[:;!?»](?=\s|$)|«(?![{KEPT}])")
IN_ENGLISH = {"api.html"}  # for programmers, and marked as such
SPOKEN = {"aria-label", "alt", "title"}


class Said(HTMLParser):
    """Collects what a page says: its texts, its names for screen readers, and the words that its scripts show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        said = [value for name, value in attrs if value and (name in SPOKEN or name.startswith("data-"))]
        self.texts += [value for value in said if " " in value or any(mark in value for mark in KEPT)]

    def handle_data(self, data: str) -> None:
        if self._within in ("wbr", "bdi"):  # an address that may break there, a name
            self.texts[-1] += data
        elif self._within != "style":
            self.texts.append(data)


def without_space(texts: Iterable[str]) -> list[str]:
    """The lines in which a mark has no space of its own; the address of a link has none."""
    lines = [line for text in texts for line in text.splitlines()]
    return [line for line in lines if BARE.search(re.sub(r"\S*//\S*", "", line))]


def test_every_mark_of_a_page_has_its_space_which_does_not_break() -> None:
    french = [specimen for specimen in SPECIMENS if specimen[0] not in IN_ENGLISH]
    said = {specimen: without_space(Said(rendered(specimen, "fr")).texts) for specimen in french}

    assert {name: lines for name, lines in said.items() if lines} == {}


def test_every_mark_of_a_mail_has_its_space_which_does_not_break() -> None:
    mails = {notice: a_mail(a_message(notice, locale="fr")) for notice in MAILED}

    said = {notice: without_space([mail.subject, mail.text, *Said(mail.html).texts]) for notice, mail in mails.items()}

    assert {notice: lines for notice, lines in said.items() if lines} == {}


def test_a_text_message_has_none_since_each_would_double_its_price() -> None:
    assert not [notice for notice in TEXTED if set(KEPT) & set(an_sms(a_text(notice, "fr")).text)]
