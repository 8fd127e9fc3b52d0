"""`renumber keys …`."""

import os
import re
import signal
import time
from base64 import b64encode
from pathlib import Path

import pytest

from harness.tables import rows_of, write_to
from renumber.crypto.key_file import read_ring
from renumber.domain.account import NOBODIES
from renumber.store.keys import rotation
from tests.cli.operator import ARGON2, Operator


def test_a_rotation_makes_a_new_key_seals_everything_and_the_old_one_can_go(operator: Operator) -> None:
    operator.enters()
    first = read_ring(operator.folder / "key").current.key_id

    said = operator.does("keys", "rotate")
    second = read_ring(operator.folder / "key").current.key_id
    again = operator.runs("keys", "rotate")
    retired = operator.does("keys", "retire")

    assert f"Made the key {second}." in said
    assert f"Everything is sealed with the key {second}." in said
    assert again.code == 1
    assert f"{first} is still in the file. `renumber keys retire` drops it" in again.err
    assert retired == f"Dropped the key {first}.\n"
    assert read_ring(operator.folder / "key").previous is None
    assert "+49 ••• ••• 789" in operator.does("account", "show", "erika@example.com")
    assert operator.runs("audit", "verify").code == 0
    assert operator.runs("account", "create", "--email", "erika@example.com", "--name", "E", "--password-stdin",
                         stdin="correct horse battery").code == 1  # fmt: skip


def test_the_keys_of_id_tokens_are_replaced_by_a_command(operator: Operator) -> None:
    operator.enters()

    said = [operator.does("keys", "replace-signing") for _ in range(2)]

    kept = rows_of(operator.url, "SELECT name FROM server_key")
    assert all("every process signs with others within a second" in each for each in said)
    assert [row["name"] for row in kept] == ["id_token.generation"]


def test_a_key_that_is_still_needed_stays_and_one_is_told_until_when(operator: Operator) -> None:
    operator.enters()
    operator.does("account", "freeze", "erika@example.com", "--reason", "x")  # its messages wait
    operator.does("keys", "rotate")

    refused = operator.runs("keys", "retire")
    forced = operator.runs("keys", "retire", "--force")

    assert refused.code == 1
    assert re.search(
        r"still needed by:\n- 2 message\(s\) to be sent, until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n", refused.err
    )
    assert "That will be after " in refused.err
    assert forced.code == 0
    assert forced.out.startswith("Dropped the key ")


def test_there_is_nothing_to_retire_before_a_rotation(alone: Operator) -> None:
    alone.enters()

    assert alone.does("keys", "retire") == "There is no previous key.\n"


def test_a_key_that_seals_something_is_not_retired(alone: Operator) -> None:
    alone.enters()
    alone.does("keys", "rotate")
    write_to(alone.url, "UPDATE key_rotation SET finished_at = NULL")

    said = alone.runs("keys", "retire", "--force")

    assert (said.code, said.err) == (
        1, "Not everything is sealed with the new key yet: run `renumber keys rotate` first.\n"
    )  # fmt: skip
    assert "Going on with the key" in alone.does("keys", "rotate")


def test_the_single_key_of_the_environment_can_not_be_rotated(alone: Operator) -> None:
    alone.more = {"RENUMBER_SECRET_KEY": "x" * 40, "RENUMBER_SECRET_KEY_FILE": ""}

    for command in ("rotate", "retire"):
        said = alone.runs("keys", command)

        assert said.code == 2
        assert "name that in RENUMBER_SECRET_KEY_FILE" in said.err


def test_a_value_that_can_not_be_read_is_named_and_the_key_stays_needed(alone: Operator) -> None:
    alone.enters()
    account_id = alone.does("account", "show", "erika@example.com").split()[1]
    write_to(alone.url, "UPDATE account SET name = email WHERE email IS NOT NULL")

    said = alone.runs("keys", "rotate")

    assert said.code == 1
    assert f"account {account_id}: The value of account.name was altered or belongs to another row." in said.out
    assert alone.runs("keys", "retire", "--force").code == 1


