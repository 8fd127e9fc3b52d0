"""Two trees side by side: what a run of `make bench` prints is read, and the table has the ratio of the medians."""

from dataclasses import replace

import pytest

from bench.__main__ import Round
from bench.compare import MEASURES, Run, read, table

ROUND = Round(
    database="postgresql",
    at_once=8,
    journeys=10,
    seconds=2.0,
    requests=[0.010] * 99 + [0.200],
    server_cpu=1.0,
    database_cpu=0.2,
    memory=[110.0, 100.0],
)


def printed(load: Round, *, ready: float = 2.0) -> Run:
    return read(
        [
            "x86_64, 2 cores, Python 3.11.7; noise 5%",
            f"postgresql: ready {ready:.2f} s after start",
            "postgresql: floor 60.0 ms of CPU per journey, of which 40.0 ms hashing",
            load.line(0.06, 0.04),
            "sign-in by push: 40.5 ms of server CPU = 1.07 x text message",
            "GET /standing: 0.66 ms of server CPU = 0.01 x sign-in on our own pages",
            "noise at the end 7%",
        ]
    )


def test_a_line_of_a_round_is_read_as_it_was_printed() -> None:
    run = printed(ROUND)

    values = dict(zip(MEASURES, run.loads["postgresql", 8], strict=True))
    assert values == {
        "journeys/s": 5.0,
        "p50, ms": 10.0,
        "p99, ms": 200.0,
        "server CPU, ms": 100.0,
        "database CPU, ms": 20.0,
        "x floor": 2.0,
        "a request above the hash, ms": pytest.approx(60 / 18, abs=0.01),
        "a worker, MB": 105.0,
    }
    assert run.singles == {
        "postgresql: ready after, s": 2.0,
        "postgresql: floor, ms": 60.0,
        "sign-in by push, ms of server CPU": 40.5,
        "GET /standing, ms of server CPU": 0.66,
    }


def test_the_table_has_the_medians_of_both_trees_and_their_ratio() -> None:
    before = [printed(ROUND), printed(replace(ROUND, seconds=4.0), ready=3.0), printed(ROUND)]
    after = [printed(replace(ROUND, seconds=1.0), ready=1.0)]

    lines = list(table(before, after))

    [load] = [line for line in lines if line.startswith("| postgresql | 8 |")]
    assert load.split(" | ")[2] == "5 → 10 = 2.00"
    assert "| postgresql: ready after, s | 2 | 1 | 0.50 |" in lines


def test_what_one_tree_alone_prints_is_left_out() -> None:
    older = Run(printed(ROUND).loads)

    assert [line for line in table([older], [printed(ROUND)]) if "push" in line or "ready" in line] == []
    assert [line for line in table([Run()], [printed(ROUND)]) if "postgresql" in line] == []
