"""Threat: a route that goes on, or talks of the inside, when the database fails under it (SECURITY.md row 40)."""

import pytest

from harness.server import Server
from renumber.web.access import Access
from renumber.web.app import PAGES
from tests.attacks.faults.test_faults import is_generic, without_table
from tests.attacks.sessions.states import awaiting_factor, signed_in
from tests.attacks.sessions.test_doors import walk


@pytest.mark.parametrize(
    ("access", "come", "table"),
    [(Access.SESSION, signed_in, "session"), (Access.SIGN_IN, awaiting_factor, "sign_in")],
    ids=["in a session", "in a sign-in"],
)
def test_whichever_route_meets_a_fault_fails_closed_with_a_sentence_and_its_number(
    server: Server, access: Access, come: object, table: str
) -> None:
    assert callable(come)
    person = come(server)
    server.await_sent(person.account_id)
    acts, told = len(person.rows("audit")), len(person.rows("outbox"))

    with without_table(server, table):
        replies = {route.path: walk(person, route) for route in PAGES if route.access is access}

    failed = {path: (reply.status, is_generic(reply)) for path, reply in replies.items()}
    assert {path: how for path, how in failed.items() if how != (500, True)} == {}
    assert (len(person.rows("audit")), len(person.rows("outbox"))) == (acts, told)
