"""A pooler hands one session of the server to many clients in turn; the service doesn't rely on having one."""

import subprocess
from collections.abc import Iterator
from itertools import count

import pytest

from harness.pgbouncer import find_pgbouncer, running_pgbouncer
from harness.postgres import PostgresServer
from harness.server import Server, new_number, quick_server
from harness.sinks import Sinks
from harness.visitor import rush

AT_ONCE = 8
SERVERS = {"transaction": 3, "session": 40}  # connections to the server: fewer than clients, where they can be shared
KEEPS_STATEMENTS = (1, 24)  # with the settings that it comes with; from 1.21 on where max_prepared_statements says so
numbers = count(1)


@pytest.fixture(scope="module", params=["transaction", "session"])
def server(
    request: pytest.FixtureRequest,
    pgbouncer: None,
    postgres: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
    sinks: Sinks,
) -> Iterator[Server]:
    """Serve through a PgBouncer, in either mode, with two workers, on a database that is migrated through it too."""
    url, folder = postgres.create(f"pooled_{next(numbers)}"), tmp_path_factory.mktemp(request.param)
    with (
        running_pgbouncer(url, mode=request.param, servers=SERVERS[request.param]) as through,
        quick_server(url, folder, sinks, database_url=through) as serving,
    ):
        yield serving


def test_eight_people_at_once_change_their_numbers(server: Server) -> None:
    people = server.people(AT_ONCE)
    wanted = [new_number() for _ in people]

    rush(AT_ONCE, lambda turn: people[turn].change_number(wanted[turn]))

    assert [person.live_sessions for person in people] == [1] * AT_ONCE
    assert [person.acts("number_changed") for person in people] == [1] * AT_ONCE
    assert " 500" not in server.log


def test_doctor_tells_which_pooler_stands_between_and_in_which_mode(server: Server) -> None:
    mode = "transaction" if "transaction" in server.folder.name else "session"
    keeps = mode == "transaction" and version() >= KEEPS_STATEMENTS

    found = server.run("doctor", "--json")

    statements = "prepared statements are kept" if keeps else "without prepared statements"
    assert f"in {mode} mode, {statements}" in found
    assert "through PgBouncer 1." in found


def version() -> tuple[int, int]:
    """The version that is installed here."""
    said = subprocess.run([str(find_pgbouncer()), "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = said.split()[1].split(".")[:2]
    return int(major), int(minor)
