"""One server for all journeys, on SQLite, and a browser of its own for everyone who travels."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error

from harness.browser import PATIENCE
from harness.person import Person
from harness.server import Server, quick_server
from harness.sinks import Sinks, running_sinks
from tests.colours import shared_folder
from tests.journeys.handset import Connected, Handset, Household, code_for
from tests.journeys.traveller import Traveller
from tests.journeys.watch import NARROW, Seen, Watch

Travel = Callable[..., Traveller]
places = count(1)
BEHIND_A_PROXY = {"trusted_proxies": "127.0.0.1/32", "allowed_countries": "AT,BE,CH,DE,ES,FR,GB,IT,LI,LU,NL,PL,US"}
BY_THEMSELVES = ("/push", "/profile", "/caller", "/company", "/console")  # pages that go on or look again
LOCALES = {"de": "de-DE", "en": "en-GB"}


@pytest.fixture(scope="session")
def sinks() -> Iterator[Sinks]:
    """Receive mails and text messages."""
    with running_sinks() as receiving:
        yield receiving


@pytest.fixture(scope="session")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, sinks: Sinks) -> Iterator[Server]:
    """Serve all journeys but those that name another database; its clock only ever moves forward."""
    folder = tmp_path_factory.mktemp("journeys")
    shutil.copyfile(sqlite_template, folder / "renumber.db")
    url = f"sqlite:///{folder / 'renumber.db'}"
    with quick_server(url, folder, sinks, workers=1, **BEHIND_A_PROXY) as serving:
        yield serving


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Look at each state of a page once, whichever process comes to it."""
    return Seen(shared_folder(tmp_path_factory) / "seen")


@pytest.fixture
def travel(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Travel]:
    """Give someone a browser, at an address of its own so that limits per address are theirs alone."""
    travellers: list[Traveller] = []

    def start(language: str = "en", **wishes: Any) -> Traveller:
        server: Server = wishes.pop("server", None) or request.getfixturevalue("server")
        person: Person | None = wishes.pop("person", None)
        scripts: bool = wishes.pop("scripts", True)
        widths: tuple[int, ...] = wishes.pop("widths", (NARROW,))
        person = person or server.person(locale=language, **wishes)
        seen: Seen = request.getfixturevalue("seen")
        traveller = _equip(browser, server, person, language=language, scripts=scripts, seen=seen, widths=widths)
        travellers.append(traveller)
        return traveller

    yield start
    for traveller in travellers:
        with traveller.watch.forgiving_aborts():  # a page may be on its way to the next by itself
            _leave(traveller.context)
    assert not [complaint for traveller in travellers for complaint in traveller.watch.complaints]


@pytest.fixture
def connected(travel: Travel) -> Connected:
    """Give someone a phone that is connected, and a desk at which they sign in."""

    def connect(language: str = "en") -> Household:
        holder = travel(language)
        phone = Handset(holder)
        phone.connect(code_for(holder.person))
        return Household(phone, travel(language, person=holder.person))

    return connect


def _leave(context: BrowserContext) -> None:
    """Close a browser whose pages rest: one that goes on by itself just then can keep Chromium from ever closing it."""
    for page in context.pages:
        if any(path in page.url for path in BY_THEMSELVES):
            with suppress(Error):  # it went on once more
                page.goto("about:blank")
    context.close()


def _equip(
    browser: Browser,
    server: Server,
    person: Person,
    *,
    language: str,
    scripts: bool,
    seen: Seen,
    widths: tuple[int, ...] = (NARROW,),
) -> Traveller:
    place = next(places)
    context = browser.new_context(
        locale=LOCALES[language],
        timezone_id="Europe/Berlin",
        java_script_enabled=scripts,
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 900},
        extra_http_headers={"X-Forwarded-For": f"10.0.{place // 250}.{1 + place % 250}"},
    )
    context.set_default_timeout(PATIENCE)
    watch = Watch(context, scripts=scripts, seen=seen, widths=widths)
    return Traveller(server, person, context, watch, language)
