"""One server that applications of other people's making have joined, and somebody with a browser."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from joserfc.jwk import KeySet
from playwright.sync_api import Browser

from harness.ports import free_port
from harness.server import Server, quick_server
from harness.sinks import Sinks, running_sinks
from tests.colours import shared_folder
from tests.foreign.counterparts import RUNNING, missing
from tests.foreign.parties import BANK, BANK_KEY, POSTED, PROGRAM, SECRET, Party, running_bank
from tests.journeys.conftest import _equip, _leave
from tests.journeys.traveller import Traveller
from tests.journeys.watch import Seen


@pytest.fixture(scope="module")
def sinks() -> Iterator[Sinks]:
    """Receive mails and text messages."""
    with running_sinks() as receiving:
        yield receiving


@pytest.fixture(scope="module")
def parties() -> dict[str, Party]:
    """Every application, at a port of its own."""
    return {name: Party(name, free_port()) for name in (*RUNNING, BANK, POSTED)}


@pytest.fixture(scope="module")
def server(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, sinks: Sinks, parties: dict[str, Party]
) -> Iterator[Server]:
    """Serve with a joins file."""
    folder = tmp_path_factory.mktemp("foreign")
    shutil.copyfile(sqlite_template, folder / "renumber.db")
    (folder / "client.secret").touch(mode=0o600)
    (folder / "client.secret").write_text(SECRET)
    (folder / "bank.keys.json").write_text(json.dumps(KeySet([BANK_KEY]).as_dict(private=False)))
    joins = folder / "joins.toml"
    joins.write_text("".join([PROGRAM, *(party.joins for party in parties.values())]))
    url = f"sqlite:///{folder / 'renumber.db'}"
    with quick_server(url, folder, sinks, workers=1, joins_file=str(joins), trusted_proxies="127.0.0.1/32") as serving:
        yield serving


@pytest.fixture(scope="module", params=RUNNING)
def party(
    request: pytest.FixtureRequest, parties: dict[str, Party], server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Party]:
    """Start one application; CI has what all of them need, another machine says what it lacks."""
    name: str = request.param
    require(name)
    with RUNNING[name](parties[name], server.origin, tmp_path_factory.mktemp(name)):
        yield parties[name]


@pytest.fixture(scope="module")
def bank(parties: dict[str, Party], server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    """Start the application of the FAPI 2.0 profile, which needs what the other of Node needs."""
    require("node")
    with running_bank(parties[BANK], server.origin, tmp_path_factory.mktemp(BANK)):
        yield parties[BANK]


def require(name: str) -> None:
    """Go on if the machine has what this takes; the end of the run lists what was skipped, and why."""
    lacks = missing().get(name)
    if lacks and os.environ.get("CI"):
        pytest.fail(f"CI has all of them, but not {lacks}")
    if lacks:  # a machine without npm or apt tries the others
        pytest.skip(f"not tried, for want of {lacks}")


@pytest.fixture
def arrive(
    browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Traveller]]:
    """Give somebody with an account a browser; whatever it complains of fails the test."""
    travellers: list[Traveller] = []
    seen = Seen(shared_folder(tmp_path_factory) / "seen beside others")

    def start() -> Traveller:
        person = server.person(locale="en")
        travellers.append(_equip(browser, server, person, language="en", scripts=True, seen=seen))
        return travellers[-1]

    yield start
    for traveller in travellers:
        _leave(traveller.context)
    assert not [complaint for traveller in travellers for complaint in traveller.watch.complaints]
