"""Takes pictures of every page and mail in its states, and contact sheets of them (`make pictures`).

They are for people to look at: every language, both themes, three widths. What the tests walk is what is shown.
`make pictures ARGS=--readme` takes those that the read-me shows.
"""

import argparse
import base64
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from harness.browser import running_browser
from renumber.domain.messages.message import Notice
from renumber.locale import SHIPPED
from tests.delivery.builders import MAILED, a_mail, a_message
from tests.web.specimens import SPECIMENS
from tests.web.stage import Stage

FOLDER = Path(__file__).parents[1] / "pictures"
IN_README = FOLDER.parent / "docs/pictures"
THEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)
HEIGHT = 800
ON_A_SHEET = {320: 24, 390: 20, 1280: 12}
SHOWN_AS_WIDE_AS = {320: 240, 390: 260, 1280: 480}
DEVICE = next(specimen for specimen in SPECIMENS if specimen[0] == "device.html")
# The app's states are templates of its page; without its script none of them is shown.
STATES_OF_DEVICE = """[...document.querySelectorAll("template")]
  .filter(({ content }) => content.firstElementChild?.matches(".card")).map(({ id }) => id)"""
SHOW_STATE = """id => {
  const { calls, signIns } = document.getElementById("purpose").dataset;
  document.getElementById("purpose").textContent = id.startsWith("call") ? calls : signIns;
  document.getElementById("state").replaceChildren(document.importNode(document.getElementById(id).content, true));
}"""


@dataclass(frozen=True)
class Look:
    """One way of looking at everything."""

    language: str
    theme: str
    width: int

    @property
    def name(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    only: str
    looks: Sequence[Look]

    @property
    def languages(self) -> Sequence[str]:
        return [language for language in SHIPPED if any(look.language == language for look in self.looks)]


Shot = tuple[str, Callable[[], Page]]  # the name of what is shown, and how it is shown


def main() -> None:
    if sys.argv[1:] == ["--readme"]:
        with running_browser() as browser:
            _take_for_readme(browser)
        return
    wanted = _asked_for(sys.argv[1:])
    taken: dict[Look, list[Path]] = {look: [] for look in wanted.looks}
    with running_browser() as browser:
        for language in wanted.languages:
            for name, look, path in _pictures(browser, language, wanted):
                taken[look].append(path)
                sys.stdout.write(f"\r{sum(map(len, taken.values())):5} pictures, {name:60.60}")
        for look, paths in taken.items():
            _make_sheets(browser, look, paths)
    sys.stdout.write(f"\nLook at {FOLDER / 'sheets'}\n")


def _take_for_readme(browser: Browser) -> None:
    """Show the question before a link, the mail with it, the field for the new number, and the end."""
    context = browser.new_context(timezone_id="Europe/Berlin", color_scheme="light", reduced_motion="reduce")
    stage, reader = Stage(context), context.new_page()

    stage.page.set_viewport_size({"width": 1000, "height": 700})
    stage.show(("profile.html", "full"), "de").get_by_role("button", name="Telefonnummer ändern").click()
    stage.page.screenshot(path=IN_README / "profile-dialog-de.png", animations="disabled")

    stage.page.set_viewport_size({"width": 640, "height": 760})
    stage.show(("number.html", "new"), "en").get_by_label("New phone number").press_sequentially("15123456789")
    stage.page.screenshot(path=IN_README / "new-number-en.png", full_page=True, animations="disabled")
    stage.show(("done.html", "changed"), "en")
    stage.page.screenshot(path=IN_README / "done-en.png", full_page=True, animations="disabled")

    reader.set_viewport_size({"width": 640, "height": 760})
    reader.set_content(a_mail(a_message(Notice.CHANGE_REQUESTED, locale="de")).html)
    reader.screenshot(path=IN_README / "mail-de.png", full_page=True, animations="disabled")
    context.close()


def _asked_for(arguments: Sequence[str]) -> Wanted:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages and mails with this in their name")
    parser.add_argument("--languages", nargs="+", default=SHIPPED, choices=SHIPPED)
    parser.add_argument("--themes", nargs="+", default=THEMES, choices=THEMES)
    parser.add_argument("--widths", nargs="+", default=WIDTHS, type=int, choices=WIDTHS)
    asked = parser.parse_args(arguments)
    looks = [Look(*each) for each in product(asked.languages, asked.themes, asked.widths)]
    return Wanted(asked.only, looks)


def _pictures(browser: Browser, language: str, wanted: Wanted) -> Iterator[tuple[str, Look, Path]]:
    context = browser.new_context(reduced_motion="reduce", timezone_id="Europe/Berlin")
    stage = Stage(context)
    looks = [look for look in wanted.looks if look.language == language]
    for name, show in [*_pages(stage, language), *_device(stage, language), *_mails(context.new_page(), language)]:
        if wanted.only in name:
            page = _shown(show)
            for look in looks:
                yield name, look, _taken(page, name, look)
    context.close()


def _shown(show: Callable[[], Page]) -> Page:
    """Show it, once more where the page before it has gone on by itself just then."""
    try:
        return show()
    except Error:
        return show()


def _pages(stage: Stage, language: str) -> Iterator[Shot]:
    for specimen in SPECIMENS:
        template, state = specimen
        yield f"{template.removesuffix('.html')} {state}", partial(stage.show, specimen, language)


def _device(stage: Stage, language: str) -> Iterator[Shot]:
    """Show the states of the app, each in the page that its script would fill."""
    stage.page.route("**/device/device.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for state in stage.show(DEVICE, language).evaluate(STATES_OF_DEVICE):
        yield f"device {state}", partial(_show_state, stage, language, state)


def _show_state(stage: Stage, language: str, state: str) -> Page:
    page = stage.show(DEVICE, language)
    page.evaluate(SHOW_STATE, state)
    return page


def _mails(page: Page, language: str) -> Iterator[Shot]:
    for notice in MAILED:
        yield f"mail {notice}", partial(_show_mail, page, a_mail(a_message(notice, locale=language)).html)


def _show_mail(page: Page, html: str) -> Page:
    page.set_content(html)
    return page


def _taken(page: Page, name: str, look: Look) -> Path:
    page.set_viewport_size({"width": look.width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
    path = FOLDER / look.name / f"{name.replace(' ', '-')}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


def _make_sheets(browser: Browser, look: Look, paths: Sequence[Path]) -> None:
    """Lay the pictures side by side, each with its name."""
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    most = ON_A_SHEET[look.width]
    for number, first in enumerate(range(0, len(paths), most), start=1):
        page.set_content(_sheet(look, paths[first : first + most]))
        page.screenshot(path=FOLDER / "sheets" / f"{look.name}-{number:02}.png", full_page=True)
    page.close()


def _sheet(look: Look, paths: Sequence[Path]) -> str:
    figures = "".join(
        f"<figure><figcaption>{escape(path.stem)}</figcaption>"
        f'<img src="data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"></figure>'
        for path in paths
    )
    style = (
        "body{margin:16px;background:#8a8f98;font:12px sans-serif;display:flex;flex-wrap:wrap;gap:16px;"
        "align-items:flex-start}figure{margin:0}figcaption{padding:0 0 4px;color:#fff}"
        f"img{{display:block;width:{SHOWN_AS_WIDE_AS[look.width]}px}}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{figures}"


if __name__ == "__main__":
    main()
