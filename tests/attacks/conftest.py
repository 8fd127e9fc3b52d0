"""Two servers for all attacks, on SQLite and on PostgreSQL, each with two worker processes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from itertools import count

import pytest

from harness.postgres import PostgresServer
from harness.server import Server, quick_server
from harness.sinks import Sinks, running_sinks
from harness.visitor import FIREFOX, Visitor
from tests.attacks.full_life import FIELDS_OF_NO_FORM, Life, live

numbers = count(1)


@pytest.fixture(scope="session")
def sinks() -> Iterator[Sinks]:
    """Receive mails and text messages."""
    with running_sinks() as receiving:
        yield receiving


@pytest.fixture(scope="session")
def fresh_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Make a migrated database on one of the engines, and give its URL."""

    def make(engine: str) -> str:
        if engine == "sqlite":
            path = tmp_path_factory.mktemp("attacked") / "renumber.db"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        postgres: PostgresServer = request.getfixturevalue("postgres")
        return postgres.create(f"attacked_{next(numbers)}", template=request.getfixturevalue("postgres_template"))

    return make


@pytest.fixture(scope="session")
def serve(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Callable[[str], Server]]:
    """Serve on one of the engines from the first test that asks for it to the last of all."""
    with ExitStack() as running:

        @cache
        def start(engine: str) -> Server:
            folder = tmp_path_factory.mktemp("server")
            return running.enter_context(quick_server(fresh_database(engine), folder, sinks))

        yield start


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, serve: Callable[[str], Server]) -> Server:
    """One server after the other."""
    return serve(request.param)


EVIL = "evil.example"
MARKUP = '"><script>alert(1)</script>\tBcc: all@example.org'
NASTY_NAME = "Eva <b>&amp;</b>\r\nBcc: mallory@example.net\r\n\r\n\u202etxet"


def forging(browser: Visitor, turn: int) -> None:
    """Claim in every way to have asked another host, with fields that no form has, and a bad name."""
    browser.headers |= {
        "User-Agent": f"{FIREFOX} {MARKUP}",
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Server": EVIL,
        "X-Host": EVIL,
        "X-Original-URL": f"https://{EVIL}/",
        "Forwarded": f"for=198.51.100.1;host={EVIL};proto=https",
    }
    browser.added = FIELDS_OF_NO_FORM
    if turn % 2:
        browser.headers["Host"] = EVIL
    else:
        browser.origin = f"http://{EVIL}"


@pytest.fixture(scope="session")
def lives() -> dict[str, Life]:
    """Keep what happened, by the database of the server on which it did: it takes seconds, and is only looked at."""
    return {}


@pytest.fixture(scope="module")
def life(server: Server, lives: dict[str, Life]) -> Life:
    """Let everything happen to five people with a bad name, by browsers that forge what they can."""
    if server.url not in lives:
        lives[server.url] = live(server, NASTY_NAME, forging)
    return lives[server.url]
