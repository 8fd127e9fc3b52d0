"""`renumber serve`, `work` and `migrate`: they start, say what is in their way, and end when they are told."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.postgres import PostgresServer
from harness.server import running_server
from harness.sinks import Sinks, running_sinks
from harness.tables import rows_of, write_to
from renumber import __version__
from renumber.store.schema.revision import newest_revision
from tests.cli.operator import Operator, Said
from tests.observability.endless import endless_gateway

ENDS_WITHIN = 30  # seconds
EMAIL, NUMBER = "erika@example.com", "+4915123456789"
CLAIMS = "SELECT message_id FROM outbox WHERE claim IS NOT NULL AND state = 'waiting'"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of either kind in which nothing was ever done."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh.db"
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    yield postgres.create("renumber_fresh")
    postgres.drop("renumber_fresh")


@pytest.fixture
def sinks() -> Iterator[Sinks]:
    with running_sinks() as receiving:
        yield receiving


def reaching(operator: Operator, sinks: Sinks) -> Operator:
    """Let its messages arrive."""
    operator.more |= {
        "RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{sinks.mail.port}?tls=none",
        "RENUMBER_SMS_URL": f"http+json://127.0.0.1:{sinks.sms.port}/sms",
    }
    return operator


def serving_in_vain(operator: Operator) -> Said:
    """Try to serve on a port that is taken, so that whatever happens this process never becomes the server."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        return operator.runs("serve", "--port", str(other.getsockname()[1]))


def ended_by(process: subprocess.Popen[str], sign: signal.Signals) -> str:
    """Tell a process to end, see that it ends well, and give what it said."""
    process.send_signal(sign)
    said, _ = process.communicate(timeout=ENDS_WITHIN)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return said


