"""The languages of mails and text messages; English is in the templates, the others in `locale/*/mails.po`."""

from collections.abc import Callable
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language and its translations of every text."""

    code: str
    words: NullTranslations

    @property
    def say(self) -> Callable[[str], str]:
        """The function that translates a text."""
        return self.words.gettext


def load_languages() -> dict[str, Language]:
    """Read every catalogue of the package, once."""
    languages = {SOURCE: Language(SOURCE, NullTranslations())}
    for folder in (files("renumber") / "locale").iterdir():
        catalogue = folder / "mails.po"
        if catalogue.is_file():
            languages[folder.name] = Language(folder.name, _compiled(catalogue.read_bytes()))
    return languages


def language_for(locale: str, languages: dict[str, Language]) -> Language:
    """Choose the person's language, the same without its region, or English."""
    code = locale.replace("-", "_")
    return languages.get(code) or languages.get(code.partition("_")[0]) or languages[SOURCE]


def _compiled(po: bytes) -> GNUTranslations:
    machine_readable = BytesIO()
    write_mo(machine_readable, read_po(BytesIO(po)))
    machine_readable.seek(0)
    return GNUTranslations(machine_readable)
