"""What a person meets at the terminal: quick lists, one clear sentence, nothing that steers the screen."""

import io
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from renumber.cli.command_table import COMMANDS, Listed
from renumber.cli.console import has_colours, printable
from renumber.cli.on_demand import OnDemand
from renumber.cli.reading import columns
from renumber.settings.json_logs import JsonLogs
from tests.cli.kept import keeps_a_name
from tests.cli.operator import RENUMBER, Operator

EMAIL = "erika@example.com"
ACCOUNT = "0" * 32
NAME = "\x1b[2J\x9b31mErika\u202e\r\nMuster"
LOOKS = (
    ("account", "list"),
    ("account", "search", EMAIL),
    ("account", "show", EMAIL),
    ("account", "sessions", EMAIL),
    ("audit", "verify"),
    ("audit", "show"),
    ("audit", "export"),
    ("dead-messages", "list"),
)
LISTED = """
import sys
from renumber.cli import main
for words in (["--version"], ["--help"], ["account", "--help"], ["acount"], []):
    sys.argv = ["renumber", *words]
    try:
        main()
    except SystemExit:
        pass
print("LOADED", *sys.modules)
"""


def leaves(table: dict[str, Listed], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Listed]]:
    for name, one in table.items():
        if one.commands:
            yield from leaves(dict(one.commands), (*path, name))
        else:
            yield (*path, name), one


LEAVES = list(leaves(COMMANDS))


def loaded_by(code: str) -> set[str]:
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.rpartition("LOADED")[2].split())


def test_a_list_of_commands_loads_none_of_them_nor_any_library_of_theirs() -> None:
    loaded = loaded_by(LISTED)

    ours = {name for name in loaded if name.startswith("renumber.")}
    parts = ("command_table", "console", "loading", "on_demand")
    assert ours == {"renumber.cli", *(f"renumber.cli.{name}" for name in parts)}
    assert not {"sqlalchemy", "asyncpg", "litestar", "cryptography", "jinja2", "alembic"} & loaded


def test_a_look_at_an_account_loads_nothing_that_serves_or_sends() -> None:
    loaded = loaded_by("import sys, renumber.cli.account.show\nprint('LOADED', *sys.modules)")

    others = {"alembic", "aiosmtplib", "granian", "httpx2", "jinja2", "joserfc", "litestar", "prometheus_client"}
    assert "sqlalchemy" in loaded
    assert not others & loaded


@pytest.mark.parametrize(("path", "listed"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_every_command_is_there_and_says_of_itself_what_the_list_says(path: tuple[str, ...], listed: Listed) -> None:
    command = OnDemand(path[-1], listed).load()

    assert command.help.startswith(listed.does)
    assert command.callback is not None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("acount",), "No such command 'acount'. Did you mean 'account'? `renumber --help` says more."),
        (("account", "shwo"), "No such command 'shwo'. Did you mean 'show'? `renumber account --help` says more."),
        (("account", "show"), "Missing argument 'email'. `renumber account show --help` says more."),
        (("account", "list", "--limt", "3"), "No such option: --limt"),
        (
            ("account", "list", "--limit", "0"),
            "Invalid value for '--limit': Input should be greater than or equal to",
        ),
        (("account", "list", "--limit", "many"), "Invalid value for '--limit': Input should be a valid integer"),
        (("account", "list", "--after", "x"), "Give --after the id of an account"),
        (("account", "search", "Erika"), "Search for an e-mail address, a number with its plus, or an id"),
        (("account", "import", "/no/such.csv"), "Invalid value for 'file': file '/no/such.csv' does not exist."),
        (("audit", "show", "--after", "7"), "Give --after the place of an entry"),
        (("audit", "export", "--after", ACCOUNT), "Give --after the place of an entry"),
        (("serve", "--port", "70000"), "Invalid value for '--port': Input should be less than or equal to 65535."),
    ],
)
def test_bad_words_are_answered_in_one_sentence(alone: Operator, words: tuple[str, ...], sentence: str) -> None:
    said = alone.runs(*words)

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("words", LOOKS)
def test_a_look_makes_no_database_and_says_which_command_does(alone: Operator, words: tuple[str, ...]) -> None:
    missing = alone.folder / "missing.db"
    alone.url = f"sqlite:///{missing}"

    said = alone.runs(*words)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("The database has no schema yet: `renumber serve` or `renumber migrate` makes it.")
    assert not missing.exists()
    assert not (alone.folder / "key").exists()


