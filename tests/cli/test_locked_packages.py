"""Whoever installs what requirements.lock names can migrate, serve and send: the tests' own packages are not there."""

import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from harness.postgres import PostgresServer
from harness.server import running_server
from harness.sinks import running_sinks
from tests.cli.operator import Operator

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([a-z0-9.-]+)==", re.MULTILINE)
WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}: requirements.lock does not name it", name=name)

sys.meta_path.insert(0, Missing())
"""


def pinned_by(lock: str) -> set[str]:
    """The packages that a lock file names."""
    return set(PINNED.findall((ROOT / lock).read_text()))


def modules_of_the_tests() -> set[str]:
    """What can be imported here, and not where only requirements.lock is installed."""
    extra = pinned_by("requirements-dev.lock") - pinned_by("requirements.lock")
    return {
        module
        for module, packages in packages_distributions().items()
        if {re.sub(r"[-_.]+", "-", package).lower() for package in packages} <= extra
    }


@pytest.fixture(params=["sqlite", "postgresql"])
def newcomer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Operator]:
    """An operator with an empty database, on a machine that has never seen the tests."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(names=modules_of_the_tests()))
    postgres: PostgresServer | None = None
    url = f"sqlite:///{tmp_path}/fresh.db"
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        url = postgres.create("renumber_locked")
    yield Operator(url, tmp_path, {"PYTHONPATH": str(tmp_path)})
    if postgres:
        postgres.drop("renumber_locked")


def test_what_is_not_locked_is_not_there(newcomer: Operator) -> None:
    assert {"pytest", "playwright", "aiosmtpd"} <= modules_of_the_tests()
    assert "sqlalchemy" not in modules_of_the_tests()


def test_a_fresh_machine_migrates_enters_and_looks(newcomer: Operator) -> None:
    create = ("account", "create", "--email", "anna@example.com", "--name", "Anna", "--password-stdin")

    made = [newcomer.runs_apart("migrate"), newcomer.runs_apart(*create, stdin="correct horse battery\n")]

    assert [said.code for said in made] == [0, 0], made
    assert "ok database" in newcomer.runs_apart("doctor").out


def test_a_fresh_machine_serves_and_sends(newcomer: Operator) -> None:
    with (
        running_sinks() as sinks,
        running_server(newcomer.url, newcomer.folder, sinks, workers=1, **newcomer.more) as server,
    ):
        person = server.person()
        server.run("account", "freeze", person.email, "--reason", "lost")

        sinks.mail.wait(person.email, 1)
        sinks.sms.wait(person.number, 1)
