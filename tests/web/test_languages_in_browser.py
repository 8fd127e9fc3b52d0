"""Other languages fit where German and English do, and so does a script that runs from right to left."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from playwright.sync_api import Browser, ViewportSize

from renumber.locale import SHIPPED
from renumber.web.formats import values
from renumber.web.templating import Templates
from tests.web.specimens import LANGUAGES, SPECIMENS, TEMPLATES, a_page
from tests.web.stage import Specimen, Stage

NARROW: ViewportSize = {"width": 320, "height": 800}
OTHERS = tuple(language for language in SHIPPED if language not in LANGUAGES)
ALEF, BET = "\u05d0", "\u05d1"
OUTSIDE = """[...document.querySelectorAll(".card, .card *")]
  .filter(part => part.checkVisibility() && !part.closest(".unseen, svg"))
  .filter(part => {
    const { left, right } = part.getBoundingClientRect();
    return left < -1 || right > document.documentElement.clientWidth + 1;
  })
  .map(part => part.outerHTML.slice(0, 120))"""
AT_THE_END = """part => part.getBoundingClientRect().left < innerWidth / 2"""


class Mirrored(NullTranslations):
    """Texts as a language would have them that is a third longer and runs from right to left."""

    def gettext(self, message: str) -> str:
        longer = f"{BET * 6} " * (len(message) // 20)
        return message if message in values.PATTERNS else f"{ALEF}{message} {longer}".strip()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Stage]:
    """A narrow window."""
    with browser.new_context(viewport=NARROW) as context:
        yield Stage(context)


def overflowing(stage: Stage, language: str, templates: Templates) -> dict[Specimen, list[str]]:
    """What lies outside of its page; all share their styles, so that one page is loaded and its body exchanged."""
    stage.show(("profile.html", "full"))
    found = {}
    for specimen, (context, about) in SPECIMENS.items():
        html = templates.render(specimen[0], language, page=a_page(language, **about), **context)
        stage.exchange(html)
        found[specimen] = stage.page.evaluate(OUTSIDE)
    return {specimen: parts for specimen, parts in found.items() if parts}


@pytest.mark.parametrize("language", OTHERS)
def test_every_page_fits_a_narrow_screen_in_the_other_languages(stage: Stage, language: str) -> None:
    assert not overflowing(stage, language, TEMPLATES)
    assert not stage.complaints


def test_every_page_fits_and_is_turned_around_in_a_script_from_right_to_left(stage: Stage) -> None:
    templates = Templates({"ar": Mirrored()})

    assert not overflowing(stage, "ar", templates)
    assert is_at_the_left(stage, templates, ".account > .quiet")


def is_at_the_left(stage: Stage, templates: Templates, part: str) -> bool:
    """Tell whether a part that stands at the right of a page stands at its left now."""
    context, about = SPECIMENS["profile.html", "full"]
    stage.exchange(templates.render("profile.html", "ar", page=a_page("ar", **about), **context))
    return bool(stage.page.locator(part).evaluate(AT_THE_END))
