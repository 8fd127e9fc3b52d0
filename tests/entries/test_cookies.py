"""A browser that refuses cookies is told so on every page that it opens, before anything is typed, and after."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from harness.browser import launch_arguments, whole_chromium
from harness.server import Server
from harness.visitor import Visitor

BEFORE = {
    "en": "Your browser refuses our cookies.",
    "de": "Ihr Browser nimmt unsere Cookies nicht an.",
    "fr": "Votre navigateur refuse nos cookies.",
    "es": "Su navegador rechaza nuestras cookies.",
}
AFTER = "your browser has sent no cookie of ours"
SHOWN = ".notice.no-cookies { display: flex; }"
REFUSED = {"profile": {"default_content_setting_values": {"cookies": 2}}}


def forgetful(server: Server, language: str = "en") -> Visitor:
    """A browser that sends no cookie back."""
    browser = server.visitor()
    browser.headers["Accept-Language"] = language
    return browser


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten", "/freeze/unknown", "/sign-in/new-password/unknown"])
@pytest.mark.parametrize("language", BEFORE)
def test_each_page_has_the_sentence_ready_and_shows_it_once_its_cookie_did_not_come_back(
    server: Server, path: str, language: str
) -> None:
    browser = forgetful(server, language)

    page = browser.send("GET", path)
    told = forgetful(server).send("GET", "/cookies.css")
    untold = browser.send("GET", "/cookies.css")
    again = browser.send("GET", path)

    assert BEFORE[language] in page.text
    assert '<link rel="stylesheet" href="/cookies.css">' in page.body.decode()
    assert (told.body.decode().strip(), told.header("cache-control")) == (SHOWN, "no-store")
    assert (untold.body, "cookies.css" in again.body.decode()) == (b"", False)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten"])
def test_what_is_sent_without_a_cookie_is_told_why_it_was_not_taken(server: Server, path: str) -> None:
    browser = forgetful(server)
    browser.send("GET", path)
    browser.cookies.clear()

    page = browser.press(path, {"email": "erika@example.com", "password": "correct horse battery"})

    assert page.status == 403
    assert AFTER in page.text
    assert "<h1>Your browser sent no cookie</h1>" in page.text
    assert "127.0.0.1" in page.text or "localhost" in page.text
    assert "reload" not in page.text.lower()


@pytest.mark.parametrize("scripts", [True, False])
def test_chromium_that_refuses_cookies_shows_it_before_anything_is_typed(
    server: Server, browser: Browser, tmp_path: Path, *, scripts: bool
) -> None:
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(REFUSED))
    refusing = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=whole_chromium(browser),
        args=launch_arguments(),
        java_script_enabled=scripts,
        locale="en-GB",
    )
    keeping = browser.new_context(java_script_enabled=scripts, locale="en-GB")

    try:
        for context, is_shown in ((refusing, True), (keeping, False)):
            page = context.new_page()
            page.goto(f"{server.origin}/sign-in")
            expect(page.get_by_text(BEFORE["en"])).to_be_visible(visible=is_shown)
    finally:
        refusing.close()
        keeping.close()
