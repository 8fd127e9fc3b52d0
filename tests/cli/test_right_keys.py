"""A key is made only beside a database in which nothing is sealed yet; else the file of keys is missing or wrong."""

from collections.abc import Callable

import pytest

from tests.cli.operator import Operator

EMAIL = "erika@example.com"
COMMANDS = (("migrate",), ("work",), ("account", "show", EMAIL), ("keys", "rotate"), ("audit", "verify"))


def lose(operator: Operator) -> None:
    """As on a machine that was given the database and not the file."""
    (operator.folder / "key").unlink()


def mistake(operator: Operator) -> None:
    """As with the file of another installation."""
    operator.writes("key", "another key of more than thirty-two bytes")


def set_another(operator: Operator) -> None:
    """As where somebody chose a new RENUMBER_SECRET_KEY."""
    operator.more = {"RENUMBER_SECRET_KEY": "x" * 40, "RENUMBER_SECRET_KEY_FILE": ""}


@pytest.mark.parametrize("spoil", [lose, mistake, set_another])
def test_with_other_keys_than_the_databases_no_command_goes_on(
    operator: Operator, spoil: Callable[[Operator], None]
) -> None:
    operator.enters()
    key_id = (operator.folder / "key").read_text()[:8]
    spoil(operator)
    before = sorted(path.name for path in operator.folder.iterdir())

    for words in COMMANDS:
        said = operator.runs(*words)

        assert said.code == 1 or (words[0] == "keys" and said.code == 2), said.both
        if said.code == 1:
            assert said.err.startswith(f"Accounts are sealed with the key {key_id}, which ")
            assert "Put the right file of keys there" in said.err
    assert sorted(path.name for path in operator.folder.iterdir()) == before


def test_doctor_tells_that_the_keys_are_others_and_makes_none(operator: Operator) -> None:
    operator.enters()
    lose(operator)

    said = operator.runs("doctor")

    assert "!  keys of the database: Accounts are sealed with the key" in said.out
    assert not (operator.folder / "key").exists()


def test_the_previous_key_is_right_until_it_is_retired(operator: Operator) -> None:
    operator.enters()
    first = (operator.folder / "key").read_text()
    operator.does("keys", "rotate")
    both = (operator.folder / "key").read_text()

    operator.writes("key", first)
    behind = operator.runs("account", "show", EMAIL)
    operator.writes("key", both)

    assert behind.code == 1
    assert operator.runs("account", "show", EMAIL).code == 0


def test_beside_an_empty_database_a_key_is_made(operator: Operator) -> None:
    operator.does("migrate")

    assert (operator.folder / "key").stat().st_mode & 0o777 == 0o600
