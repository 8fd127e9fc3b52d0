"""Threat: a pooler between service and database, which hands one session of the server to many clients in turn."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from harness.pgbouncer import running_pgbouncer
from harness.server import Server, new_number, quick_server
from harness.sinks import Sinks
from harness.visitor import rush

AT_ONCE = 8


@pytest.fixture(scope="module", params=["transaction", "session"])
def server(
    request: pytest.FixtureRequest,
    pgbouncer: None,
    fresh_database: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    sinks: Sinks,
) -> Iterator[Server]:
    """Serve through a PgBouncer, in either mode, with two workers."""
    url, folder = fresh_database("postgresql"), tmp_path_factory.mktemp("pooled")
    servers = 3 if request.param == "transaction" else 40
    with (
        running_pgbouncer(url, mode=request.param, servers=servers) as through,
        quick_server(url, folder, sinks, database_url=through) as serving,
    ):
        yield serving


def test_eight_people_at_once_change_their_numbers(server: Server) -> None:
    people = server.people(AT_ONCE)

    def live(turn: int) -> int:
        person = people[turn]
        person.reset_number()
        person.come_to_number() if not person.number else None
        return person.live_sessions

    replies = rush(AT_ONCE, lambda turn: people[turn].sign_in())

    assert len(replies) == AT_ONCE
