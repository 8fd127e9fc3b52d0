"""Lists of accounts, sessions and entries: in pages, masked, and each look leaves its row."""

import hashlib
import json

import pytest

from harness.tables import rows_of, write_to
from renumber.crypto import add_key
from tests.cli.kept import keeps_a_session
from tests.cli.operator import PASSWORD, Operator

EMAIL = "erika@example.com"
SHARED = "+4915123456789"


def pages(operator: Operator, kind: str, *words: str) -> list[list[dict[str, object]]]:
    """Read to the last page, each from where the one before said."""
    found: list[list[dict[str, object]]] = []
    after: tuple[str, ...] = ()
    while True:
        page = json.loads(operator.does(*words, *after, "--json"))
        found.append(page[kind])
        if page["next"] is None:
            return found
        after = ("--after", page["next"])


def people(operator: Operator, count: int) -> list[str]:
    rows = "".join(f"p{number}@example.com,Person {number},{SHARED}\n" for number in range(count))
    operator.does("account", "import", str(operator.writes("people.csv", f"email,name,phone\n{rows}")))
    found = rows_of(operator.url, "SELECT account_id FROM email_lookup ORDER BY account_id")
    return [row["account_id"] for row in found]


def looks(operator: Operator) -> list[str]:
    found = rows_of(operator.url, "SELECT account_id FROM audit WHERE act = 'account_shown' ORDER BY account_id")
    return [row["account_id"] for row in found]


def test_accounts_are_listed_in_pages_and_each_keeps_who_has_looked(operator: Operator) -> None:
    ids = people(operator, 5)
    operator.does("account", "erase", ids.pop(), "--yes")

    found = pages(operator, "accounts", "account", "list", "--limit", "3")

    assert [[one["account_id"] for one in page] for page in found] == [ids[:3], ids[3:]]
    assert found[0][0]["number"] == "+49 ••• ••• 789"
    assert str(found[0][0]["email"]) == "p…@example.com"
    assert looks(operator) == ids


def test_a_page_that_is_not_the_last_says_how_to_go_on(alone: Operator) -> None:
    ids = people(alone, 3)

    said = alone.runs("account", "list", "--limit", "2")

    assert said.err == f"There are more: add --after {ids[1]}\n"
    assert [line.split()[0] for line in said.out.splitlines()] == ["account", *ids[:2]]
    assert alone.runs("account", "list", "--after", ids[1]).err == ""


def test_without_accounts_the_list_says_so(alone: Operator) -> None:
    alone.does("migrate")

    said = alone.runs("account", "list")

    assert (said.code, said.out, said.err) == (0, "", "There is no account.\n")
    assert json.loads(alone.does("account", "list", "--json")) == {"accounts": [], "next": None}


def test_accounts_are_found_by_address_number_or_id_and_by_nothing_less(operator: Operator) -> None:
    ids = people(operator, 3)
    search = ("account", "search")

    by_number = pages(operator, "accounts", *search, "+49 151 2345-6789", "--limit", "2")
    by_id = pages(operator, "accounts", *search, ids[1])
    by_address = pages(operator, "accounts", *search, "P1@Example.com")

    assert [[one["account_id"] for one in page] for page in by_number] == [ids[:2], ids[2:]]
    assert [one["account_id"] for one in by_id[0]] == [ids[1]]
    assert by_address[0][0]["name"] == "Person 1"
    assert len(looks(operator)) == 5
    for unknown in ("p9@example.com", "+4915123456780", "f" * 32):
        said = operator.runs(*search, unknown)
        assert (said.code, said.out, said.err) == (1, "", "No account is found for it.\n")


def test_a_number_is_found_too_while_its_key_is_the_previous_one(alone: Operator) -> None:
    ids = people(alone, 1)
    add_key(alone.folder / "key")

    assert pages(alone, "accounts", "account", "search", SHARED)[0][0]["account_id"] == ids[0]


