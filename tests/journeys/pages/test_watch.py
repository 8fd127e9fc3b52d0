"""The watch itself: whatever goes wrong on a page, it notices."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route

from tests.journeys.watch import Seen, Watch

SITE = "http://watched.test"
STRICT = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self'"
PAGE = """<!doctype html><html lang="en"><title>Watched</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="/picture.svg"><main><h1>Watched</h1><p>All is well.</p>{}</main>"""
FAULTS = {
    "warning: look out": "<script>console.warn('look out')</script>",
    "page error": "<script>throw new Error('broken')</script>",
    "404": "<script src='/missing.js'></script>",
    "failed": "<script src='/gone.js'></script>",
    "Content Security Policy": "<img src='http://elsewhere.test/a.png' alt='elsewhere'>",
    "image-alt": "<img src='/picture.svg'>",
    "light, 1280 px: color-contrast": "<p style='color: #aaa; background: #fff'>faint</p>",
    "dark, 1280 px: color-contrast": "<style>@media (prefers-color-scheme:dark){p{background:#000;color:#333}}</style>",
    "wider than 320 px": "<div style='width: 400px'>wide</div>",
}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def serve(route: Route, body: str) -> None:
    path = route.request.url.removeprefix(SITE)
    if path == "/gone.js":
        route.abort("connectionreset")
    elif path == "/picture.svg":
        route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
    elif path == "/":
        headers = {"content-security-policy": STRICT}
        route.fulfill(body=PAGE.replace("{}", body), content_type="text/html", headers=headers)
    else:
        route.fulfill(status=404, body="")


@pytest.mark.parametrize(("complaint", "fault"), FAULTS.items(), ids=FAULTS)
def test_a_fault_on_a_page_is_noticed(context: BrowserContext, complaint: str, fault: str, tmp_path: Path) -> None:
    watch, page = Watch(context, scripts=True, seen=Seen(tmp_path)), context.new_page()
    context.route("http://*.test/**", lambda route: serve(route, fault))

    page.goto(f"{SITE}/")

    with pytest.raises(AssertionError, match=complaint):
        watch.look(page)


def test_a_page_without_fault_is_passed(context: BrowserContext, tmp_path: Path) -> None:
    watch, page = Watch(context, scripts=True, seen=Seen(tmp_path)), context.new_page()
    context.route("http://*.test/**", lambda route: serve(route, "<p>Really.</p>"))

    page.goto(f"{SITE}/")

    watch.look(page)
