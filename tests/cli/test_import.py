"""`renumber account import`: good rows are kept, bad ones told by line and reason, and it is safe to repeat."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.tables import rows_of
from renumber.cli.account.importing import AT_ONCE
from renumber.domain.account import INSTALLATION, NOBODIES
from tests.cli.operator import ARGON2, ENDS_WITHIN, RENUMBER, Operator

HEADER = ("email", "name", "locale", "phone", "password_hash")
BCRYPT = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
DJANGO = "pbkdf2_sha256$600000$saltsalt$" + "A" * 43 + "="
GOOD = ("anna@example.com", "Anna Muster", "de", "+4915123456701", ARGON2)


def a_file(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, delimiter: str = ",") -> str:
    """A file as a spreadsheet writes it."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue()


def a_crowd(count: int, first: int = 0) -> list[tuple[str, ...]]:
    """Many good rows."""
    return [(f"p{n}@example.com", f"Person {n}", "", "", ARGON2) for n in range(first, first + count)]


def test_good_rows_are_kept_and_bad_ones_told_by_line_and_reason(operator: Operator) -> None:
    file = operator.writes(
        "people.csv",
        a_file(
            GOOD,
            ("not-an-address", "B", "", "", ARGON2),
            ("c@example.com", "", "", "", ARGON2),
            ("d@example.com", "Dora", "+4915123", "", ARGON2),
            ("e@example.com", "Emil", "", "+49 30 123456", ARGON2),
            ("f@example.com", "Fritz", "", "", "md5$abc$5f4dcc3b5aa765d61d8327deb882cf99"),
            ("g@example.com", "G" * 201, "", "", ARGON2),
            ("h@example.com", "Hugo\x07Muster", "en", "", BCRYPT),
            ("i@example.com", "Ida", "en", "+49 151 23456702", DJANGO),
        ),
    )

    said = operator.runs("account", "import", str(file))

    told = {line.partition(":")[0]: line for line in said.err.splitlines() if line.startswith("line")}
    assert said.code == 1
    assert said.out == "2 created, 0 already there, 7 bad.\n"
    assert set(told) == {f"line {line}" for line in (3, 4, 5, 6, 7, 8, 9)}
    assert "the e-mail address is not one" in told["line 3"]
    assert "the name is missing" in told["line 4"]
    assert "the locale is none" in told["line 5"]
    assert "it is not a mobile number" in told["line 6"]
    assert "the password hash is a quick digest" in told["line 7"]
    assert "longer than 200 characters" in told["line 8"]
    assert "control characters" in told["line 9"]
    assert "+49 ••• ••• 702" in operator.does("account", "show", "i@example.com")
    assert "not-an-address" not in said.both


@pytest.mark.parametrize("preset", ["DE", "US"])
def test_a_number_without_its_plus_is_a_bad_row_whatever_country_is_preset(alone: Operator, preset: str) -> None:
    alone.more = {"RENUMBER_DEFAULT_COUNTRY": preset}
    rows = [(f"p{n}@example.com", "P", "", number, ARGON2) for n, number in enumerate(("17185551234", "015123456701"))]
    file = alone.writes("people.csv", a_file(*rows))

    said = alone.runs("account", "import", str(file))

    assert said.out == "0 created, 0 already there, 2 bad.\n"
    assert "line 2: the phone number can't be used: without its plus" in said.err
    assert "line 3: the phone number can't be used: without its plus" in said.err
    assert "17185551234" not in said.both


def test_a_country_beside_it_says_how_a_number_is_written(alone: Operator) -> None:
    header = ("email", "name", "phone", "country", "password_hash")
    rows = [
        ("a@example.com", "A", "0151 23456701", "de", ARGON2),
        ("b@example.com", "B", "(718) 555-1234", "US", ARGON2),
        ("c@example.com", "C", "17185551234", "DE", ARGON2),
        ("d@example.com", "D", "0151 23456701", "Germany", ARGON2),
        ("e@example.com", "E", "+17185551234", "DE", ARGON2),
        ("f@example.com", "F", "", "Germany", ARGON2),
    ]
    file = alone.writes("people.csv", a_file(*rows, header=header))

    said = alone.runs("account", "import", str(file))

    assert said.out == "3 created, 0 already there, 3 bad.\n"
    assert "line 4: the phone number can't be used: it can be read in two ways" in said.err
    assert "line 5: the phone number can't be used: its country is no code of ISO 3166" in said.err
    assert "line 6: the phone number can't be used: it is not a number of the country beside it" in said.err
    assert "+49 ••• ••• 701" in alone.does("account", "show", "a@example.com")
    assert "+1 ••• ••• 234" in alone.does("account", "show", "b@example.com")


