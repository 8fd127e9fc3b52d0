"""`renumber audit verify`."""

import csv
import io
import json
import signal
from datetime import timedelta

import pytest

from harness.postgres import stop
from harness.tables import rows_of, write_to
from renumber.clock import SystemClock
from renumber.domain.account import INSTALLATION
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


def signs(operator: Operator) -> str:
    """Let a dispatcher keep house until it has signed the history, and give its line of the log."""
    operator.more["RENUMBER_JSON_LOGS"] = "yes"
    working = operator.starts("work")
    assert working.stdout
    try:
        return next(line for line in working.stdout if '"history_signed"' in line)
    finally:
        stop(working, signal.SIGTERM)
        working.stdout.close()


def test_a_history_is_held_against_a_line_of_the_log_or_a_file_of_them(operator: Operator) -> None:
    operator.enters()
    first = signs(operator)
    operator.moves_clock(3700)
    operator.does("account", "freeze", "erika@example.com", "--reason", "x")
    second = signs(operator)
    kept = operator.writes("anchors.log", f"another line\n{first}\n{second}\n")
    in_order = [operator.runs("audit", "verify", "--after", each) for each in (first, second, str(kept), "anchors.log")]

    for table in ("audit_checkpoint", "audit_mark"):
        write_to(operator.url, f"DELETE FROM {table} WHERE number = 2")  # noqa: S608 - our own names
    cut = [operator.runs("audit", "verify", "--after", each) for each in (second, str(kept))]

    assert [said.code for said in in_order] == [0, 0, 0, 0]
    assert in_order[0].out.endswith(", 1 anchor(s) held).\n")
    assert in_order[2].out.endswith(", 2 anchor(s) held).\n")
    assert operator.runs("audit", "verify").code == 0
    assert operator.runs("audit", "verify", "--after", first).code == 0
    for said in cut:
        assert said.code == 1
        assert said.out.startswith("Checkpoint 2 of the anchor is missing, and with it what was written: 2 row(s) in ")
        assert "1 finding(s): the history was altered. Keep a copy" in said.err


@pytest.mark.parametrize("after", ["nothing", "no-such.log", "renumber-audit/1/2", "."])
def test_what_holds_no_anchor_is_refused_before_anything_is_read(alone: Operator, after: str) -> None:
    said = alone.runs("audit", "verify", "--after", after)

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"There is no anchor in {after}: give a line of the log")


def test_rows_that_no_checkpoint_covers_in_time_are_told_without_saying_that_anything_was_altered(
    operator: Operator,
) -> None:
    operator.enters()
    operator.moves_clock(3 * 3600)

    said = operator.runs("audit", "verify")

    assert said.code == 1
    assert said.out.startswith("1 row(s), the oldest of ")
    assert "1 finding(s): nothing vouches for the end of the history." in said.err
    assert rows_of(operator.url, "SELECT 1 FROM audit_checkpoint") == []


def test_an_export_is_of_a_time_an_account_and_a_format_and_is_in_the_history_itself(operator: Operator) -> None:
    operator.enters()
    operator.moves_clock(3 * 86400)
    operator.enters("theo@example.com")
    account_id = operator.does("account", "show", "theo@example.com").split()[1]
    times = [(SystemClock().now() + timedelta(days=days)).date().isoformat() for days in (1, 30)]

    late = operator.does("audit", "export", "--from", times[0], "--to", times[1], "--reason", "For the bank.")
    none = operator.does("audit", "export", "--to", "2020-01-01")
    table = operator.does("audit", "export", "--account", account_id, "--format", "csv", "--as", "anna")

    assert {json.loads(line)["account_id"] for line in late.splitlines()} == {account_id, INSTALLATION}
    assert none == ""
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["act"] for row in rows] == ["account_created", "account_shown", "history_exported"]
    assert (rows[-1]["evidence"], rows[-1]["subject"]) == ("by anna", "csv ../..")
    assert operator.runs("audit", "export", "--from", "yesterday").code == 2


def test_a_report_is_one_whole_page_in_a_language_with_masks_alone_and_leaves_its_row(alone: Operator) -> None:
    alone.enters()

    german = alone.does("audit", "report", "erika@example.com", "--language", "de", "--as", "anna")
    refused = alone.runs("audit", "report", "erika@example.com", "--language", "xx")

    assert german.lstrip().startswith('<!doctype html>\n<html lang="de"')
    assert "Nichts wurde verändert" in german
    assert "Das Konto wurde angelegt" in german
    assert "Betreiber anna" in german
    assert "<style>" in german
    assert not [each for each in ("erika@example.com", "+4915123456789", "href=", "src=") if each in german]
    assert refused.code == 2
    acts = rows_of(alone.url, "SELECT act FROM audit ORDER BY seq")
    assert [row["act"] for row in acts] == ["account_created", "account_shown"]
