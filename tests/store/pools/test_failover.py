"""When the first server is gone and the second takes over, the service goes on with it, and has lost nothing."""

import time
from collections.abc import Callable, Iterator
from threading import Timer

import pytest

from harness.person import Person
from harness.replica import Pair, running_pair
from harness.server import Server, quick_server
from harness.sinks import Sinks
from harness.visitor import rush

AT_ONCE = 8
PROMOTED_AFTER = 1.0  # seconds
GOES_ON_WITHIN = 10.0  # seconds


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Run two servers."""
    with running_pair() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    pair: Pair, migrate: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Server]:
    """Serve with both in the URL."""
    migrate(pair.url("postgres"))
    folder, direct = tmp_path_factory.mktemp("failover"), pair.primary.database("postgres")
    with quick_server(direct, folder, sinks, workers=1, database_url=pair.url("postgres")) as serving:
        yield serving


def test_a_failover_loses_nothing_and_tells_nobody_an_untruth(pair: Pair, server: Server) -> None:
    people = server.people(AT_ONCE * 2)
    signed_in, strangers = people[:AT_ONCE], people[AT_ONCE:]
    rush(AT_ONCE, lambda turn: signed_in[turn].sign_in())

    cut_at = time.monotonic()
    pair.cut_power()
    takes_over = Timer(PROMOTED_AFTER, pair.promote)
    takes_over.start()
    seen = rush(AT_ONCE, lambda turn: until_signed_in(signed_in[turn], strangers[turn], cut_at + GOES_ON_WITHIN))
    took = time.monotonic() - cut_at
    takes_over.join()
    server.url = pair.standby.database("postgres")

    assert took < GOES_ON_WITHIN
    assert set().union(*seen) == {("/profile", 200, ""), ("/profile", 503, ""), ("/sign-in", 503, "")} | KEPT
    assert [len(person.rows("sign_in")) for person in strangers] == [1] * AT_ONCE
    assert [person.live_sessions for person in signed_in] == [1] * AT_ONCE


KEPT = {("/sign-in", 303, "/sign-in/code")}


def until_signed_in(known: Person, stranger: Person, give_up_at: float) -> set[tuple[str, int, str]]:
    """Look at a page as one who is signed in, and give a password as another, until both are answered."""
    seen: set[tuple[str, int, str]] = set()
    while ("/profile", 200, "") not in seen or not seen >= KEPT:
        assert time.monotonic() < give_up_at, seen
        if ("/profile", 200, "") not in seen:
            page = known.browser.get("/profile")
            seen.add(("/profile", page.status, page.location))
        if not seen >= KEPT:
            reply = stranger.give_password()
            seen.add(("/sign-in", reply.status, reply.location))
        time.sleep(0.1)
    return seen
