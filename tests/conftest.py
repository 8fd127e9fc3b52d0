"""What every test may ask for: a server, a fresh database on either engine, a browser."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from inspect import iscoroutinefunction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from harness.browser import running_browser
from harness.memory import memory_folder
from harness.postgres import PostgresServer, in_a_thread, running_postgres
from renumber.store.schema.migrate import upgrade

Migrate = Callable[[str], None]
TESTS = Path(__file__).parent
ORDER = ("domain", "shape", "policies", "flows", "store", "web", "delivery", "attacks")
NEEDS = {"postgres": "postgresql", "browser": "chromium"}  # by fixture, and by the parameter that leads to it
SHARED = ("lives", "demo")  # fixtures that take seconds to make and are used by several files
numbers = count(1)

# A command that is run by a test says a thing when it says it, on whatever machine.
os.environ.pop("PYTHONUNBUFFERED", None)

# Files of tests are in memory, where the machine has room: SQLite waits for its disk at every commit.
if folder := memory_folder():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))

# The same examples in every run, and no deadline: a shared machine is slow now and then.
settings.register_profile("renumber", derandomize=True, deadline=None)
settings.load_profile("renumber")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what each test needs; run the fast ones first and what drives a browser last, its longest files first.

    The browser's driver keeps an event loop running, beside which no async test can start.
    """
    driving: set[pytest.Item] = set()
    for item in items:
        needed = needs(item)
        for need in needed:
            item.add_marker(need)
        if "browser" in needed:
            driving.add(item)
            if iscoroutinefunction(getattr(item, "obj", None)):
                raise pytest.UsageError(f"{item.nodeid} drives a browser, so it must be a plain function, not async")
        item.add_marker(pytest.mark.xdist_group(_group(item, drives_a_browser=item in driving)))
    yield
    driven, sizes = {item.path for item in items if item in driving}, Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path in driven, -sizes[item.path] if item.path in driven else _turn(item.path)))


def needs(item: pytest.Item) -> set[str]:
    """Name what must be installed for a test beside Python: PostgreSQL, a browser, or nothing."""
    parameters = _parameters(item)
    fixtures = (name for name in getattr(item, "fixturenames", ()) if name not in parameters)
    asked = {need for name in fixtures if (need := _need_of(name))}
    return asked | {need for need, parameter in NEEDS.items() if parameter in parameters.values()}


@cache
def _need_of(fixture: str) -> str:
    """Name what a fixture needs, by its own name; nothing for most."""
    return next((need for need in NEEDS if fixture == need or fixture.endswith(f"_{need}")), "")


def _group(item: pytest.Item, *, drives_a_browser: bool) -> str:
    """Name what one process runs as a whole: a file, or all tests that share something costly."""
    for shared in SHARED:
        if shared in getattr(item, "fixturenames", ()):
            return f"{shared} in a browser" if drives_a_browser else shared
    return _place(item.path)


def _parameters(item: pytest.Item) -> dict[str, object]:
    found: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    return {name: value if isinstance(value, str) else "" for name, value in found.items()}


@cache
def _place(path: Path) -> str:
    return str(path.relative_to(TESTS))


@cache
def _turn(path: Path) -> int:
    room = path.relative_to(TESTS).parts[0]
    return ORDER.index(room) if room in ORDER else len(ORDER)


@pytest.fixture(scope="session")
def migrate() -> Migrate:
    """Bring the database at a URL to the current schema."""
    return partial(in_a_thread, upgrade)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Run one PostgreSQL server for all tests."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> str:
    """Give the URL of the server's own empty database."""
    return postgres.database("postgres")


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, migrate: Migrate) -> str:
    """Migrate one PostgreSQL database, of which each test gets a copy; spread over partitions if that is asked for."""
    url = postgres.create("template_renumber")
    migrate(url)
    if partitions := os.environ.get("RENUMBER_TEST_PARTITIONS"):
        in_a_thread(partial(upgrade, partitions=int(partitions)), url)
    return "template_renumber"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, migrate: Migrate) -> Path:
    """Migrate one SQLite file, of which each test gets a copy."""
    path = tmp_path_factory.mktemp("template") / "renumber.db"
    migrate(f"sqlite:///{path}")
    left = [name for name in path.parent.iterdir() if name != path]
    assert not left, f"a migration closes its database, or a copy would miss what is in {left}"
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give a test its own migrated SQLite database."""
    path = tmp_path / "renumber.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o600)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """Give a test its own migrated PostgreSQL database."""
    name = f"renumber_{next(numbers)}"
    yield postgres.create(name, template=postgres_template)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Run the test twice, each time with its own migrated database: on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one headless Chromium for all journeys; each makes its own context."""
    with running_browser() as chromium:
        yield chromium
