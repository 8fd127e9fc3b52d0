"""What a browser complains of, and what is wrong with the pages that a journey passes."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

from harness.browser import structure_problems
from tests.colours import Colours

NARROW = 320  # CSS pixels: WCAG 2.2, 1.4.10
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a page is made of, whatever its words: a state that was looked at once need not be looked at again.
SKELETON = """() => [...document.querySelectorAll("body *:not(option):not(svg *)")]
  .filter(part => part.checkVisibility())
  .map(part => part.tagName + part.className + (part.ariaInvalid ?? "")).join(" ")"""
STATE = f"() => [document.title, ({SKELETON})()]"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22,}")
# A mail is shown within the page of its reader, which has the landmarks.
OF_A_WHOLE_PAGE = ("landmark-one-main:", "region:")
CALLED = "/device/api/"
REFUSED = "Failed to load resource: the server responded with a status of 4"


class Seen:
    """The states of pages that were looked at: in a folder, by any process of the run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self.colours = Colours(folder / "colours")

    def is_new(self, state: str) -> bool:
        """Whether nobody has looked at it yet; from now on somebody has."""
        try:
            (self._folder / hashlib.sha256(state.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Watch:
    """Hears everything that goes wrong in one browser, and looks at each page in both themes and on a narrow screen."""

    def __init__(
        self, context: BrowserContext, *, scripts: bool, seen: Seen, widths: tuple[int, ...] = (NARROW,)
    ) -> None:
        self._widths = widths
        self.complaints: list[str] = []
        self._seen = seen
        self._scripts = scripts
        self._aborted_is_fine = False
        context.on("console", self._hear)
        context.on("weberror", self._hear_error)
        context.on("requestfailed", self._hear_failure)
        context.on("response", self._hear_response)

    def _hear(self, message: ConsoleMessage) -> None:
        worded_refusal = message.text.startswith(REFUSED) and message.page and message.location["url"]
        if message.type in {"error", "warning"} and not worded_refusal:
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _hear_error(self, error: WebError) -> None:
        self.complaints.append(f"page error: {error.error}")

    def _hear_failure(self, request: Request) -> None:
        """A page that is left before its icon has come lets go of it; who runs no scripts fetches none ahead."""
        if not self._scripts and request.resource_type == "script":
            return
        let_go = request.failure == "net::ERR_ABORTED"
        if not (let_go and (self._aborted_is_fine or not request.is_navigation_request())):
            self.complaints.append(f"failed: {request.method} {request.url} {request.failure}")

    def _hear_response(self, response: Response) -> None:
        """A page or a call may refuse; a script, a style or a picture may not, and nothing may fail."""
        may_refuse = response.request.is_navigation_request() or CALLED in response.url
        if response.status >= 500 or (response.status >= 400 and not may_refuse):
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    @contextmanager
    def forgiving_aborts(self) -> Iterator[None]:
        """A press that overtakes another ends its request."""
        self._aborted_is_fine = True
        try:
            yield
        finally:
            self._aborted_is_fine = False

    def look(self, page: Page) -> None:
        """Look at a page once for each of its states: at its parts in any language, at its width in each."""
        title, skeleton = page.evaluate(STATE)
        state = TOKEN.sub("", urlsplit(page.url).path) + skeleton
        if self._scripts and self._seen.is_new(state):
            self._examine(page)
        if self._seen.is_new(title + state):
            self._note(page, overflow(page, *self._widths))
        assert not self.complaints, self.complaints

    def _examine(self, page: Page) -> None:
        """Look at the page as it lies now, and at its colours on a tablet too; what is wider shows the same parts."""
        self._note(page, structure_problems(page))
        usual = page.viewport_size
        assert usual
        for width in {usual["width"], *self._widths[1:2]}:
            page.set_viewport_size({"width": width, "height": usual["height"]})
            for theme in ("dark", "light"):
                page.emulate_media(color_scheme=theme)
                self._note(page, [f"{theme}, {width} px: {each}" for each in self._seen.colours.problems(page)])
        page.set_viewport_size(usual)

    def _note(self, page: Page, problems: list[str]) -> None:
        if page.url == "about:blank":
            problems = [problem for problem in problems if not any(rule in problem for rule in OF_A_WHOLE_PAGE)]
        self.complaints += [f"{page.url} “{page.title()}” {problem}" for problem in problems]


def overflow(page: Page, *widths: int) -> list[str]:
    """Say on which of these screens the page scrolls sideways; one as narrow as phones are, if none is named."""
    usual, found = page.viewport_size, []
    assert usual
    for width in widths or (NARROW,):
        page.set_viewport_size({"width": width, "height": 800})
        if (beyond := page.evaluate(OVERFLOW)) > 0:
            found.append(f"is {beyond} px wider than {width} px")
    page.set_viewport_size(usual)
    return found
