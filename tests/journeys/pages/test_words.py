"""The words that journeys look for are those of the catalogues: a journey in one language holds both."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from importlib import import_module
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po

from renumber.locale.catalogues import FOLDER
from tests.journeys.words import Words

# Put together as they are shown, of more texts than one or around a gap; what looks for them runs in both languages,
# but for what only one language is asked for.
PUT_TOGETHER = {
    "test_first_number.COMMON",
    "test_first_number.SHORT",
    "test_lost_device.SUSPENDED",
    "test_new_number.SHORT",
    "test_recently_changed.IS_NEW",
    "test_seed_journey.QUESTION",
}
JOURNEYS = Path(__file__).parents[1]
MARKUP, GAP = re.compile(r"<[^>]*>"), re.compile(r"%\(\w+\)s|\{\w+\}")


def every_pair() -> dict[str, Words]:
    """Each pair of words that a module of journeys names."""
    paths = [path.relative_to(JOURNEYS).with_suffix("") for path in sorted(JOURNEYS.rglob("*.py"))]
    modules = [import_module(".".join(("tests.journeys", *path.parts))) for path in paths]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": words
        for module in modules
        for name, words in vars(module).items()
        if isinstance(words, Words)
    }


def plain(text: str) -> str:
    """A text as it is read: no markup, and no sign that only says where a line may break."""
    read = unescape(MARKUP.sub("", text)).replace("\u00ad", "").replace("\u2011", "-")
    return re.sub(r"\s+", " ", read)


@cache
def translations() -> tuple[tuple[str, str], ...]:
    """English and German of every text of pages and messages."""
    return tuple(_translations())


def _translations() -> Iterator[tuple[str, str]]:
    for path in (FOLDER / "de").glob("*.po"):
        for message in read_po(BytesIO(path.read_bytes())):
            yield from zip(_forms(message.id), _forms(message.string), strict=True)


def _forms(text: object) -> list[str]:
    return [plain(str(form)) for form in (text if isinstance(text, list | tuple) else [text])]


def fits(said: str, text: str) -> bool:
    """Whether these words are within a text whose gaps are filled in."""
    pattern = ".*?".join(re.escape(part) for part in GAP.split(text))
    return plain(said).strip() in text or re.fullmatch(pattern, plain(said)) is not None


def test_what_journeys_look_for_is_said_in_both_languages() -> None:
    missing = {
        name: words
        for name, words in every_pair().items()
        if not any(fits(words.en, en) and fits(words.de, de) for en, de in translations())
    }

    assert set(missing) == PUT_TOGETHER