def test_a_number_is_marked_as_unproven_unless_the_file_says_that_it_is_verified(operator: Operator) -> None:
    header = ("email", "name", "phone", "verified", "password_hash")
    words = ("yes", "no", "", "perhaps")
    rows = [(f"p{n}@example.com", "P", "+4915123456701", word, ARGON2) for n, word in enumerate(words)]
    file = operator.writes("people.csv", a_file(*rows, header=header))

    said = operator.runs("account", "import", str(file))

    shown = [operator.does("account", "show", f"p{n}@example.com") for n in range(3)]
    assert ["not proven yet" in one for one in shown] == [False, True, True]
    assert "line 5: the column verified is neither yes nor no" in said.err


def test_whoever_has_no_password_is_sent_a_link_once(operator: Operator) -> None:
    header = ("email", "name", "password_hash")
    rows = [("a@example.com", "A", ""), ("b@example.com", "B", ARGON2), ("c@example.com", "C", "")]
    file = operator.writes("people.csv", a_file(*rows, header=header))

    operator.does("account", "import", str(file))
    operator.does("account", "import", str(file))

    told = rows_of(operator.url, "SELECT notice, count(*) AS times FROM outbox GROUP BY notice")
    assert told == [{"notice": "activation_link", "times": 2}]
    assert re.search(r"password +none yet", operator.does("account", "show", "a@example.com"))
    assert re.search(r"password +chosen", operator.does("account", "show", "b@example.com"))


def test_a_file_without_passwords_invites_everyone(alone: Operator) -> None:
    file = alone.writes("people.csv", "email,name\na@example.com,A\nb@example.com,B\n")

    assert alone.does("account", "import", str(file)) == "2 created, 0 already there, 0 bad.\n"
    assert alone.counts("link") == 2


def test_it_is_safe_to_repeat(operator: Operator) -> None:
    file = operator.writes("people.csv", a_file(GOOD, *a_crowd(AT_ONCE + 1)))

    first = operator.does("account", "import", str(file))
    again = operator.does("account", "import", str(file))

    assert first == f"{AT_ONCE + 2} created, 0 already there, 0 bad.\n"
    assert again == f"0 created, {AT_ONCE + 2} already there, 0 bad.\n"
    assert operator.counts("audit") == operator.counts("email_lookup") == AT_ONCE + 2


def test_what_is_there_already_stays_as_it_is(alone: Operator) -> None:
    alone.enters("anna@example.com", "+4915123456789")
    file = alone.writes("people.csv", a_file(GOOD))

    said = alone.does("account", "import", str(file))

    assert said == "0 created, 1 already there, 0 bad.\n"
    assert "+49 ••• ••• 789" in alone.does("account", "show", "anna@example.com")


def test_two_imports_of_the_same_people_at_once_enter_everyone_once(operator: Operator) -> None:
    people = a_crowd(3 * AT_ONCE)
    files = [operator.writes("one.csv", a_file(*people)), operator.writes("two.csv", a_file(*reversed(people)))]

    imports = [
        subprocess.Popen([RENUMBER, "account", "import", file], env=operator.environment, stdout=subprocess.PIPE)
        for file in files
    ]
    said = [each.communicate(timeout=ENDS_WITHIN)[0].decode() for each in imports]

    assert [each.returncode for each in imports] == [0, 0]
    assert sum(int(words.split()[0]) for words in said) == len(people)
    assert operator.counts("email_lookup") == operator.counts("audit") == len(people)
    assert operator.counts("account") == len(people) + len((*NOBODIES, INSTALLATION))


