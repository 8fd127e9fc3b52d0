"""`renumber doctor`: it names what is wrong and what to do, changes nothing, and gives no secret away."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from harness.ports import free_port
from harness.sinks import running_sinks
from harness.tables import write_to
from renumber.cli.doctor import checks
from renumber.settings import Settings
from renumber.store.database.open import sqlite_path
from tests.cli.operator import Operator, Said
from tests.delivery.servers import Mailbox, running_mail_server

EMAIL = "erika@example.com"
SECRETS = {
    "RENUMBER_DATABASE_URL": "postgresql://renumber:hush-1@127.0.0.1:{port}/renumber?sslpassword=hush-2",
    "RENUMBER_SECRET_KEY": "hush-3-" + "x" * 32,
    "RENUMBER_SECRET_KEY_FILE": "",
    "RENUMBER_METRICS_TOKEN": "hush-4-xxxxxxxxxxxx",
    "RENUMBER_SMTP_URL": "smtp://post:hush-5@127.0.0.1:{port}?tls=none",
    "RENUMBER_SMS_URL": "http+json://key:hush-6@127.0.0.1:{port}/sms?token=hush-7,"
    "twilio://ACxx:hush-8@+4915100000000?api=http://127.0.0.1:{port}",
}


def found(said: Said) -> list[str]:
    """What is wrong, of all that it looked at."""
    return [line.removeprefix("! ").strip() for line in said.out.splitlines() if line.startswith("! ")]


def one_found(said: Said, about: str) -> str:
    """The one line about this, in which something is wrong."""
    (line,) = [line for line in found(said) if line.startswith(about)]
    assert said.code == 1
    return line


def test_where_all_is_well_it_says_so_line_by_line_and_ends_with_0(operator: Operator) -> None:
    operator.enters()
    with running_sinks() as sinks:
        operator.more = {
            "RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{sinks.mail.port}?tls=none",
            "RENUMBER_SMS_URL": f"http+json://127.0.0.1:{sinks.sms.port}/sms",
        }

        said = operator.runs("doctor")

    looked_at = [line.removeprefix("ok ").partition(":")[0] for line in said.out.splitlines() if line.startswith("ok ")]
    assert (said.code, found(said)) == (0, [])
    assert looked_at == [
        "brand colour #1d4ed8",
        f"key file {operator.folder}/key",
        "database",
        *(["way to the database at 127.0.0.1"] if operator.url.startswith("postgresql:") else []),
        "writing to the database",
        "keys of the database",
        "messages that wait",
        "clock",
        "bounds of the tables",
        "mail server 127.0.0.1",
        "SMS gateway 127.0.0.1",
        "password hash",
    ]
    assert sinks.mail.attempts == sinks.sms.attempts == []


def test_every_setting_is_listed_with_its_value_and_default(alone: Operator) -> None:
    alone.more = {"RENUMBER_LINK_FOR": "12h"}

    said = alone.runs("doctor", "--settings")

    assert re.search(r"RENUMBER_LINK_FOR +12h\n    how long .*\(default: 24h; NIST", said.out)


@pytest.mark.parametrize(
    ("colour", "sentence"),
    [
        ("#ffd400", "ok brand colour #ffd400: as text it becomes #826c00 on light ground, so that"),
        ("#00f", "ok brand colour #0000ff: as text it becomes #8585ff on dark ground, so that"),
        ("#808080", "on light ground and "),
    ],
)
def test_a_colour_that_could_not_be_read_is_told_with_the_shades_in_its_place(
    alone: Operator, colour: str, sentence: str
) -> None:
    alone.more = {"RENUMBER_BRAND_COLOR": colour}

    assert sentence in alone.runs("doctor").out


def test_what_is_missing_before_people_can_be_served_is_told(alone: Operator) -> None:
    alone.more = {"RENUMBER_SMTP_URL": "", "RENUMBER_MAIL_FROM": ""}

    said = alone.runs("doctor")

    assert [line.split(":")[1].strip() for line in found(said) if line.startswith("setting")] == [
        "Set RENUMBER_SMTP_URL",
        "Set RENUMBER_MAIL_FROM",
    ]
    assert "mail server" not in said.out


def test_gateways_that_do_not_answer_are_told_with_the_setting_to_look_at(alone: Operator) -> None:
    said = alone.runs("doctor")

    assert one_found(said, "mail server").endswith("(Connection refused). Look at RENUMBER_SMTP_URL.")
    assert one_found(said, "SMS gateway").endswith("(Connection refused). Look at RENUMBER_SMS_URL.")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("smtp://127.0.0.1:{port}", "It offers no STARTTLS"),
        ("smtps://127.0.0.1:{port}", "It does not speak TLS on this port"),
        ("smtp://post:hush@127.0.0.1:{port}?tls=none", "It takes no user and password on this connection"),
    ],
)
def test_a_mail_server_that_wants_something_else_is_told_in_words(alone: Operator, url: str, sentence: str) -> None:
    with running_sinks() as sinks:
        alone.more = {"RENUMBER_SMTP_URL": url.format(port=sinks.mail.port)}

        said = alone.runs("doctor")

    assert f": {sentence}" in one_found(said, "mail server")
    assert "hush" not in said.both


def test_a_proxy_that_messages_take_is_looked_at_instead_of_the_gateway_behind_it(alone: Operator) -> None:
    alone.more = {"RENUMBER_SMS_URL": "https+json://sms.invalid/send", "NO_PROXY": "", "no_proxy": ""}
    with running_sinks() as sinks:
        proxies = [f"http://key:hush@127.0.0.1:{port}" for port in (sinks.sms.port, free_port())]

        open_one, closed_one = (_through(alone, proxy) for proxy in proxies)

    assert f"ok SMS gateway sms.invalid:443: through the proxy 127.0.0.1:{sinks.sms.port}" in open_one.out
    assert one_found(closed_one, "SMS gateway").endswith("Look at HTTPS_PROXY.")
    assert "hush" not in open_one.both + closed_one.both


def _through(operator: Operator, proxy: str) -> Said:
    operator.more |= {"HTTPS_PROXY": proxy, "https_proxy": proxy}
    return operator.runs("doctor")


def test_a_misspelt_setting_is_told_with_the_one_that_is_meant(alone: Operator) -> None:
    alone.more = {"RENUMBER_LINK_FRO": "12h"}

    said = alone.runs("doctor")

    assert one_found(said, "setting").endswith("perhaps you mean RENUMBER_LINK_FOR.")


def test_messages_that_were_given_up_are_counted_by_kind_and_reason(operator: Operator) -> None:
    operator.enters()
    operator.does("account", "freeze", EMAIL, "--reason", "x")
    write_to(operator.url, "UPDATE outbox SET state = 'dead', settled_at = created_at, outcome = 'refused: 550'")

    given_up = sorted(line for line in found(operator.runs("doctor")) if line.startswith("messages given up"))

    assert [line.partition(". ")[0] for line in given_up] == [
        "messages given up: 1 × account_frozen by email: refused: 550",
        "messages given up: 1 × account_frozen by sms: refused: 550",
    ]
    assert all("`renumber dead-messages list` names them" in line for line in given_up)


def test_a_mail_server_that_has_something_against_us_is_told_and_the_mail_goes_out_once_that_is_mended(
    operator: Operator,
) -> None:
    operator.enters()
    with a_mail_server() as mailbox:
        mailbox.answers["RCPT"] = "554 5.7.1 <{address}>: Relay access denied"
        operator.more = {"RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}?tls=none"}
        operator.does("account", "freeze", EMAIL, "--reason", "x")
        with working(operator):
            until(lambda: any(line.startswith("messages held up") for line in found(operator.runs("doctor"))))
            held_up = one_found(operator.runs("doctor"), "messages held up")
            mailbox.answers.clear()
            until(lambda: len(mailbox.mails) > 0)

    assert held_up == (
        "messages held up: 1 × by email: the mail server refused this service and not the recipient: 554 5.7.1 (RCPT). "
        "They go out by themselves once that is mended."
    )
    assert EMAIL in mailbox.mails[0].recipients


def test_a_mail_server_that_refuses_the_sender_is_told_before_any_mail(alone: Operator) -> None:
    with a_mail_server() as mailbox:
        mailbox.answers["MAIL"] = "553 5.7.1 Sender address rejected: not owned by user"
        alone.more = {"RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}?tls=none"}

        said = alone.runs("doctor")

    assert "It refuses the sender of RENUMBER_MAIL_FROM (553)" in one_found(said, "mail server")


@contextmanager
def a_mail_server() -> Iterator[Mailbox]:
    """Listen for mail on a thread of its own, beside commands that have loops of their own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    running = running_mail_server()
    try:
        yield asyncio.run_coroutine_threadsafe(entered(running), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(left(running), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def entered(running: AbstractAsyncContextManager[Mailbox]) -> Mailbox:
    """Enter a context in the loop of its thread."""
    return await running.__aenter__()


async def left(running: AbstractAsyncContextManager[Mailbox]) -> None:
    """Leave it there too."""
    await running.__aexit__(None, None, None)


@contextmanager
def working(operator: Operator) -> Iterator[None]:
    """Let messages be sent meanwhile."""
    process = operator.starts("work")
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for a minute at most."""
    ends_at = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.5)


def test_messages_that_wait_for_long_are_a_sign_that_nobody_sends(alone: Operator) -> None:
    alone.enters()
    alone.does("account", "freeze", EMAIL, "--reason", "x")
    write_to(alone.url, "UPDATE outbox SET created_at = created_at - 3600000")

    said = alone.runs("doctor")

    assert re.search(r"oldest of 2 waits for (59|60) minutes: does `renumber serve` or `work` run\?", said.out)
    assert one_found(said, "messages that wait")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660])
def test_a_key_file_that_others_can_read_is_told_with_the_command_that_mends_it(alone: Operator, mode: int) -> None:
    alone.enters()
    key = alone.folder / "key"
    key.chmod(mode)

    said = alone.runs("doctor")

    assert one_found(said, "key file").endswith(f"Others can read it: chmod 600 {key}")


def test_a_folder_in_place_of_the_key_file_is_told_and_no_mode_is_advised(alone: Operator) -> None:
    alone.more = {"RENUMBER_SECRET_KEY_FILE": str(alone.folder)}

    line = one_found(alone.runs("doctor"), "key file")

    assert line.endswith("It is a folder: name a file in it in RENUMBER_SECRET_KEY_FILE.")


def test_a_key_file_that_is_none_is_told_and_everything_else_is_looked_at(alone: Operator) -> None:
    alone.enters()
    alone.writes("key", "0a1b2c3d:too-short\n").chmod(0o600)

    said = alone.runs("doctor")

    assert "Restore it from a copy" in one_found(said, "key file")
    assert "ok messages that wait: 0" in said.out


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("0001", "run `renumber migrate`."), ("9999", "A newer version of Renumber has migrated this database")],
)
def test_a_schema_of_another_version_is_told(operator: Operator, revision: str, sentence: str) -> None:
    write_to(operator.url, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - ours

    assert sentence in one_found(operator.runs("doctor"), "database")


def test_a_database_that_can_not_be_reached_is_told_and_everything_else_is_looked_at(alone: Operator) -> None:
    alone.url = f"postgresql://renumber@127.0.0.1:{free_port()}/renumber"

    said = alone.runs("doctor")

    assert "The database can't be reached" in one_found(said, "database")
    assert one_found(said, "database").endswith("Look at RENUMBER_DATABASE_URL.")
    assert "password hash" in said.out


@pytest.mark.parametrize("cut", [100, 8192])
def test_a_broken_sqlite_file_is_told_with_the_way_out(alone: Operator, cut: int) -> None:
    alone.enters()
    file = alone.folder / "broken.db"
    file.write_bytes(sqlite_path(alone.url).read_bytes()[:cut].ljust(200_000, b"x"))
    alone.url = f"sqlite:///{file}"

    said = alone.runs("doctor")

    assert one_found(said, "database").endswith("Restore it from a backup.")


def test_a_disk_that_is_nearly_full_is_told_before_it_is(tmp_path: Path) -> None:
    settings = Settings.from_environment({"RENUMBER_DATABASE_URL": f"sqlite:///{tmp_path}/renumber.db"})

    (full,) = checks.check_disk(settings, room=1 << 62)

    assert re.fullmatch(r"\d+ MB are free where /.+/renumber\.db lies, which is too little\. Make room\.", full.wrong)
    assert list(checks.check_disk(settings, room=0)) == []


def test_a_look_makes_neither_a_database_nor_a_key(alone: Operator) -> None:
    missing = alone.folder / "missing.db"
    alone.url = f"sqlite:///{missing}"

    said = alone.runs("doctor")

    assert "The database has no schema yet" in one_found(said, "database")
    assert not missing.exists()
    assert not (alone.folder / "key").exists()


def test_settings_that_can_not_be_used_are_told_all_at_once(alone: Operator) -> None:
    alone.more = {"RENUMBER_WORKERS": "none", "RENUMBER_LINK_FOR": "soon"}

    said = alone.runs("doctor")

    assert (said.code, said.out) == (1, "")
    assert len(said.err.splitlines()) == 3


@pytest.mark.parametrize("columns", ["40", "500"])
def test_no_secret_of_the_environment_is_in_what_it_says(alone: Operator, columns: str) -> None:
    port = free_port()
    alone.more = {name: text.format(port=port) for name, text in SECRETS.items()} | {"COLUMNS": columns}

    said = alone.runs_apart("doctor", "--settings")

    assert said.code == 1
    assert "hush" not in said.both.replace("\n", "")
    assert len([line for line in found(said) if line.startswith(("database", "mail server", "SMS gateway"))]) == 4


def test_no_secret_is_told_of_settings_that_can_not_be_used(alone: Operator) -> None:
    alone.more = {name: f"hush {text}" for name, text in SECRETS.items()} | {"RENUMBER_SECRET_KEY": "hush"}

    said = alone.runs("doctor")

    assert said.code == 1
    assert "hush" not in said.both


def test_the_keys_of_the_file_are_never_shown(alone: Operator) -> None:
    alone.enters()
    secret = (alone.folder / "key").read_text().split(":")[1].strip()

    said = alone.runs("doctor")

    assert secret not in said.both.replace("\n", "")
