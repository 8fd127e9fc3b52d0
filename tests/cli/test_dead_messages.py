"""`renumber dead-messages …`."""

import re

from harness.tables import rows_of, write_to
from tests.cli.operator import Operator


def given_up(operator: Operator) -> list[str]:
    """Two messages of one account that no gateway took."""
    operator.enters()
    operator.does("account", "freeze", "erika@example.com", "--reason", "x")
    write_to(
        operator.url, "UPDATE outbox SET state = 'dead', settled_at = created_at, attempts = 9, outcome = 'refused'"
    )
    return [row["message_id"] for row in rows_of(operator.url, "SELECT message_id FROM outbox ORDER BY message_id")]


def states(operator: Operator) -> dict[str, str]:
    """What became of each message."""
    rows = rows_of(operator.url, "SELECT message_id, state FROM outbox")
    return {row["message_id"]: row["state"] for row in rows}


def test_what_was_given_up_is_listed_by_ids_and_reason_alone(operator: Operator) -> None:
    ids = given_up(operator)

    said = operator.does("dead-messages", "list")

    assert all(one in said for one in ids)
    assert re.search("account_frozen by sms +refused\n", said)
    assert "erika" not in said.lower()
    assert "456789" not in said


def test_one_is_sent_again_and_one_is_dropped_with_what_it_says(operator: Operator) -> None:
    first, second = given_up(operator)

    sent = operator.does("dead-messages", "retry", first)
    dropped = operator.does("dead-messages", "drop", second)

    assert sent == "1 message(s) will be sent again.\n"
    assert dropped == "Dropped.\n"
    assert states(operator) == {first: "waiting", second: "expired"}
    content = rows_of(operator.url, "SELECT message_id FROM outbox WHERE content IS NULL")
    assert [row["message_id"] for row in content] == [second]
    assert operator.runs("dead-messages", "drop", first).code == 1


def test_all_are_sent_again_but_those_that_would_come_too_late(operator: Operator) -> None:
    first, second = given_up(operator)
    write_to(operator.url, f"UPDATE outbox SET expires_at = 1 WHERE message_id = '{first}'")  # noqa: S608 - ours

    refused = operator.runs("dead-messages", "retry", first)
    said = operator.does("dead-messages", "retry", "--all")

    assert refused.code == 1
    assert "would come too late" in refused.err
    assert said == "1 message(s) will be sent again.\n"
    assert states(operator) == {first: "dead", second: "waiting"}


def test_without_any_there_is_nothing_to_do(alone: Operator) -> None:
    assert alone.does("dead-messages", "list") == "There is no dead message.\n"
    assert alone.does("dead-messages", "retry", "--all") == "0 message(s) will be sent again.\n"
    assert alone.runs("dead-messages", "retry").code == 2
    assert alone.runs("dead-messages", "retry", "x").code == 1
    assert alone.runs("dead-messages", "drop", "x").code == 1