def test_a_fresh_database_is_migrated_and_served_until_the_server_is_told_to_end(
    empty_url: str, tmp_path: Path, sinks: Sinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    chosen = {"brand_color": "#ffd400", "metrics_token": "0123456789abcdef", "brnad": "Example Card"}

    with running_server(empty_url, tmp_path, sinks, workers=1, **chosen) as server:
        page = server.visitor().send("GET", "/sign-in")
        figures = list(tmp_path.glob("renumber-metrics-*"))
        process = server.process

    assert page.status == 200
    assert rows_of(empty_url, "SELECT version_num FROM alembic_version") == [{"version_num": newest_revision()}]
    told = server.log.splitlines()
    assert told[0] == f"Serving {server.origin} on 127.0.0.1:{server.port} with 1 worker(s)."
    assert told[1].startswith("RENUMBER_BRAND_COLOR is #ffd400: as text it becomes #")
    assert told[2] == "RENUMBER_BRNAD is not a setting; perhaps you mean RENUMBER_BRAND."
    assert "Traceback" not in server.log
    assert len(figures) == 1
    assert not figures[0].exists()
    assert process is not None
    assert process.returncode == 0


def test_bad_settings_are_told_all_at_once_before_anything_is_made(alone: Operator) -> None:
    alone.more = {"RENUMBER_WORKERS": "none", "RENUMBER_LINK_FOR": "soon", "RENUMBER_SMTP_URL": "mail.example"}

    said = serving_in_vain(alone)

    assert (said.code, said.out) == (2, "")
    assert [line.split(":")[0] for line in said.err.splitlines()] == [
        "Please change these settings",
        "- RENUMBER_WORKERS",
        "- RENUMBER_SMTP_URL",
        "- RENUMBER_LINK_FOR",
    ]
    assert not (alone.folder / "key").exists()


def test_nobody_is_served_whose_messages_could_not_leave(alone: Operator) -> None:
    alone.more = {"RENUMBER_SMTP_URL": "", "RENUMBER_SMS_URL": "", "RENUMBER_SUPPORT_CONTACT": ""}

    said = serving_in_vain(alone)

    assert (said.code, said.out) == (2, "")
    assert [line.split(":")[0] for line in said.err.splitlines()] == [
        "Before people can be served",
        "- Set RENUMBER_SMTP_URL",
        "- Set RENUMBER_SMS_URL",
        "- Set RENUMBER_SUPPORT_CONTACT",
    ]


def test_a_port_that_another_server_has_is_not_shared_with_it(alone: Operator) -> None:
    said = serving_in_vain(alone)

    assert (said.code, said.out) == (1, "")
    assert re.match(r"127\.0\.0\.1:\d+ can't be listened on: Address already in use\. Choose another --host", said.err)


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_port_of_the_metrics_that_is_taken_is_told_before_anything_starts(alone: Operator, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        alone.more = {"RENUMBER_METRICS_PORT": str(other.getsockname()[1])}

        said = alone.runs(command, *(["--port", str(free_port())] if command == "serve" else []))

    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("Address already in use. Choose another RENUMBER_METRICS_PORT, or 0 for none.\n")


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_health_port_that_is_taken_is_told_before_anything_starts(alone: Operator, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        alone.more = {"RENUMBER_HEALTH_PORT": str(other.getsockname()[1])}

        said = alone.runs(command, *(["--port", str(free_port())] if command == "serve" else []))

    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("Address already in use. Choose another RENUMBER_HEALTH_PORT, or 0 for none.\n")


@pytest.mark.parametrize("beside", ["pages", "metrics"])
def test_health_shares_no_port(alone: Operator, beside: str) -> None:
    port, other = str(free_port()), str(free_port())
    alone.more = {"RENUMBER_HEALTH_PORT": port, "RENUMBER_METRICS_PORT": port if beside == "metrics" else "0"}

    said = alone.runs("serve", "--port", port if beside == "pages" else other)

    assert said.code == 2
    assert said.err.startswith(f"RENUMBER_HEALTH_PORT is {port}, the port of the {beside}: choose another")


def test_pages_and_metrics_do_not_share_a_port(alone: Operator) -> None:
    port = str(free_port())
    alone.more = {"RENUMBER_METRICS_PORT": port}

    said = alone.runs("serve", "--port", port)

    assert said.code == 2
    assert said.err.startswith(f"RENUMBER_METRICS_PORT is {port}, the port of the pages: choose another")


def test_a_database_that_can_not_be_reached_is_a_sentence_that_leads_on(alone: Operator) -> None:
    alone.url = f"postgresql://renumber:hush@127.0.0.1:{free_port()}/renumber"

    said = alone.runs_apart("serve", "--port", str(free_port()))

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("The database can't be reached: ")
    assert "`renumber doctor` looks closer" in said.err
    assert "hush" not in said.err


def test_a_right_that_is_missing_in_postgresql_is_a_sentence(postgres: PostgresServer, tmp_path: Path) -> None:
    operator = Operator(postgres.create("renumber_rights"), tmp_path)
    operator.enters()
    write_to(operator.url, "CREATE ROLE reader LOGIN PASSWORD 'hush'")
    write_to(operator.url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    owner, _, place = operator.url.partition("@")
    operator.url = f"postgresql://reader:hush@{place}"

    said = operator.runs_apart("account", "freeze", EMAIL, "--reason", "x")

    assert said.code == 1
    assert said.err.startswith("PostgreSQL refuses: permission denied for table account. Look at the database")
    write_to(f"{owner}@{place}", "DROP OWNED BY reader")
    write_to(f"{owner}@{place}", "DROP ROLE reader")
    postgres.drop("renumber_rights")


def test_a_database_of_a_newer_version_is_left_alone(operator: Operator) -> None:
    write_to(operator.url, "UPDATE alembic_version SET version_num = '9999'")

    refused = [operator.runs(*words) for words in (("migrate",), ("work",), ("account", "show", EMAIL))]

    for said in refused:
        assert said.code == 1
        assert said.err.startswith("A newer version of Renumber has migrated this database")
        assert "Use that version, or restore a backup." in said.err
    assert rows_of(operator.url, "SELECT version_num FROM alembic_version") == [{"version_num": "9999"}]


def test_a_dispatcher_alone_delivers_what_waits_and_ends_when_it_is_told(operator: Operator, sinks: Sinks) -> None:
    reaching(operator, sinks).enters()
    operator.does("account", "freeze", EMAIL, "--reason", "x")

    working = operator.starts("work")
    mail, text = sinks.mail.wait(EMAIL, 1), sinks.sms.wait(NUMBER, 1)
    said = ended_by(working, signal.SIGTERM)

    assert said.startswith("Sending messages. Ctrl-C ends it.\n")
    assert mail.subject
    assert text.text
    assert len(sinks.mail.attempts) == len(sinks.sms.attempts) == 1
    assert [row["state"] for row in rows_of(operator.url, "SELECT state FROM outbox")] == ["sent", "sent"]
    assert EMAIL not in said
    assert NUMBER not in said


def test_a_dispatcher_that_is_told_to_end_gives_back_what_it_could_not_send(alone: Operator) -> None:
    alone.enters()
    alone.does("account", "freeze", EMAIL, "--reason", "x")

    with endless_gateway() as gateway:
        alone.more = {"RENUMBER_SMS_URL": gateway.url}
        working = alone.starts("work")
        gateway.wait(1)
        assert rows_of(alone.url, CLAIMS)
        ended_by(working, signal.SIGINT)

    assert rows_of(alone.url, CLAIMS) == []
    assert rows_of(alone.url, "SELECT attempts FROM outbox WHERE channel = 'sms'") == [{"attempts": 0}]


def test_a_migration_makes_the_newest_schema_and_is_safe_to_repeat(empty_url: str, tmp_path: Path) -> None:
    operator = Operator(empty_url, tmp_path)

    first, second = operator.does("migrate"), operator.does("migrate")

    assert first == second == "The database has the newest schema.\n"
    assert rows_of(empty_url, "SELECT version_num FROM alembic_version") == [{"version_num": newest_revision()}]
    assert operator.counts("email_lookup") == 0


def test_migrations_at_once_wait_for_each_other(empty_url: str, tmp_path: Path) -> None:
    operator = Operator(empty_url, tmp_path)

    migrating = [operator.starts("migrate") for _ in range(2)]
    said = [process.communicate(timeout=ENDS_WITHIN)[0] for process in migrating]

    assert said == ["The database has the newest schema.\n"] * 2
    assert len(rows_of(empty_url, "SELECT version_num FROM alembic_version")) == 1


def test_the_version_is_told_without_any_setting(alone: Operator) -> None:
    alone.more = {"RENUMBER_WORKERS": "none"}

    assert alone.does("--version") == f"renumber {__version__}\n"
