"""Templates, catalogues and static files, all read once at start."""

import hashlib
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from types import CodeType
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound
from markupsafe import Markup

from renumber.locale import text_direction
from renumber.locale.kept import kept
from renumber.policies.brand.colours import accent_on_dark, accent_on_light
from renumber.web.formats import values

HERE = Path(__file__).parent
TEMPLATE_FOLDER = HERE / "templates"
STATIC = HERE / "static"
# The parts of the sheet of all pages, in their order: a later one may say otherwise. A browser loads one file.
SHEET = tuple(
    f"app/{part}.css" for part in ["tokens", "page", "forms", "buttons", "parts", "menu", "screens", "codes", "scripts"]
)
TEXTS, ICONS = 2000, 100  # more than there are in the pages


@dataclass(frozen=True, kw_only=True)
class Page:
    """The values that every page has beside its own."""

    language: str
    languages: Sequence[tuple[str, str]]
    brand: str
    brand_color: str
    csrf: str
    path: str
    request_id: str
    zone: ZoneInfo
    now: datetime
    static: Callable[[str], str]
    person: str | None = None
    is_administrator: bool = False
    step: int | None = None
    is_changing: bool = False
    enters_number: bool = False
    logo_url: str | None = None
    icon: tuple[str, str] = ("/brand-icon.svg", "image/svg+xml")
    imprint_url: str | None = None
    privacy_url: str | None = None
    support_contact: str | None = None
    link_hours: int = 24
    keeps_cookies: bool = True
    overtaken: str | None = None
    host: str = ""

    @property
    def direction(self) -> str:
        """The direction of the language's script: `ltr` or `rtl`."""
        return text_direction(self.language)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A sentence beside the field that it belongs to; without a field it stands on top of the page.

    `open_at` is when the refused button can be pressed again; `says_when` if the sentence has told it.
    """

    text: str
    field: str | None = None
    open_at: datetime | None = None
    says_when: bool = False


@dataclass(frozen=True)
class Asset:
    """One static file, as it is served."""

    content: bytes
    media_type: str


class Templates:
    """Renders pages; the only one that knows Jinja and gettext."""

    def __init__(self, translations: Mapping[str, NullTranslations]) -> None:
        self.translations = translations
        self.assets = _assets()
        self.assets_hash = _hash(self.assets)
        loader = SharedLoader(_codes())
        self._environments = {each: _environment(found, loader) for each, found in self.translations.items()}
        for environment in self._environments.values():
            for template in environment.list_templates():
                environment.get_template(template)

    def render(self, template: str, language: str, **context: object) -> str:
        """Render a page in a language; `page` is always in the context."""
        return self._environments[language].get_template(template).render(context)

    def brand_css(self, brand_color: str) -> str:
        """Make the stylesheet that brings the operator's colour, so that no page needs an inline style."""
        light, dark = accent_on_light(brand_color), accent_on_dark(brand_color)
        return self.render("brand.css.j2", next(iter(self._environments)), light=light, dark=dark)

    def static(self, name: str) -> str:
        """Give the address of a static file; it changes with any static file, so that it may be cached for ever."""
        assert name in self.assets, f"there is no static file {name}"
        return f"/static/{self.assets_hash}/{name}"


class SharedLoader(BaseLoader):
    """Loads templates from code that the environments of all languages share: only the catalogue differs."""

    def __init__(self, codes: Mapping[str, CodeType]) -> None:
        self._codes = codes

    def list_templates(self) -> list[str]:
        """List the names of all templates."""
        return sorted(self._codes)

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:  # noqa: A002 - Jinja's word
        """Make a template of the language whose environment this is.

        Its globals are copied, since all are set by now: for each part of a page Jinja would walk its own chain of two.
        """
        if name not in self._codes:
            raise TemplateNotFound(name)
        known = dict(environment.make_globals(globals))
        return environment.template_class.from_code(environment, self._codes[name], known)


def _codes() -> Mapping[str, CodeType]:
    """Compile all templates, unless the same are kept from before."""
    paths = {path.relative_to(TEMPLATE_FOLDER).as_posix(): path for path in sorted(TEMPLATE_FOLDER.rglob("*.*"))}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    options = Path(__file__).read_text(encoding="utf-8")
    sources = [jinja2.__version__, options, str(TEMPLATE_FOLDER), *texts, *texts.values()]

    def compiled() -> dict[str, CodeType]:
        environment = _bare_environment()
        return {name: environment.compile(text, name, str(paths[name])) for name, text in texts.items()}

    return kept("templates", sources, compiled)


def _bare_environment() -> Environment:
    """Make the environment that templates are compiled in."""
    environment = Environment(
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # set by ext.i18n
    environment.filters.update(values.FILTERS)
    return environment


def _environment(translations: NullTranslations, loader: SharedLoader) -> Environment:
    environment = _bare_environment()
    environment.loader = loader
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # set by ext.i18n
    say = _saying(translations)
    environment.globals |= {"_": say, "gettext": say}
    environment.globals["icon"] = lru_cache(ICONS)(environment.get_template("_icons.html").module.icon)  # type: ignore[attr-defined]  # its macro
    return environment


def _saying(translations: NullTranslations) -> Callable[..., str]:
    """Look texts up as Jinja's own gettext does, but each only once: that was a quarter of what a page costs."""
    wording = lru_cache(TEXTS)(lambda text: Markup(translations.gettext(text)))  # noqa: S704 - a text of ours
    plain = lru_cache(TEXTS)(lambda text: wording(text) % {})

    def say(text: str, /, **values: object) -> str:
        return wording(text) % values if values else plain(text)

    return say


def _assets() -> dict[str, Asset]:
    files = (path for path in sorted(STATIC.rglob("*")) if path.is_file())
    read = {path.relative_to(STATIC).as_posix(): Asset(path.read_bytes(), _media_type(path)) for path in files}
    parts = [read.pop(name) for name in SHEET]
    return {"app.css": Asset(b"\n".join(part.content for part in parts), parts[0].media_type), **read}


def _media_type(path: Path) -> str:
    kind = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}.get(path.suffix)
    kind = kind or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _hash(assets: Mapping[str, Asset]) -> str:
    digest = hashlib.sha256()
    for name, asset in assets.items():
        digest.update(name.encode() + b"\0" + asset.content + b"\0")
    return digest.hexdigest()[:12]
