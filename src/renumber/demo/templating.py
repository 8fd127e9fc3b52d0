"""The templates of the page, its static files, and its texts in two languages."""

from collections.abc import Sequence
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
SOURCE_LANGUAGE = "en"
LANGUAGES = {"de": "Deutsch", "en": "English"}
LANGUAGE_COOKIE = "demo-language"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Templates:
    """Templates and static files, read once at start."""

    def __init__(self) -> None:
        self.files = {path.name: (path.read_bytes(), MEDIA_TYPES[path.suffix]) for path in (HERE / "static").iterdir()}
        self._environments = {language: _environment(translations_of(language)) for language in LANGUAGES}

    def render(self, template: str, language: str, **context: object) -> str:
        """Render a page in a language."""
        return self._environments[language].get_template(template).render(language=language, **context)


def pick_language(chosen: str | None, accepted: str) -> str:
    """Pick the chosen language, or the first of the browser's that the page is translated to."""
    wishes = [chosen or "", *(part.strip()[:2].lower() for part in accepted[:256].split(","))]
    return next((wish for wish in wishes if wish in LANGUAGES), SOURCE_LANGUAGE)


def translations_of(language: str) -> NullTranslations:
    """Read the catalogue of a language."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    with catalogue_of(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue_of(language: str) -> Path:
    """Give the path of the catalogue of a language."""
    return HERE / "locale" / f"{language}.po"


def template_files() -> Sequence[Path]:
    """List the paths of all templates."""
    return sorted((HERE / "templates").iterdir())


def _environment(words: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # set by ext.i18n
    return environment
