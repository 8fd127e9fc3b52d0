"""No text of a page is left without its German, and every refusal has a sentence."""

import re
from dataclasses import replace
from datetime import timedelta
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from renumber.domain.outcomes import Refusal
from renumber.locale.catalogues import FOLDER
from renumber.web import refusal_texts
from renumber.web.formats import values
from renumber.web.refusal_texts import ALONE, Circumstances, refusal_text
from renumber.web.templating import TEMPLATE_FOLDER
from tests.web.specimens import BERLIN, LANGUAGES, NOW, TEMPLATES

MessageId = str | tuple[str, str]

CATALOGUES = sorted(FOLDER.glob("*/pages.po"))
NAMES = {
    "E-Mail-Adresse",
    "E-Mail bestätigen",
    "Code per E-Mail",
    "Code per E-Mail senden",
    "Weiter mit einem Code per E-Mail",
}
IN_CODE: set[MessageId] = {"Unknown browser", "%(browser)s on %(system)s", *values.PATTERNS}  # web/formats/values.py

every_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.name)
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_refusal = pytest.mark.parametrize("refusal", list(Refusal))


def texts_of_templates() -> set[MessageId]:
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    found: set[MessageId] = set()
    for path in filter(Path.is_file, TEMPLATE_FOLDER.rglob("*")):
        with path.open("rb") as file:
            for _, function, message, _ in babel_extract(file, ("_", "ngettext"), [], options):
                words = [message] if isinstance(message, str) else [word for word in message or () if word]
                found.add((words[0], words[1]) if function == "ngettext" else words[0])
    return found


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def circumstances(language: str, tries_left: int | None = 3, *, wait: bool = True) -> Circumstances:
    open_at = NOW + timedelta(minutes=4) if wait else None
    return Circumstances(now=NOW, zone=BERLIN, language=language, tries_left=tries_left, open_at=open_at)


@every_catalogue
def test_every_text_is_translated_and_none_is_left_over(path: Path) -> None:
    translated = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(read(path))}

    assert translated == texts_of_templates() | refusal_texts.message_ids() | IN_CODE


@every_catalogue
def test_no_translation_is_empty_or_fuzzy_and_all_keep_their_placeholders(path: Path) -> None:
    catalogue = read(path)

    for message in messages(catalogue):
        assert not message.fuzzy, message.id
        assert all(message.string if isinstance(message.string, tuple) else [message.string]), message.id
        assert not list(message.check(catalogue)), message.id


@every_catalogue
def test_no_line_of_a_sentence_ends_after_the_e_of_e_mail(path: Path) -> None:
    """A name keeps the hyphen of the keyboard, by which people and checks find it; a sentence has U+2011."""
    for message in messages(read(path)):
        for text in [message.string] if isinstance(message.string, str) else message.string or ():
            assert text in NAMES or not re.search(r"\b\w-\w", text), text


@every_refusal
@every_language
def test_every_refusal_has_a_sentence_in_every_language(refusal: Refusal, language: str) -> None:
    for about in (circumstances(language), circumstances(language, 1, wait=False)):
        sentence = refusal_text(refusal, TEMPLATES.translations[language], about)

        assert sentence.endswith((".", "!"))
        assert "%" not in sentence
        assert "None" not in sentence


@pytest.mark.parametrize(
    ("refusal", "german", "english"),
    [
        (
            Refusal.WRONG_CODE,
            "Dieser Code stimmt nicht. Noch 3 Versuche.",
            "That code isn't right. 3 tries left.",
        ),
        (
            Refusal.CODE_EXPIRED_NEW_ONE_SENT,
            "Dieser Code ist abgelaufen. Wir haben Ihnen gerade einen neuen geschickt.",
            "That code has expired. We've just sent you a new one.",
        ),
        (
            Refusal.TOO_MANY_WRONG_CODES,
            (
                "Zu viele falsche Codes. Ab 14:36\u00a0Uhr können Sie einen neuen anfordern "
                "oder jetzt eine andere Methode wählen."
            ),
            "Too many wrong codes. You can ask for a new one at 14:36, or try another method now.",
        ),
        (
            Refusal.NUMBER_NOT_MOBILE,
            "An diese Nummer können wir keine SMS schicken. Bitte geben Sie eine Mobilnummer ein.",
            "We can't send a text to this number. Please enter a mobile number.",
        ),
    ],
)
def test_the_sentences_that_were_agreed_are_said_word_for_word(refusal: Refusal, german: str, english: str) -> None:
    assert refusal_text(refusal, TEMPLATES.translations["de"], circumstances("de")) == german
    assert refusal_text(refusal, TEMPLATES.translations["en"], circumstances("en")) == english


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("refusal", ALONE)
def test_another_method_is_not_named_where_there_is_none(refusal: Refusal, *, wait: bool) -> None:
    with_another = circumstances("en", wait=wait)

    alone = refusal_text(refusal, TEMPLATES.translations["en"], replace(with_another, has_other=False))

    assert "another" not in alone
    assert "choose" not in alone


def test_a_number_that_is_too_short_is_told_with_an_example() -> None:
    about = Circumstances(now=NOW, zone=BERLIN, language="de", country="Deutschland", example="01512 3456789")

    assert (
        refusal_text(Refusal.NUMBER_TOO_SHORT, TEMPLATES.translations["de"], about)
        == "Der Nummer fehlen Ziffern. Für Deutschland sieht sie etwa so aus: 01512 3456789"
    )


def test_one_try_left_is_said_in_the_singular() -> None:
    assert refusal_text(Refusal.WRONG_CODE, TEMPLATES.translations["de"], circumstances("de", 1)).endswith(
        "Noch 1 Versuch."
    )
    assert refusal_text(Refusal.WRONG_CODE, TEMPLATES.translations["en"], circumstances("en", 1)).endswith(
        "1 try left."
    )


def test_a_time_that_has_passed_is_not_given_as_a_time_to_wait_for() -> None:
    about = Circumstances(now=NOW, zone=BERLIN, language="en", open_at=NOW)

    assert refusal_text(Refusal.SEND_TOO_SOON, NullTranslations(), about).endswith("before you ask again.")
