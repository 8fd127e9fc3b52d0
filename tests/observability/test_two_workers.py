"""What an operator sees of a service with two workers, and what is left when it is told to stop."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from harness.person import Person
from harness.server import Server, quick_server, running_server
from harness.sinks import running_sinks
from harness.visitor import Reply

TOKEN = "for the eyes of the operator"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
HEALTHY = re.compile(r'renumber_request_seconds_count\{[^}]*route="/healthz"[^}]*\} (\S+)')


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve with two workers, and show figures to whoever knows the token; each test counts something else."""
    folder = tmp_path_factory.mktemp("counted")
    shutil.copyfile(sqlite_template, folder / "renumber.db")
    url = f"sqlite:///{folder / 'renumber.db'}"
    with running_sinks() as sinks, running_server(url, folder, sinks, workers=2, metrics_token=TOKEN) as serving:
        yield serving


@pytest.fixture
def own_server(sqlite_url: str, tmp_path: Path) -> Iterator[Server]:
    """Serve with two workers that a test may stop."""
    with running_sinks() as sinks, quick_server(sqlite_url, tmp_path, sinks, workers=2) as serving:
        yield serving


def figures(server: Server, headers: dict[str, str]) -> Reply:
    """What the metrics answer on a connection of their own, by whichever worker gets it."""
    return server.visitor().send("GET", "/metrics", headers=headers)


def test_whichever_worker_answers_the_figures_are_those_of_all(server: Server) -> None:
    for _ in range(60):
        server.visitor().send("GET", "/healthz")

    counted = {HEALTHY.findall(figures(server, SHOWN).text)[0] for _ in range(10)}

    assert counted == {"60.0"}


def test_what_was_done_and_sent_is_counted_whichever_worker_did_it(server: Server) -> None:
    for person in server.people(4):
        person.give_password(server.visitor())
        server.await_sent(person.account_id)

    shown = figures(server, SHOWN).text

    assert 'renumber_sign_ins_total{result="password_accepted"} 4.0' in shown
    assert 'renumber_deliveries_total{channel="sms",notice="sign_in_code",result="sent"} 4.0' in shown
    assert 'renumber_outbox_messages{state="waiting"} 0.0' in shown


def test_without_the_token_there_are_no_figures(server: Server) -> None:
    answers = [figures(server, headers) for headers in ({}, {"Authorization": "Bearer wrong, and as long as it"})]

    assert [answer.status for answer in answers] == [404, 404]
    assert not any("renumber_" in answer.text for answer in answers)


def test_a_stop_in_the_middle_of_requests_leaves_no_claim_and_no_error(own_server: Server) -> None:
    server, people = own_server, own_server.people(6)
    pressing = [threading.Thread(target=press_until_it_is_gone, args=(server, person)) for person in people]
    for thread in pressing:
        thread.start()
    server.sinks.sms.wait(people[0].number, 1)

    server.stop()
    for thread in pressing:
        thread.join()

    assert server.process is not None
    assert server.process.returncode == 0
    assert server.rows("SELECT message_id FROM outbox WHERE claim IS NOT NULL AND state = 'waiting'") == []


def press_until_it_is_gone(server: Server, person: Person) -> None:
    """Sign in again and again."""
    with suppress(OSError, HTTPException):
        while server.process and server.process.poll() is None:
            person.give_password(server.visitor())
