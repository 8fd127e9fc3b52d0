"""Every text of a mail or a text message is there in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import renumber
from renumber.locale import SHIPPED

PACKAGE = Path(renumber.__file__).parent
CATALOGUES = sorted(PACKAGE.glob("locale/*/mails.po"))
OPTIONS = {"**.j2": {"newstyle_gettext": "true", "trimmed": "true"}}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
every_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.name)


def said_in_the_room() -> set[str]:
    found = extract_from_dir(str(PACKAGE / "delivery"), [("**.py", "python"), ("**.j2", "jinja2")], options_map=OPTIONS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def translations(path: Path) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(_forms(message.id), _forms(message.string)) for message in catalogue(path) if message.id]


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_german_and_english_are_there() -> None:
    assert set(SHIPPED) >= {"de", "en"}
    assert len(said_in_the_room()) > 80


@every_catalogue
def test_no_text_is_missing_and_none_is_left_over(path: Path) -> None:
    translated = {ids[0] for ids, _ in translations(path)}

    assert translated == said_in_the_room()


@every_catalogue
def test_no_text_is_empty_or_fuzzy(path: Path) -> None:
    assert not [ids[0] for ids, strings in translations(path) if not all(strings)]
    assert not [message.id for message in catalogue(path) if message.id and message.fuzzy]


@every_catalogue
def test_a_translation_has_the_placeholders_of_its_text(path: Path) -> None:
    for ids, strings in translations(path):
        for string in strings:
            assert sorted(PLACEHOLDER.findall(string)) == sorted(PLACEHOLDER.findall(ids[0])), ids[0]


@every_catalogue
def test_no_line_of_a_mail_s_sentence_ends_after_the_e_of_e_mail(path: Path) -> None:
    """A name and a text message keep the hyphen of the keyboard; a sentence of a mail has U+2011, as on the pages."""
    sentences = [text for _, strings in translations(path) for text in strings if text.endswith((".", "?", ":"))]

    assert len(sentences) > 100
    assert not [text for text in sentences if "{" not in text and re.search(r"\b\w-\w", text)]
