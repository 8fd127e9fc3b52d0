"""A run of `audit verify` that was broken off goes on, and proves no less than one that was not."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.tables import rows_of, write_to
from renumber.cli.audit.run_file import RunFile, Standing
from renumber.clock import SystemClock
from renumber.crypto import KeyRing
from renumber.store.records.mapper import ms
from tests.cli.operator import Operator

NOW = SystemClock().now()


@pytest.fixture
def crowd(alone: Operator) -> Operator:
    """An installation with three people."""
    for number in range(3):
        alone.enters(f"p{number}@example.com")
    return alone


def ids(operator: Operator) -> list[str]:
    rows = rows_of(operator.url, "SELECT account_id FROM account WHERE email IS NOT NULL ORDER BY account_id")
    return [row["account_id"] for row in rows]


def keys_of(operator: Operator) -> KeyRing:
    return KeyRing.opened("", operator.folder / "key")


def broken_off(operator: Operator, **fields: object) -> Path:
    """The file of a run that was broken off behind the first account."""
    standing = Standing(begun_at=ms(NOW), after=ids(operator)[0], rows=1)
    path = operator.folder / "run"
    RunFile(path, keys_of(operator)).write(replace(standing, **fields))  # type: ignore[arg-type]  # any field
    return path


def alter(operator: Operator, account_id: str) -> None:
    write_to(operator.url, f"UPDATE audit SET act = 'x' WHERE account_id = '{account_id}'")  # noqa: S608 - ours


def test_a_run_that_comes_to_its_end_leaves_no_file(crowd: Operator) -> None:
    said = crowd.runs("audit", "verify", "--state", "run")

    assert (said.code, said.out.partition(";")[0]) == (0, "3 row(s) verified")
    assert not (crowd.folder / "run").exists()


def test_a_run_goes_on_behind_what_it_has_verified_and_tells_what_was_found_before(crowd: Operator) -> None:
    first, _, last = ids(crowd)
    broken_off(crowd, findings=1, altered=True, first=[f"Account {first}, row 1: it was changed or moved."])
    alter(crowd, last)

    said = crowd.runs("audit", "verify", "--state", "run")

    assert said.code == 1
    assert [line.split()[1].rstrip(",") for line in said.out.splitlines()] == [first, last]
    assert "Going on with the run of " in said.err
    assert "2 finding(s): the history was altered" in said.err
    assert not (crowd.folder / "run").exists()


def test_a_run_from_more_than_a_day_ago_begins_anew(crowd: Operator) -> None:
    broken_off(crowd, begun_at=ms(NOW - timedelta(days=2)))
    alter(crowd, ids(crowd)[0])

    said = crowd.runs("audit", "verify", "--state", "run")

    assert said.code == 1
    assert "it begins anew" in said.err


def test_nobody_without_the_key_makes_a_run_pass_over_anything(crowd: Operator) -> None:
    path = broken_off(crowd)
    kept = json.loads(path.read_text())
    forged = {
        "moved": json.dumps({**kept, "run": {**kept["run"], "after": "f" * 32}}),
        "unsigned": json.dumps({"run": kept["run"], "signature": ""}),
        "nothing": "[]",
        "broken": "{",
    }

    said = {}
    for name, content in forged.items():
        path.write_text(content)
        said[name] = crowd.runs("audit", "verify", "--state", "run")

    assert {name: each.code for name, each in said.items()} == dict.fromkeys(forged, 2)
    assert all("was not written by a run of this installation" in each.err for each in said.values())


def test_what_was_there_when_the_run_began_has_to_be_there_when_it_goes_on(crowd: Operator) -> None:
    broken_off(crowd, anchor=f"renumber-audit/7/1/3/3/{'0' * 64}")

    said = crowd.runs("audit", "verify", "--state", "run")

    assert said.code == 1
    assert said.out.startswith("Checkpoint 7 of the anchor is missing")


def test_one_account_is_verified_in_one_go(crowd: Operator) -> None:
    assert crowd.runs("audit", "verify", "--state", "run", "--account", "p1@example.com").code == 2
