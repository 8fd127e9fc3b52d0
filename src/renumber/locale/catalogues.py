"""Catalogues of texts in gettext's format; English is in the code and the templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import babel
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from renumber.locale.kept import kept
from renumber.locale.source import PageTexts

FOLDER = Path(__file__).parent
SOURCE = "en"
PAGES, MAILS = "pages", "mails"
KINDS = (PAGES, MAILS)
# Plain "en" calls Berlin's zone "+0100", and "fr" that of the Canaries "WEST" in winter alone.
ZONE_NAMES_IN = {"en": ("en_GB", "en_US"), "fr": ("en_GB", "fr")}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
SHIPPED = tuple(sorted({SOURCE, *(path.parent.name for path in FOLDER.glob("*/*.po"))}))


@dataclass(frozen=True, slots=True)
class Overlay:
    """An operator's own catalogues, compiled, by language and kind; what they leave out is taken from the package."""

    compiled: Mapping[tuple[str, str], bytes] = field(default_factory=dict, repr=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that there are texts in: those of the package and those that were added."""
        return tuple(sorted({*SHIPPED, *(language for language, _ in self.compiled)}))


NO_OVERLAY = Overlay()


def translations(language: str, kind: str, overlay: Overlay = NO_OVERLAY) -> NullTranslations:
    """Give the texts of one kind: the operator's own, else the package's, else the English of the code."""
    joined = PageTexts() if kind == PAGES else NullTranslations()
    for compiled in (_shipped(language, kind), overlay.compiled.get((language, kind))):
        if compiled:
            found = GNUTranslations(BytesIO(compiled))
            found.add_fallback(joined)
            joined = found
    return joined


def is_language(code: str) -> bool:
    """Tell whether this is the code of a language (ISO 639) that Unicode's data know."""
    try:
        return bool(_LANGUAGE.fullmatch(code) and Locale.parse(code))
    except UnknownLocaleError:
        return False


@cache
def language_name(language: str) -> str:
    """Name a language in itself, as in a list of languages: `Deutsch`."""
    name = Locale.parse(language).get_display_name() or language
    return name[0].upper() + name[1:]


def zone_names_in(language: str) -> tuple[str, ...]:
    """Name the locales, best first, whose short names of time zones a language uses: `CET`."""
    return ZONE_NAMES_IN.get(language, (language,))


@cache
def text_direction(language: str) -> str:
    """Give the direction of a language's script, as HTML's `dir` has it."""
    return Locale.parse(language).text_direction


def compiled_catalogue(catalogue: Catalog) -> bytes:
    """Compile a catalogue to what gettext reads; empty and fuzzy texts are left out."""
    machine_readable = BytesIO()
    write_mo(machine_readable, catalogue)
    return machine_readable.getvalue()


def shipped_catalogue(language: str, kind: str) -> Catalog | None:
    """Read a catalogue of the package, if there is one in this language."""
    path = FOLDER / language / f"{kind}.po"
    return _read(path, language) if path.is_file() else None


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


@cache
def _shipped(language: str, kind: str) -> bytes | None:
    path = FOLDER / language / f"{kind}.po"
    if not path.is_file():
        return None
    sources = [babel.__version__, path.read_text(encoding="utf-8")]
    return kept(f"{language}.{kind}", sources, lambda: compiled_catalogue(_read(path, language)))