def test_control_characters_in_a_name_never_reach_the_terminal(alone: Operator) -> None:
    alone.does("migrate")
    keeps_a_name(alone, EMAIL, NAME)

    for words in (("show", EMAIL), ("list",), ("search", EMAIL), ("show", EMAIL, "--json"), ("list", "--json")):
        out = alone.does("account", *words)

        assert r"\u001b[2J\u009b31mErika\u202e\r" in out
        assert out.replace("\n", "").isprintable()
    shown = json.loads(alone.does("account", "show", EMAIL, "--json"))
    assert shown["name"] == NAME
    assert r"a\u001b[31mb" in alone.runs("account", "show", "a\x1b[31mb").err


@given(st.text())
def test_what_is_printed_holds_no_control_character_and_json_stays_the_same(text: str) -> None:
    assert printable(text).replace("\n", "").isprintable()
    assert json.loads(printable(json.dumps(text, ensure_ascii=False))) == text


NAMES = st.text(max_size=30) | st.integers(0, 60).map("山".__mul__)


@given(st.lists(st.fixed_dictionaries({"id": st.just("x" * 10), "name": NAMES}), min_size=1), st.integers(24, 100))
def test_columns_are_as_wide_as_the_terminal_and_no_row_is_lost(rows: list[dict[str, str]], room: int) -> None:
    laid_out = list(columns(rows, wide="name", room=room))

    assert len(laid_out) == len(rows) + 1
    assert all(cell_len(line) <= room for line in laid_out)


def test_on_a_narrow_terminal_rows_stand_upright() -> None:
    rows = [{"account": "x" * 32, "name": "Erika Muster"}, {"account": "y" * 32, "name": "Max"}]

    assert list(columns(rows, wide="name", room=30)) == [
        f"account  {'x' * 32}",
        "name     Erika Muster",
        "",
        f"account  {'y' * 32}",
        "name     Max",
    ]


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "are_there"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_terminals_whose_owner_wants_them(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, environment: dict[str, str], are_there: object
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert has_colours(stream) is are_there


@pytest.mark.parametrize(
    ("choice", "on_terminal", "elsewhere"),
    [(JsonLogs.AUTO, False, True), (JsonLogs.YES, True, True), (JsonLogs.NO, False, False)],
)
def test_logs_are_json_where_no_person_reads_them_unless_it_is_said(
    choice: JsonLogs, on_terminal: object, elsewhere: object
) -> None:
    assert choice.chosen_for(Terminal()) is on_terminal
    assert choice.chosen_for(io.StringIO()) is elsewhere
    assert choice.chosen_for(None) is elsewhere


def test_a_command_whose_output_nobody_reads_any_more_ends_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    ended = subprocess.run([RENUMBER, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (141, b"")


def test_output_that_can_not_be_written_is_told_in_a_sentence() -> None:
    with pathlib.Path("/dev/full").open("wb") as full:
        ended = subprocess.run([RENUMBER, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (1, "The output can't be written: No space left on device.\n")


def test_bash_completes_commands_and_options() -> None:
    script = """
        eval "$(_RENUMBER_COMPLETE=source_bash renumber)"
        for words in "renumber acc" "renumber account se" "renumber dead-messages "; do
            COMP_WORDS=($words); [[ $words == *" " ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _renumber_completion renumber
            echo "${COMPREPLY[*]}"
        done
    """
    environment = {**os.environ, "PATH": f"{RENUMBER.parent}:{os.environ['PATH']}"}

    ran = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines() == ["account", "search sessions", "list retry drop"]


def test_times_are_those_of_the_machine_and_utc_on_request(alone: Operator) -> None:
    alone.enters()
    alone.more = {"TZ": "Asia/Kathmandu"}

    here, there = (alone.runs_apart("audit", "show", *words).out for words in ((), ("--utc",)))

    assert "+0545" in here
    assert "UTC" in there
    assert "+0545" not in there
