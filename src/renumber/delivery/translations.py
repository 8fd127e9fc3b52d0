"""The languages of mails and text messages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import NullTranslations

from renumber.locale import MAILS, NO_OVERLAY, Overlay, translations


@dataclass(frozen=True, slots=True)
class Language:
    """A language and its translations of every text."""

    code: str
    words: NullTranslations

    @property
    def say(self) -> Callable[[str], str]:
        """The function that translates a text."""
        return self.words.gettext


def load_languages(codes: Sequence[str], overlay: Overlay = NO_OVERLAY) -> dict[str, Language]:
    """Read the catalogues of these languages, once."""
    return {code: Language(code, translations(code, MAILS, overlay)) for code in codes}


def language_for(locale: str, languages: Mapping[str, Language]) -> Language:
    """Choose the person's language, the same without its region, or the first."""
    code = locale.replace("-", "_")
    return languages.get(code) or languages.get(code.partition("_")[0]) or next(iter(languages.values()))
