"""`renumber organisation`: companies, who belongs to them, who administers them, and importing people into one."""

import json

from tests.cli.operator import ARGON2, Operator

ANNA = "anna@example.com"


def a_file(operator: Operator, *rows: str) -> str:
    header = "email,name,organisation,password_hash"
    return str(operator.writes("people.csv", "\n".join([header, *rows, ""])))


def test_a_company_is_added_set_and_shown_with_its_people(operator: Operator) -> None:
    assert operator.runs("organisation", "list").code == 0
    added = operator.runs("organisation", "add", "Example GmbH", "--changes-wait", "yes")
    again = operator.runs("organisation", "add", "Example GmbH")
    imported = operator.runs("account", "import", a_file(operator, f'{ANNA},Anna Muster,Example GmbH,"{ARGON2}"'))
    named = operator.runs("organisation", "administrator", ANNA)
    named_again = operator.runs("organisation", "administrator", ANNA)
    set_ = operator.runs("organisation", "set", "Example GmbH", "--changes-wait", "no", "--name", "Example AG")
    shown = json.loads(operator.runs("organisation", "show", "Example AG", "--json").out)
    text = operator.runs("organisation", "show", "Example AG").out

    assert (added.code, again.code, imported.code, named.code, named_again.code, set_.code) == (0, 1, 0, 0, 1, 0)
    assert "Its id is" in added.out
    assert "already" in again.err
    assert (shown["name"], shown["changes_wait"]) == ("Example AG", False)
    assert [(one["email"], one["is_administrator"]) for one in shown["people"]] == [("a…@example.com", True)]
    assert "a…@example.com" in text
    assert ANNA not in text
    assert "Example AG" in operator.runs("organisation", "list").out


def test_an_organisation_that_is_not_there_is_a_bad_row_and_a_sentence(operator: Operator) -> None:
    operator.runs("organisation", "add", "Example GmbH")
    rows = (f'{ANNA},Anna Muster,example gmbh,"{ARGON2}"', f'b@example.com,Berta,,"{ARGON2}"')

    imported = operator.runs("account", "import", a_file(operator, *rows))
    unknown = operator.runs("organisation", "join", "b@example.com", "--organisation", "Other AG")
    alone = operator.runs("organisation", "administrator", "b@example.com")

    assert "1 created" in imported.out
    assert "line 2: the organisation is none that was added" in imported.err
    assert "There is no company named Other AG" in unknown.err
    assert "belongs to no company" in alone.err


def test_people_join_leave_and_are_dismissed(operator: Operator) -> None:
    operator.runs("organisation", "add", "Example GmbH")
    operator.runs("account", "import", a_file(operator, f'{ANNA},Anna Muster,,"{ARGON2}"'))

    said = [
        operator.runs("organisation", *words)
        for words in (
            ("join", ANNA, "--organisation", "Example GmbH"),
            ("join", ANNA, "--organisation", "Example GmbH"),
            ("administrator", ANNA),
            ("administrator", ANNA, "--remove"),
            ("leave", ANNA),
            ("leave", ANNA),
            ("set", "Example GmbH"),
        )
    ]

    assert [one.code for one in said] == [0, 1, 0, 0, 0, 1, 2]


def test_a_company_is_removed_once_it_is_said_that_there_is_no_way_back(operator: Operator) -> None:
    operator.runs("organisation", "add", "Example GmbH")
    operator.runs("account", "import", a_file(operator, f'{ANNA},Anna Muster,Example GmbH,"{ARGON2}"'))

    asked = operator.runs("organisation", "remove", "Example GmbH")
    removed = operator.runs("organisation", "remove", "Example GmbH", "--yes")
    again = operator.runs("organisation", "remove", "Example GmbH", "--yes")

    assert [one.code for one in (asked, removed, again)] == [2, 0, 1]
    assert "can't be undone" in asked.err
    assert "Accounts that belonged to it: 1." in removed.out
    assert "There is no company named Example GmbH" in again.err
    assert operator.runs("organisation", "leave", ANNA).code == 1
    assert operator.runs("organisation", "add", "Example GmbH").code == 0
    assert operator.runs("audit", "verify").code == 0
