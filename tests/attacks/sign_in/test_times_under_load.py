"""Threat: a stranger who measures whether an address is known here, at rest or under load (SECURITY.md row 48).

The measure is the area under the curve: how often a known address takes longer than an unknown one, of all pairs. It
goes by ranks, so that a slow machine or a few slow requests move it little; half is a coin that is tossed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from random import Random
from time import perf_counter

import pytest

from harness.flood import flooded
from harness.server import Server, quick_server
from harness.sinks import Sinks
from harness.visitor import Visitor

SAMPLES = 200  # a side: the area then has a standard error of 0.03
MOST_SAMPLES = 800
MOST_AREA = 0.65
CLIENTS = 8
strangers, places = count(1), count(1)
shuffled = Random(48)  # noqa: S311 - an order, and no secret


@pytest.fixture(scope="module")
def measured_server(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Server]:
    """PostgreSQL and two workers: there, rows are locked one by one. Cheap hashes hide nothing of what lies around."""
    folder = tmp_path_factory.mktemp("measured")
    with quick_server(fresh_database("postgresql"), folder, sinks, workers=2) as serving:
        yield serving


def area(longer: list[float], shorter: list[float]) -> float:
    """How often a time of the first is longer than one of the second, over all pairs; equal ones count half."""
    ranked = sorted(shorter)
    wins = sum(bisect_left(ranked, time) + bisect_right(ranked, time) for time in longer)
    return wins / (2 * len(longer) * len(shorter))


def sample(server: Server, path: str, form: dict[str, str], times: dict[bool, list[float]]) -> None:
    """Ask for as many known as unknown addresses, each once and from a place of its own, in any order."""
    known = [(True, person.email) for person in server.people(SAMPLES)]
    unknown = [(False, f"person-x{next(strangers)}@example.com") for _ in range(SAMPLES)]
    seed = server.visitor()
    seed.get(path)
    for is_known, email in shuffled.sample(known + unknown, 2 * SAMPLES):
        place = next(places)
        browser: Visitor = seed.copied(f"127.150.{1 + place // 250}.{1 + place % 250}")
        begun = perf_counter()
        browser.post(path, {"email": email, **form})
        times[is_known].append(perf_counter() - begun)


@pytest.mark.parametrize("clients", [0, CLIENTS], ids=["at rest", "under load"])
@pytest.mark.parametrize(
    ("path", "form"),
    [("/sign-in", {"password": "no such word"}), ("/sign-in/forgotten", {})],
    ids=["a wrong password", "a forgotten password"],
)
def test_known_and_unknown_addresses_are_not_told_apart_by_their_times(
    measured_server: Server, path: str, form: dict[str, str], clients: int
) -> None:
    times: dict[bool, list[float]] = {True: [], False: []}
    found = 1.0
    with ExitStack() as load:
        if clients:
            load.enter_context(flooded(measured_server.port, clients))
        while found > MOST_AREA and len(times[True]) < MOST_SAMPLES:
            sample(measured_server, path, form, times)
            found = max(area(times[True], times[False]), area(times[False], times[True]))

    assert found <= MOST_AREA, f"{len(times[True])} samples a side"
