"""Whoever acts at the command line is named in the history."""

import os
import pwd
from collections.abc import Sequence

import pytest

from harness.tables import rows_of
from renumber.cli.command_table import ACCOUNT
from renumber.cli.on_demand import commands_of
from tests.cli.operator import PASSWORD, Operator

EMAIL, OTHER = "erika@example.com", "max@example.com"
COMMANDS = {name: command.load() for name, command in commands_of(ACCOUNT).items()}
NEW = f"email,name\n{OTHER},Max\n"
NAMES = ("anna", "jörg.müller", "A_b-9", "x" * 64)

# In an order in which each finds what it needs; beside it, the acts that it leaves.
ACTS: dict[str, tuple[Sequence[str], set[str]]] = {
    "create": (("--email", EMAIL, "--name", "Erika Muster", "--password-stdin"), {"account_created"}),
    "import": (("new.csv",), {"account_created", "activation_link_sent"}),
    "invite": ((OTHER,), {"activation_link_sent"}),
    "show": ((EMAIL,), {"account_shown"}),
    "sessions": ((EMAIL,), {"account_shown"}),
    "search": ((EMAIL,), {"account_shown"}),
    "list": (("--limit", "1"), {"account_shown"}),
    "freeze": ((EMAIL, "--reason", "a call"), {"account_frozen"}),
    "unfreeze": ((EMAIL, "--reason", "passport seen"), {"account_released"}),
    "erase": ((EMAIL, "--yes"), {"account_erased"}),
}


def rows(operator: Operator) -> list[tuple[str, str, str]]:
    found = rows_of(operator.url, "SELECT actor, act, evidence FROM audit ORDER BY at, seq")
    return [(row["actor"], row["act"], row["evidence"]) for row in found]


def new_rows(operator: Operator, *words: str) -> list[tuple[str, str, str]]:
    before = rows(operator) if (operator.folder / "key").exists() else []
    operator.does("account", *words, stdin=f"{PASSWORD}\n")
    after = rows(operator)
    for row in before:
        after.remove(row)
    return after


def test_every_command_that_acts_on_an_account_takes_the_name_of_who_does_it() -> None:
    asking = {name for name, command in COMMANDS.items() if any("--as" in param.opts for param in command.params)}

    assert asking == set(COMMANDS)
    assert set(ACTS) == set(COMMANDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_writes_the_name_of_who_does_it_into_the_history(alone: Operator, name: str) -> None:
    alone.writes("new.csv", NEW)

    for command, (words, acts) in ACTS.items():
        left = new_rows(alone, command, *words, "--as", name)

        assert {row[:2] for row in left} == {("operator", act) for act in acts}, command
        assert {row[2].split("; ")[-1] for row in left} == {f"by {name}"}, command
    assert "nothing was altered" in alone.does("audit", "verify")


def test_without_a_name_it_is_the_system_user_whatever_the_environment_says(alone: Operator) -> None:
    alone.more = {"USER": "somebody-else", "LOGNAME": "somebody-else"}
    alone.writes("new.csv", NEW)
    user = pwd.getpwuid(os.getuid()).pw_name

    for command, (words, _) in ACTS.items():
        left = new_rows(alone, command, *words)

        assert {row[2].split("; ")[-1] for row in left} == {f"by {user}"}, command


def test_a_refusal_names_who_was_refused(alone: Operator) -> None:
    alone.enters()

    left = new_rows(alone, "unfreeze", EMAIL, "--reason", "x", "--as", "anna")

    assert [row[1] for row in left] == ["refused:account_not_frozen"]
    assert left[0][2].endswith("by anna")


def test_names_and_those_who_only_looked_are_shown(operator: Operator) -> None:
    operator.enters()
    operator.does("account", "freeze", EMAIL, "--reason", "a call", "--as", "anna")
    operator.does("account", "show", EMAIL, "--as", "bert")

    shown = operator.does("account", "show", EMAIL, "--as", "carla")

    frozen = next(line for line in shown.splitlines() if "account_frozen" in line)
    looks = [line for line in shown.splitlines() if "account_shown" in line]
    assert "a call" in frozen
    assert "by anna" in frozen
    assert ["carla" in looks[0], "bert" in looks[1]] == [True, True]


def test_of_an_erased_account_nothing_is_left_to_look_at(alone: Operator) -> None:
    alone.enters()
    account_id = alone.does("account", "show", EMAIL).split()[1]
    alone.does("account", "erase", EMAIL, "--yes", "--as", "anna")

    shown = alone.does("account", "show", account_id, "--as", "bert")

    assert "account_erased (by anna)" in shown
    assert "by bert" not in shown


@pytest.mark.parametrize("name", ["two words", "anna@example.com", "+4915123456789", "007", "-", "a\nb", "x" * 65])
def test_a_name_is_neither_an_address_nor_a_number_nor_longer_than_a_line(alone: Operator, name: str) -> None:
    alone.enters()

    said = alone.runs("account", "show", EMAIL, "--as", name)

    assert said.code == 2
    assert "Give a name of at most 64 letters" in said.err
    assert "account_shown" not in str(rows(alone))