def test_bad_rows_can_be_had_as_a_file(alone: Operator, tmp_path: Path) -> None:
    bad = [("x", "X", "", "", ARGON2)] * 30
    file = alone.writes("people.csv", a_file(GOOD, *bad))

    said = alone.runs("account", "import", str(file), "--errors", str(tmp_path / "errors.csv"))

    rows = list(csv.reader((tmp_path / "errors.csv").read_text().splitlines()))
    assert said.err.count("line ") == 10
    assert rows[0] == ["line", "reason"]
    assert [int(line) for line, _ in rows[1:]] == list(range(3, 33))
    assert f"They are listed in {tmp_path}/errors.csv." in said.err


def test_a_file_for_errors_that_can_not_be_written_is_told_before_anything_is_entered(alone: Operator) -> None:
    file = alone.writes("people.csv", a_file(GOOD))

    said = alone.runs("account", "import", str(file), "--errors", "/nowhere/errors.csv")

    assert said.code == 1
    assert "/nowhere/errors.csv can't be used" in said.err
    assert alone.counts("email_lookup") == 0


def test_passwords_in_the_clear_are_hashed_and_judged_as_everywhere(alone: Operator) -> None:
    header = ("email", "name", "password")
    rows = [("a@example.com", "A", "correct horse battery"), ("b@example.com", "B", "password1")]
    file = alone.writes("people.csv", a_file(*rows, header=header))

    said = alone.runs("account", "import", str(file))

    assert said.out == "1 created, 0 already there, 1 bad.\n"
    assert "is one that is guessed first" in said.err
    hashes = rows_of(alone.url, "SELECT password_hash FROM account WHERE password_hash IS NOT NULL")
    assert [row["password_hash"][:9] for row in hashes] == ["$argon2id"]


def test_many_passwords_in_the_clear_wait_for_their_turn(alone: Operator) -> None:
    rows = [(f"p{n}@example.com", "P", f"a password of their own {n}") for n in range(300)]
    file = alone.writes("people.csv", a_file(*rows, header=("email", "name", "password")))

    assert alone.does("account", "import", str(file)) == "300 created, 0 already there, 0 bad.\n"


def test_a_row_with_a_password_and_a_hash_is_not_guessed_at(alone: Operator) -> None:
    row = ("a@example.com", "A", "correct horse battery", ARGON2)
    file = alone.writes("people.csv", a_file(row, header=("email", "name", "password", "password_hash")))

    assert "give one of them" in alone.runs("account", "import", str(file)).err


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spreadsheets_divide_and_begin_files_as_they_like(alone: Operator, delimiter: str, mark: str) -> None:
    header = ("E-Mail".replace("-", ""), " Name ", "PASSWORD_HASH")
    text = mark + a_file(("a@example.com", "Müller, Ännchen; jr", ARGON2), header=header, delimiter=delimiter)
    file = alone.writes("people.csv", text)

    alone.does("account", "import", str(file))

    assert "Müller, Ännchen; jr" in alone.does("account", "show", "a@example.com")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "email, name is missing"),
        ("mail,name,password\n", "email is missing"),
        ("email,name,password,shoe_size\n", "There is no column 'shoe_size'"),
        ("email,name,name,password\n", "names the column name twice"),
        ('email,"name', "The first line is no CSV"),
        ("email,,name\n", "There is no column ''"),
        (b"\xff\xfee\x00m\x00a", "this is not UTF-16. Save it"),
        (b"\xff\xfe\x00\x00e\x00", "this is not UTF-32. Save it"),
        (b"email,name,password\na@example.com,A,long enough\nb@example.com,J\xfcrgen,x\n", "line 3: this is not UTF-8"),
        (b"email,name,password\na@example.com,J\xc3", "line 2: this is not UTF-8"),
    ],
)
def test_a_file_that_is_none_changes_nothing_and_says_what_to_do(
    alone: Operator, content: str | bytes, sentence: str
) -> None:
    file = alone.writes("people.csv", content)

    said = alone.runs("account", "import", str(file))

    assert said.code == 2
    assert sentence in said.err
    assert alone.counts("email_lookup") == 0


