"""The figures of `make figures`: each of six acts is one request that goes through a flow to the store."""

import structlog

from bench.acts import six_acts
from bench.figures import BEFORE, sizes, ways
from bench.in_process import running
from bench.walk import Walk


async def test_each_of_the_six_acts_is_walked() -> None:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    try:
        async with running() as service:
            walks = await six_acts(service)
    finally:
        structlog.reset_defaults()

    assert set(walks) == set(BEFORE)
    for walk in walks.values():
        assert {"web/edge.py", "flows/consequences.py", "store/unit_of_work.py"} <= walk.files
        assert walk.to_open < walk.files
    assert len(list(ways(walks))) == len(walks) + 2


def test_a_hop_leads_to_another_file() -> None:
    walk = Walk(["web/edge.py", "flows/act.py", "flows/act.py", "domain/account.py", "flows/act.py"])

    assert (walk.hops, len(walk.files)) == (3, 3)
    assert walk.to_open == {"flows/act.py", "domain/account.py"}


def test_sizes_are_those_of_functions_files_and_folders() -> None:
    assert [line.partition(":")[0] for line in sizes()] == ["Functions", "Files", "Folders"]
