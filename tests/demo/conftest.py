"""One demonstration for all who watch; each starts over and takes a demo_page of their own."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from harness.browser import PATIENCE
from tests.demo.demonstration import Demonstration, DemoPage, running_demo
from tests.journeys.watch import Seen, Watch

OpenPage = Callable[..., DemoPage]
# The stream of a page that was left, or of the console in it, and a mail in whose place a newer one was shown.
LEFT = re.compile(r"/(?:demo/events|demo/mails/\S+|console/\S+/live\S*) net::ERR_ABORTED")
LOCALES = {"de": "de-DE", "en": "en-GB"}


@pytest.fixture(scope="session")
def demo() -> Iterator[Demonstration]:
    """Run the demonstration."""
    with running_demo() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, demo: Demonstration, tmp_path: Path) -> Iterator[OpenPage]:
    """Open the page in a browser of one's own; whatever that browser complains of fails the test."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def take(language: str = "de", *, width: int = 1280, height: int = 800, theme: str = "light") -> DemoPage:
        context = browser.new_context(
            locale=LOCALES[language],
            color_scheme="dark" if theme == "dark" else "light",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append((context, Watch(context, scripts=True, seen=Seen(tmp_path))))
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(demo.address)
        return DemoPage(page, language)

    yield take
    complaints = [complaint for _, watch in contexts for complaint in watch.complaints if not LEFT.search(complaint)]
    for context, _ in contexts:
        context.close()  # which ends what is still on its way
    assert not complaints


@pytest.fixture
def demo_page(open_page: OpenPage) -> DemoPage:
    """Open the page of a demonstration that was started over."""
    taken = open_page()
    before = taken.page.locator("body").get_attribute("data-run") or ""
    taken.page.get_by_role("button", name="Neu anfangen").click(timeout=2 * PATIENCE)
    expect(taken.page.locator("body")).not_to_have_attribute("data-run", before, timeout=2 * PATIENCE)
    taken.is_at("/sign-in")
    return taken
