"""`renumber account …`, but for the import."""

import re

import pytest

from harness.tables import rows_of
from tests.cli.operator import PASSWORD, Operator

EMAIL = "erika@example.com"
CREATE = ("account", "create", "--email", EMAIL, "--name", "Erika Muster", "--password-stdin")


def test_an_account_is_entered_and_shown_masked(operator: Operator) -> None:
    said = operator.enters()

    shown = operator.does("account", "show", EMAIL)
    assert said == f"Created {EMAIL}.\n"
    assert "Erika Muster" in shown
    assert "e…@example.com" in shown
    assert "+49 ••• ••• 789, entered by an operator, not proven yet" in shown
    assert "operator  account_created" in shown
    assert EMAIL not in shown
    assert "+4915123456789" not in shown


def test_an_address_that_has_an_account_is_told_so_and_nothing_changes(operator: Operator) -> None:
    operator.enters()

    said = operator.runs(*CREATE, stdin=f"{PASSWORD}\n")

    assert said.code == 1
    assert "There is an account for erika@example.com already" in said.err
    assert operator.counts("email_lookup") == 1


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (("--email", "erika"), PASSWORD, "the e-mail address is not one"),
        (("--email", "e@x.com\nBcc: a@b.example"), PASSWORD, "the e-mail address is not one"),
        (("--name", " "), PASSWORD, "the name is missing"),
        (("--name", "Erika\r\nMuster"), PASSWORD, "control characters"),
        (("--locale", "d"), PASSWORD, "the locale is none; write it like de or de-DE"),
        (("--phone", "+49 30 123456"), PASSWORD, "it is not a mobile number"),
        (("--phone", "+4915"), PASSWORD, "digits are missing"),
        (("--phone", "17185551234"), PASSWORD, "without its plus it could be a number of several countries"),
        (("--phone", "17185551234", "--country", "DE"), PASSWORD, "it can be read in two ways"),
        (("--phone", "0151 23456789", "--country", "Germany"), PASSWORD, "no code of ISO 3166"),
        ((), "short", "the password is too short; take one of 8 to 128 characters"),
        ((), "password1", "is one that is guessed first"),
        ((), "erikamuster", "is one that is guessed first"),
        ((), "", "Pipe in the password alone, as one line"),
        ((), "correct horse\nbattery staple\n", "Pipe in the password alone, as one line"),
        ((), b"correct h\xf6rse battery\n", "The password is not UTF-8"),
    ],
)
def test_what_can_not_be_entered_is_told_with_what_to_do(
    alone: Operator, words: tuple[str, ...], password: str | bytes, sentence: str
) -> None:
    said = alone.runs(*CREATE, *words, stdin=password)

    assert said.code == 2
    assert sentence in said.err
    assert alone.counts("email_lookup") == 0


def test_without_a_password_a_link_is_sent_to_choose_one_and_can_be_sent_again(operator: Operator) -> None:
    said = operator.does("account", "create", "--email", EMAIL, "--name", "Erika", stdin=PASSWORD)
    again = operator.does("account", "invite", EMAIL)

    told = rows_of(operator.url, "SELECT notice FROM outbox")
    assert said == f"Created {EMAIL}. A link to choose the password is sent there.\n"
    assert again == f"A link to choose the password is sent to {EMAIL}.\n"
    assert told == [{"notice": "activation_link"}] * 2
    assert re.search(r"password +none yet", operator.does("account", "show", EMAIL))


def test_who_has_a_password_or_is_frozen_is_not_invited(alone: Operator) -> None:
    alone.enters()
    alone.does("account", "create", "--email", "frozen@example.com", "--name", "Frida")
    alone.does("account", "freeze", "frozen@example.com", "--reason", "call")

    assert "has a password already" in alone.runs("account", "invite", EMAIL).err
    assert "It is frozen" in alone.runs("account", "invite", "frozen@example.com").err


def test_who_is_unknown_is_told_so(alone: Operator) -> None:
    for command in (("show",), ("freeze", "--reason", "x"), ("unfreeze", "--reason", "x"), ("erase", "--yes")):
        said = alone.runs("account", command[0], "nobody@example.com", *command[1:])

        assert (said.code, said.err) == (1, "There is no account for nobody@example.com.\n")


def test_freezing_and_opening_again_is_written_down_with_its_reason(operator: Operator) -> None:
    operator.enters()

    frozen = operator.does("account", "freeze", EMAIL, "--reason", "call of 24 November")
    again = operator.does("account", "freeze", EMAIL, "--reason", "once more")
    during = operator.does("account", "show", EMAIL)
    opened = operator.does("account", "unfreeze", EMAIL, "--reason", "passport seen")
    after = operator.does("account", "show", EMAIL)

    assert frozen.startswith("Frozen.")
    assert again == "It was frozen already.\n"
    assert re.search(r"state +frozen since \d{4}", during)
    assert opened == "Released. Its number is +49 ••• ••• 789.\n"
    assert re.search(r"state +active\n", after)
    assert "account_frozen (reason: call of 24 November; by " in after
    assert "account_released (reason: passport seen; by " in after


def test_a_reason_is_one_line(alone: Operator) -> None:
    for reason in ("", "one\ntwo", "x" * 201):
        said = alone.runs("account", "freeze", EMAIL, "--reason", reason)

        assert said.code == 2
        assert "Give a reason in one line" in said.err


def test_erasing_asks_first_then_forgets_the_person_and_keeps_a_history_that_verifies(operator: Operator) -> None:
    operator.enters()
    account_id = operator.does("account", "show", EMAIL).split()[1]

    asked = operator.runs("account", "erase", EMAIL)
    before = operator.counts("email_lookup")
    erased = operator.does("account", "erase", EMAIL, "--yes")

    assert asked.code == 2
    assert before == 1
    assert erased == f"Erased. The history stays under {account_id}.\n"
    assert operator.counts("email_lookup") == 0
    person = f"SELECT email, name, number FROM account WHERE account_id = '{account_id}'"  # noqa: S608 - ours
    left = rows_of(operator.url, person)
    assert set(left[0].values()) == {None}
    assert "nothing was altered" in operator.does("audit", "verify")
    assert "erased" in operator.does("account", "show", account_id)
    assert operator.runs("account", "show", EMAIL).code == 1


def test_settings_that_can_not_be_used_are_told_all_at_once(alone: Operator) -> None:
    alone.more = {"RENUMBER_LINK_FOR": "soon", "RENUMBER_WORKERS": "none"}

    said = alone.runs("account", "show", EMAIL)

    assert said.code == 2
    assert "RENUMBER_LINK_FOR" in said.err
    assert "RENUMBER_WORKERS" in said.err


def test_a_database_that_can_not_be_reached_is_a_sentence(alone: Operator) -> None:
    alone.url = "postgresql://renumber@127.0.0.1:1/renumber"

    said = alone.runs("account", "show", EMAIL)

    assert said.code == 1
    assert "The database can't be reached" in said.err
    assert "`renumber doctor` looks closer" in said.err


def test_a_key_file_that_is_none_is_a_sentence(alone: Operator) -> None:
    alone.writes("key", "0a1b2c3d:too-short\n")

    said = alone.runs("account", "show", EMAIL)

    assert said.code == 1
    assert "Restore it from a copy" in said.err
