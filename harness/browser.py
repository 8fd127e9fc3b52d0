"""The Chromium that journeys drive, and the accessibility rules that they hold each page to."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

# One without windows takes half of the processor time; the others draw theirs where nobody looks.
WINDOWLESS = ("chromium-headless-shell",)
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--in-process-gpu",  # what paints without one is no process of its own
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-site-isolation-trials",  # one process draws all pages, instead of one or two new ones for each window
    "--renderer-process-limit=1",
)
# The driver's own list, since the last one counts, and the suggestions under the address, which are two more pages in
# each window: about two fifths of what a window costs.
UNUSED = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "IsolateOrigins",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    "site-per-process",
)
# Milliseconds: whoever waits goes on as soon as there is something to go on to, and a shared machine is slow at times.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
OF_COLOURS = ("color-contrast", "link-in-text-block")
VIOLATIONS = """async options =>
  (await axe.run("html", { ...options, resultTypes: ["violations"] })).violations
    .map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target).join(", ")}`)"""
MISSING = (
    "No Chromium was found. Install one (Debian and Ubuntu: apt-get install chromium), "
    "or run scripts/find-chromium, which does it for you."
)


def find_chromium() -> Path:
    """Find the machine's Chromium, else the one that Playwright has installed."""
    if found := _installed(*WINDOWLESS, *WHOLE):
        return found
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    raise FileNotFoundError(MISSING)


def _installed(*names: str) -> Path | None:
    path = f"{os.environ.get('PATH', '')}:/usr/bin:/snap/bin"
    return next((Path(found) for name in names if (found := shutil.which(name, path=path))), None)


def launch_arguments() -> list[str]:
    """Give the switches that keep Chromium from calling home; root has no sandbox to offer it."""
    return [*QUIET, f"--disable-features={','.join(UNUSED)}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a headless Chromium until the block ends."""
    executable = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=launch_arguments())
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def running_whole(beside: Browser) -> Iterator[Browser]:
    """Run a Chromium with all that it has until the block ends: one without windows lets no page notify anybody."""
    browser = beside.browser_type.launch(executable_path=whole_chromium(beside), args=launch_arguments())
    try:
        yield browser
    finally:
        browser.close()


def whole_chromium(beside: Browser) -> Path:
    """Find the Chromium that has all settings of one with windows."""
    return _installed(*WHOLE) or Path(beside.browser_type.executable_path)


class Held:
    """Requests of a page for an address, which nobody answers until the test does."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        self._held: list[Route] = []
        page.route(address, self._keep)

    def _keep(self, route: Route) -> None:
        self._held.append(route)

    def one(self) -> Route:
        """Wait for the first of them."""
        give_up_at = time.monotonic() + PATIENCE / 1000
        while not self._held:
            assert time.monotonic() < give_up_at, "no such request was made"
            self._page.wait_for_timeout(20)
        return self._held[0]


@cache
def axe_source() -> str:
    """Read the axe-core script, a file of its own inside a wheel."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def accessibility_problems(page: Page) -> list[str]:
    """Name what axe-core finds wrong on the page (WCAG 2.2 A and AA, and good practice): the rule, and where."""
    return _found(page, {})


def structure_problems(page: Page) -> list[str]:
    """Name what is wrong with the page in any colours."""
    return _found(page, {"rules": {rule: {"enabled": False} for rule in OF_COLOURS}})


def _found(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())  # the page's content security policy forbids a script tag, and this needs none
    problems: list[str] = page.evaluate(VIOLATIONS, options)
    return problems


if __name__ == "__main__":
    try:
        sys.stdout.write(f"Chromium: {find_chromium()}\n")
    except FileNotFoundError as error:
        sys.exit(str(error))
