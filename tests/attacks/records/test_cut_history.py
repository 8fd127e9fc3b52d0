"""Threat: whoever can write to the database cuts off the end of the history with all that vouches for it (row 53)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.person import Person
from harness.server import Server, quick_server
from harness.sinks import Sinks
from harness.tables import rows_of, write_to

NEWER = (
    "DELETE FROM audit WHERE account_id = '{id}' AND seq > {seq}",
    "DELETE FROM audit_checkpoint WHERE number > 1",
    "DELETE FROM audit_mark WHERE number > 1",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def own(
    request: pytest.FixtureRequest, fresh_database: Callable[[str], str], tmp_path: Path, sinks: Sinks
) -> Iterator[Server]:
    """A server of its own: what is done to its history would be found by others."""
    with quick_server(fresh_database(request.param), tmp_path, sinks) as server:
        yield server


def put_back(server: Server, person: Person, head: dict[str, object]) -> None:
    """Cut the history of somebody back to a genuine end of before, and every checkpoint since."""
    for sql in NEWER:
        write_to(server.url, sql.format(id=person.account_id, seq=head["audit_seq"]))
    older = {name: bytes(head[name]).hex() for name in ("audit_hash", "audit_mac")}  # type: ignore[call-overload]
    bytes_of = "X'{}'" if server.url.startswith("sqlite:") else "'\\x{}'"
    columns = ", ".join(f"{name} = {bytes_of.format(value)}" for name, value in older.items())
    where = f"WHERE account_id = '{person.account_id}'"
    write_to(server.url, f"UPDATE account SET audit_seq = {head['audit_seq']}, {columns} {where}")  # noqa: S608 - ours


def test_a_thief_who_erases_the_theft_from_the_history_is_found_by_a_line_of_the_log(own: Server) -> None:
    person = own.person()
    first = own.sign_history()
    (head,) = rows_of(own.url, f"SELECT * FROM account WHERE account_id = '{person.account_id}'")  # noqa: S608 - ours
    person.sign_in()
    second = own.sign_history()
    in_order = own.tries("audit", "verify", "--after", second)

    put_back(own, person, head)

    unaware, found = own.tries("audit", "verify", "--after", first), own.tries("audit", "verify", "--after", second)
    assert in_order.returncode == unaware.returncode == 0, in_order.stdout + unaware.stdout
    assert found.returncode == 1
    assert "Checkpoint 2 of the anchor is missing" in found.stdout


def test_a_server_that_signs_on_after_the_cut_hides_nothing(own: Server) -> None:
    person, other = own.person(), own.person()
    own.sign_history()
    (head,) = rows_of(own.url, f"SELECT * FROM account WHERE account_id = '{person.account_id}'")  # noqa: S608 - ours
    person.sign_in()
    anchor = own.sign_history()

    put_back(own, person, head)
    other.sign_in()
    own.sign_history()

    found = own.tries("audit", "verify", "--after", anchor)
    assert found.returncode == 1
    # Which of the two depends on how many have signed meanwhile: the server's own process may have, besides.
    assert re.search(r"Checkpoint \d+ (is not the one of the anchor|of the anchor is missing)", found.stdout)
