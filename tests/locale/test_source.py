"""No line of an English page ends after the "e" of "e-mail": the hyphen is one that does not break."""

import re

from renumber.locale import MAILS, PAGES, translations
from renumber.locale.source import NAMES

ALONE = re.compile(r"\b\w-\w")


def test_a_sentence_of_a_page_has_a_hyphen_that_does_not_break() -> None:
    words = translations("en", PAGES)

    assert words.gettext("Check your e-mail") == "Check your e\u2011mail"
    assert words.gettext("Enter the 6-digit code.") == "Enter the 6\u2011digit code."
    assert words.ngettext("%(num)s e-mail", "%(num)s e-mails", 2) == "%(num)s e\u2011mails"


def test_a_name_that_people_and_checks_look_for_keeps_the_hyphen_of_the_keyboard() -> None:
    words = translations("en", PAGES)

    assert all(words.gettext(name) == name and ALONE.search(name) for name in NAMES)


def test_a_longer_word_may_end_its_line_at_its_hyphen() -> None:
    assert translations("en", PAGES).gettext("Latest sign-ins") == "Latest sign-ins"


def test_a_language_that_lacks_a_text_shows_the_english_in_the_same_way() -> None:
    assert (
        translations("de", PAGES).gettext("An e-mail nobody has translated") == "An e\u2011mail nobody has translated"
    )


def test_a_text_message_has_none_since_it_would_double_its_price() -> None:
    assert translations("en", MAILS).gettext("An e-mail") == "An e-mail"
