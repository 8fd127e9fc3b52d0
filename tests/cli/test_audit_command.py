"""`renumber audit verify`."""

from harness.tables import write_to
from tests.cli.operator import Operator


def test_a_history_in_order_is_said_to_be_and_ends_with_0(operator: Operator) -> None:
    operator.enters()

    said = operator.runs("audit", "verify")

    assert (said.code, said.out) == (0, "1 row(s) verified; nothing was altered (no checkpoint yet).\n")
    assert operator.runs("audit", "verify", "--account", "erika@example.com").code == 0


def test_an_altered_row_is_named_by_account_and_row_and_ends_with_1(operator: Operator) -> None:
    operator.enters()
    account_id = operator.does("account", "show", "erika@example.com").split()[1]
    operator.does("account", "freeze", account_id, "--reason", "x")
    write_to(operator.url, "UPDATE audit SET evidence = 'reason: y' WHERE seq = 2")

    said = operator.runs("audit", "verify")

    assert said.code == 1
    assert said.out == f"Account {account_id}, row 2: it was changed or moved.\n"
    assert "1 finding(s): the history was altered. Keep a copy" in said.err
    assert operator.runs("audit", "verify", "--account", account_id).code == 1


def test_of_many_findings_the_first_are_told_and_all_are_counted(alone: Operator) -> None:
    for number in range(3):
        alone.enters(f"p{number}@example.com")
    for _ in range(10):
        for number in range(3):
            alone.does("account", "freeze", f"p{number}@example.com", "--reason", "x")
    write_to(alone.url, "UPDATE audit SET actor = 'somebody'")

    said = alone.runs("audit", "verify")

    assert len(said.out.splitlines()) == 33
    assert "33 finding(s): the history was altered" in said.err
