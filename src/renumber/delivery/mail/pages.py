"""The mail templates: each notice is worded once and laid out twice, as HTML and as plain text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from renumber.delivery.branding import Branding
from renumber.delivery.times import UNBROKEN
from renumber.delivery.translations import Language
from renumber.domain.messages.message import Notice
from renumber.domain.typed.names import isolated
from renumber.locale import text_direction, unbroken
from renumber.policies.brand.colours import accent_on_dark, accent_on_light

COLUMNS, TEXTS = 76, 500
# Between words; French has one at its marks as well, where it stays.
KEPT_TOGETHER = re.compile(f"(?<!«){UNBROKEN}(?![:;!?»])")


@dataclass(frozen=True, slots=True)
class MailPage:
    """The subject of one mail, and its text in both forms."""

    subject: str
    text: str
    html: str


class MailPages:
    """The templates in one language; only the HTML ones escape, since plain text has nothing to escape for."""

    def __init__(self, branding: Branding, language: Language) -> None:
        self._html = _environment("html", branding, language)
        self._text = _environment("text", branding, language)

    def fill(self, notice: Notice, words: Mapping[str, Any]) -> MailPage:
        """Render the mail of one notice."""
        name = f"{notice}.j2"
        text = self._text.get_template(name)
        subject = "".join(text.blocks["subject"](text.new_context(dict(words))))
        return MailPage(
            subject=" ".join(subject.split()),
            text=_tidy(text.render(words)),
            html=self._html.get_template(name).render(words),
        )


def _environment(form: str, branding: Branding, language: Language) -> Environment:
    folders = (f"templates/mail/{form}", "templates/mail")
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("renumber.delivery", folder) for folder in folders]),
        extensions=["jinja2.ext.i18n"],
        autoescape=form == "html",  # noqa: S701 - the other form is plain text
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    say = saying(language.words, _unbroken_in_html if form == "html" else str)
    environment.globals |= {"_": say, "gettext": say, "apart": _apart_in_html if form == "html" else isolated}
    environment.filters["columns"] = _columns
    accents = {"light": accent_on_light(branding.colour), "dark": accent_on_dark(branding.colour)}
    environment.globals |= {"form": form, "branding": branding, "language": language.code, **accents}
    direction = text_direction(language.code)
    environment.globals |= {"direction": direction, "start": "right" if direction == "rtl" else "left"}
    return environment


def _unbroken_in_html(text: str) -> Markup:
    return Markup(unbroken(text))  # noqa: S704 - a text of ours


def _apart_in_html(name: str) -> Markup:
    return Markup("<bdi>%s</bdi>") % name


def saying(words: NullTranslations, form: Callable[[str], str]) -> Callable[..., str]:
    """Make a gettext that looks up each text only once: as Jinja does it, that costs more than the rest of a mail."""
    wording = lru_cache(TEXTS)(lambda text: form(words.gettext(text)))
    plain = lru_cache(TEXTS)(lambda text: wording(text) % {})

    def say(text: str, /, **values: object) -> str:
        return wording(text) % values if values else plain(text)

    return say


def _columns(text: str, indent: str = "") -> str:
    """Wrap a text to the width that every mail reader shows, never inside a link or a time."""
    lines = [""]
    for word in re.split(r"[ \n]+", text.strip()):
        if len(lines[-1]) + 1 + len(word) > COLUMNS and lines != [""]:
            lines.append(indent + word)
        else:
            lines[-1] += f" {word}" if lines != [""] else word
    return KEPT_TOGETHER.sub(" ", "\n".join(lines))


def _tidy(text: str) -> str:
    """Leave at most one empty line in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for index, line in enumerate(lines) if line or lines[index - 1]]
    return "\n".join(kept) + "\n"