def breaks_off_a_rotation(operator: Operator) -> None:
    """Kill one after its first accounts, of which there are many."""
    people = "".join(f'p{n}@example.com,P,"{ARGON2}"\n' for n in range(5 * rotation.ACCOUNTS_AT_ONCE))
    file = operator.writes("people.csv", "email,name,password_hash\n" + people)
    operator.does("account", "import", str(file))
    rotating = operator.starts("keys", "rotate")
    while not operator.counts(f"key_rotation WHERE done_up_to > '{NOBODIES[-1]}'"):
        time.sleep(0.01)
    os.killpg(rotating.pid, signal.SIGKILL)
    rotating.communicate()


def test_a_rotation_that_is_killed_goes_on_where_it_stopped(operator: Operator) -> None:
    breaks_off_a_rotation(operator)

    looked = operator.runs("doctor")
    said = operator.does("keys", "rotate")

    assert re.search(
        r"ok keys of the database: \d+ row\(s\) of \d+ that were looked at are not sealed with it yet: `renumber k",
        looked.out,
    )
    assert "Going on with the key" in said
    operator.does("keys", "retire")
    assert operator.runs("audit", "verify").code == 0
    assert "name" in operator.does("account", "show", "p7@example.com")


def test_without_the_previous_key_a_rotation_that_was_broken_off_ends_everything_with_a_sentence(
    operator: Operator,
) -> None:
    breaks_off_a_rotation(operator)
    key = operator.folder / "key"
    both = key.read_text()
    current = both.splitlines()[0]
    key.write_text(f"{current}\n")
    write_to(operator.url, "DELETE FROM account WHERE account_id > (SELECT max(done_up_to) FROM key_rotation)")

    refused = [operator.runs(*words) for words in (("migrate",), ("account", "show", "p7@example.com"))]
    rotated, looked = operator.runs("keys", "rotate"), operator.runs("doctor")

    assert [said.code for said in (*refused, rotated, looked)] == [1, 1, 1, 1]
    for said in (*refused, rotated):
        assert said.err.startswith(
            f"The rotation to the key {current[:8]} was not finished, and {key} holds no previous"
        )
    assert f"!  keys of the database: The rotation to the key {current[:8]} was not finished" in looked.out
    assert key.read_text() == f"{current}\n"
    key.write_text(both)
    operator.does("keys", "rotate")
    assert re.search(r"ok keys of the database: none of \d+ that were looked at is under", operator.runs("doctor").out)
    assert "ok keys of the database\n" in operator.runs("doctor", "--full").out


def test_no_third_key_is_made_while_something_is_sealed_with_one_that_is_missing(operator: Operator) -> None:
    operator.enters()
    operator.does("account", "freeze", "erika@example.com", "--reason", "x")  # its messages wait
    account_id = operator.does("account", "show", "erika@example.com").split()[1]
    key = operator.folder / "key"
    second = f"0a1b2c3d:{b64encode(bytes(range(32))).decode()}\n"
    key.write_text(second + key.read_text())
    operator.enters("anna@example.com", "+4915123456780")
    write_to(operator.url, f"DELETE FROM account WHERE account_id = '{account_id}'")  # noqa: S608 - ours
    key.write_text(second)

    rotated, looked = operator.runs("keys", "rotate"), operator.runs("doctor")

    assert rotated.code == 1
    assert re.match(
        r"\d+ row\(s\) are not sealed with the key 0a1b2c3d, and the file of keys holds no prev", rotated.err
    )
    assert key.read_text() == second
    assert re.search(
        r"!  keys of the database: \d+ row\(s\) of \d+ that were looked at are not sealed with the key 0a1b2c3d",
        looked.out,
    )


@pytest.mark.parametrize("command", ["rotate", "retire"])
def test_a_key_file_that_is_none_is_a_sentence(alone: Operator, command: str) -> None:
    key = Path(alone.writes("key", "0a1b2c3d:too-short\n"))

    said = alone.runs("keys", command)

    assert said.code == 1
    assert "Restore it from a copy" in said.err
    assert key.read_text() == "0a1b2c3d:too-short\n"