def test_an_encoding_is_taken_from_the_operator_and_never_guessed(alone: Operator) -> None:
    file = alone.writes("people.csv", a_file(("j@example.com", "Jürgen", "", "", ARGON2)).encode("windows-1252"))

    refused = alone.runs("account", "import", str(file))
    unknown = alone.runs("account", "import", str(file), "--encoding", "klingon")
    alone.does("account", "import", str(file), "--encoding", "windows-1252")

    assert "line 2: this is not UTF-8." in refused.err
    assert "--encoding windows-1252" in refused.err
    assert "There is no encoding 'klingon'" in unknown.err
    assert "Jürgen" in alone.does("account", "show", "j@example.com")


def test_an_address_is_entered_once_however_it_is_written_and_never_where_no_mail_could_reach_it(
    alone: Operator,
) -> None:
    spelt = (
        "anna@bücher.example",
        "Anna <ANNA@xn--bcher-kva.example>",
        "mailto:anna@BÜCHER.example.",
        "änna@example.com",
    )
    file = alone.writes("people.csv", a_file(*((email, "A", "", "", ARGON2) for email in spelt)))

    said = alone.runs("account", "import", str(file))
    port = free_port()
    alone.more = {"RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none&smtputf8=yes"}
    again = alone.does("account", "import", str(file))

    assert said.out == "1 created, 2 already there, 1 bad.\n"
    assert (
        "line 5: the e-mail address has letters beyond ASCII before its @; if your mail server has SMTPUTF8" in said.err
    )
    assert again == "1 created, 3 already there, 0 bad.\n"
    assert alone.does("account", "show", "<änna@example.com>")


def test_a_language_that_is_not_offered_is_said_once_and_the_first_one_taken(alone: Operator) -> None:
    asked = ("de-DE", "en_US", "DE", "en-Latn-GB", "de_AT.UTF-8", "de@euro", "fr-CA", "it", "it", "pt_BR", "", "what?")
    rows = [(f"p{n}@example.com", "P", tag, "", ARGON2) for n, tag in enumerate(asked)]
    file = alone.writes("people.csv", a_file(*rows))

    said = alone.runs("account", "import", str(file))

    shown = [json.loads(alone.does("account", "show", f"p{n}@example.com", "--json")) for n in range(11)]
    given = [account["language"] for account in shown]
    first = given[-1]
    assert given == ["de", "en", "de", "en", "de", "de", first, first, first, first, first]
    assert said.err.count("Not among RENUMBER_LOCALES") == 1
    assert "fr-CA (1), it (2), pt_BR (1)." in said.err
    assert "line 13: the locale is none" in said.err


def test_a_file_that_is_not_there_is_told_so(alone: Operator) -> None:
    said = alone.runs("account", "import", "nobody.csv")

    assert said.code == 2
    assert "does not exist" in said.err


def test_a_quotation_mark_that_is_never_closed_swallows_a_few_rows_and_not_the_file(alone: Operator) -> None:
    rows = a_file(*a_crowd(400)).splitlines(keepends=True)
    rows[9] = 'x@example.com,"X,,,\n'
    file = alone.writes("people.csv", "".join(rows))

    said = alone.runs("account", "import", str(file))

    assert said.code == 1
    assert "line 10: it is no CSV that can be read" in said.err
    assert int(said.out.split()[0]) > 300


def test_rows_with_too_few_or_too_many_fields_are_told_apart_from_empty_lines(alone: Operator) -> None:
    lines = a_file(GOOD).splitlines()
    file = alone.writes("people.csv", "\n".join([*lines, "", "b@example.com,B", "c@example.com,C,,,,,x"]))

    said = alone.runs("account", "import", str(file))

    assert "line 4: it has 2 fields and not 5; a field may be empty, but not the ',' before it left out" in said.err
    assert "line 5: it has 7 fields and not 5; put a field with a ',' in it into quotation marks" in said.err
    assert said.out == "1 created, 0 already there, 2 bad.\n"