def test_open_sessions_are_shown_in_pages_and_ended_ones_are_not(operator: Operator) -> None:
    operator.enters()
    for number in "123":
        keeps_a_session(operator, EMAIL, number * 32)
    sessions = ("account", "sessions", EMAIL)

    found = pages(operator, "sessions", *sessions, "--limit", "2")
    shown = operator.does(*sessions)
    operator.moves_clock(2 * 3600)
    later = operator.does(*sessions)

    assert sorted(str(one["session_id"])[0] for page in found for one in page) == ["1", "2", "3"]
    assert len(found[0]) == 2
    assert "Firefox on Windows" in shown
    assert "203.0.113.7" not in shown
    assert later == "It is signed in nowhere.\n"
    assert operator.runs(*sessions, "--after", "9" * 32).code == 1


@pytest.mark.parametrize("words", [(), ("--account", EMAIL)])
def test_entries_are_shown_from_the_newest_to_the_oldest(operator: Operator, words: tuple[str, ...]) -> None:
    operator.enters()
    for number in range(3):
        operator.moves_clock(60 * (number + 1))
        operator.does("account", "freeze", EMAIL, "--reason", f"call {number}")

    found = pages(operator, "entries", "audit", "show", "--limit", "3", *words)

    numbers = [int(str(one["seq"])) for page in found for one in page]
    told = [number for number in numbers if number <= 4]
    assert told == sorted(told, reverse=True) == [4, 3, 2, 1]
    assert bool(looks(operator)) is bool(words)


def test_an_entry_that_is_not_there_or_of_another_account_is_told(alone: Operator) -> None:
    alone.enters()
    nowhere = f"{'0' * 32}:7"

    assert alone.runs("audit", "show", "--after", nowhere).err == f"There is no entry {nowhere}.\n"
    for command in ("show", "export"):
        said = alone.runs("audit", command, "--account", EMAIL, "--after", nowhere)
        assert (said.code, said.err) == (2, f"The entry {nowhere} is not of this account.\n")


def test_an_export_proves_itself_as_the_document_says_and_goes_on_where_a_copy_ends(operator: Operator) -> None:
    operator.enters()
    people(operator, 2)
    operator.does("account", "freeze", EMAIL, "--reason", "Größe")

    lines = operator.does("audit", "export").splitlines()
    entries = [json.loads(line) for line in lines]
    rest = operator.does("audit", "export", "--after", f"{entries[1]['account_id']}:{entries[1]['seq']}").splitlines()

    before: dict[str, bytes] = {}
    for entry in entries:
        previous = before.get(entry["account_id"], b"\0" * 32)
        assert hashlib.sha256(previous + _chained(operator, entry)).hexdigest() == entry["hash"]
        before[entry["account_id"]] = bytes.fromhex(entry["hash"])
    assert rest == lines[2:]
    assert len(entries) == operator.counts("audit") - 1  # the second export has an entry as well


def _chained(operator: Operator, entry: dict[str, object]) -> bytes:
    key = f"account_id = '{entry['account_id']}' AND seq = {entry['seq']}"
    milliseconds = rows_of(operator.url, f"SELECT at FROM audit WHERE {key}")[0]["at"]  # noqa: S608 - ours
    assert str(entry["at"]).endswith(f"{milliseconds % 1000:03}Z")
    parts = [entry["account_id"], entry["seq"], milliseconds]
    parts += [entry[name] for name in ("actor", "act", "subject", "evidence", "origin_digest")]
    return json.dumps(parts).encode()


def test_an_older_database_is_looked_at_by_nobody_before_it_is_migrated(alone: Operator) -> None:
    alone.does("account", "create", "--email", EMAIL, "--name", "Erika", "--password-stdin", stdin=PASSWORD)
    write_to(alone.url, "UPDATE alembic_version SET version_num = '0001'")

    said = alone.runs("account", "list")

    assert said.code == 1
    assert "run `renumber migrate`" in said.err
    assert rows_of(alone.url, "SELECT version_num FROM alembic_version") == [{"version_num": "0001"}]
