"""`renumber joins`: what joins is checked and listed, and secrets are made where nobody else reads them."""

import json
from hashlib import sha256
from pathlib import Path

from harness.tables import rows_of, write_to
from tests.cli.operator import PASSWORD, Operator

PUBLIC = '[[client]]\nid = "app"\npublic = true\nredirect_uris = ["com.example.app:/callback"]\n'


def joins_file(operator: Operator, text: str) -> Path:
    path = operator.folder / "joins.toml"
    path.write_text(text)
    operator.more["RENUMBER_JOINS_FILE"] = str(path)
    return path


def test_a_right_file_is_counted(alone: Operator) -> None:
    joins_file(alone, PUBLIC)

    said = alone.runs("joins", "check")

    assert said.code == 0
    assert "is right: 1 application, 0 webhooks, 0 API keys." in said.out


def test_a_wrong_file_is_told_line_by_line(alone: Operator) -> None:
    path = alone.folder / "joins.toml"
    path.write_text(PUBLIC.replace("com.example.app", "app") + "[[api_key]]\nname='x'\nhash='y'\nscopes=[]\n")

    said = alone.runs("joins", "check", str(path))

    assert said.code == 1
    assert "- client 1 (app): redirect_uris" in said.err
    assert "- api_key 1 (x): scopes" in said.err


def test_without_a_file_it_says_where_one_is_named(alone: Operator) -> None:
    said = alone.runs("joins", "list")

    assert said.code == 2
    assert "RENUMBER_JOINS_FILE" in said.err


def test_what_has_joined_is_listed(alone: Operator) -> None:
    joins_file(alone, PUBLIC)

    rows = json.loads(alone.runs("joins", "list", "--json").out)["joins"]

    assert rows == [
        {
            "kind": "application",
            "id": "app",
            "shows": "nothing (public)",
            "address": "com.example.app:/callback",
            "may": "email openid phone profile",
        }
    ]
    assert "nothing (public)" in alone.runs("joins", "list").out


def test_an_empty_file_lists_nothing_in_words(alone: Operator) -> None:
    joins_file(alone, "")

    assert alone.runs("joins", "list").out == "Nothing has joined.\n"


def test_a_secret_lies_in_a_file_of_its_owner_alone_and_no_file_is_replaced(alone: Operator) -> None:
    path = alone.folder / "app.secret"

    said = alone.runs("joins", "secret", str(path))
    made = path.read_text()
    again = alone.runs("joins", "secret", str(path))

    assert said.code == 0
    assert made.strip() not in said.both
    assert path.stat().st_mode & 0o777 == 0o600
    assert again.code == 1
    assert path.read_text() == made


def test_what_is_made_is_taken(alone: Operator) -> None:
    alone.runs("joins", "secret", str(alone.folder / "app.secret"))
    alone.runs("joins", "secret", "--webhook", str(alone.folder / "app.whsec"))
    key, line = alone.runs("joins", "secret", "--api-key").out.splitlines()
    text = PUBLIC.replace("public = true", 'secret_file = "app.secret"')
    text += '[[webhook]]\nurl = "https://app.example"\nsecret_file = "app.whsec"\n'
    joins_file(alone, f'{text}[[api_key]]\nname = "payments"\n{line}\nscopes = ["events"]\n')

    said = alone.runs("joins", "check")

    assert sha256(key.encode()).hexdigest() in line
    assert "1 application, 1 webhook, 1 API key" in said.out
    assert "1 application, 1 webhook, 1 API key" in alone.runs("doctor").both


WEBHOOK = """[[webhook]]
id = "shop"
url = "http://127.0.0.1:9/hooks"
secret_file = "shop.whsec"
events = ["account.*"]
allow_private = true
"""


def with_webhook(operator: Operator) -> None:
    """Let one webhook hear of accounts."""
    assert operator.runs("joins", "secret", "--webhook", "shop.whsec").code == 0
    joins_file(operator, WEBHOOK)


def test_a_webhook_that_is_gone_is_told_everywhere_and_enabled_again(operator: Operator) -> None:
    with_webhook(operator)
    write_to(operator.url, "INSERT INTO webhook_switch (webhook_id, off_since, reason) VALUES ('shop', 0, 'gone')")

    listed = json.loads(operator.runs("joins", "list", "--json").out)["joins"][0]["shows"]
    found = operator.runs("doctor")
    enabled = operator.runs("joins", "enable", "shop")
    again = operator.runs("joins", "enable", "shop")

    assert listed == "nothing: switched off 1970-01-01T00:00:00Z"
    assert "shop is switched off since" in found.out
    assert (enabled.code, again.code) == (0, 1)
    assert json.loads(operator.runs("joins", "list", "--json").out)["joins"][0]["shows"] == "a signature"


STREAM = """INSERT INTO stream (account_id, stream_id, owner, audience, method, content, status, created_at, due_at,
attempts, failing_since, failure, version)
VALUES ('', 'st', 'signals', 'signals', 'urn:ietf:rfc:8935', 'x', 'paused', 0, 0, 10, 0, 'answered 503', 0)"""


def test_a_stream_whose_receiver_fails_is_told_everywhere(operator: Operator) -> None:
    key = f'[[api_key]]\nname = "signals"\nhash = "{"0" * 64}"\nscopes = ["ssf"]\n'
    joins_file(operator, key)
    write_to(operator.url, STREAM)

    (_, listed) = json.loads(operator.runs("joins", "list", "--json").out)["joins"]
    found = operator.runs("doctor")

    assert (listed["kind"], listed["id"], listed["may"]) == ("stream", "st", "of signals")
    assert listed["shows"] == "paused, 0 waiting, fails since 1970-01-01T00:00:00Z: answered 503"
    assert "the receiver signals fails since" in found.out
    assert found.code == 1


def test_what_happened_is_sent_again_by_id_or_since_a_time(operator: Operator) -> None:
    with_webhook(operator)
    create = ("account", "create", "--email", "erika@example.com", "--name", "Erika", "--password-stdin")
    assert operator.runs(*create, stdin=PASSWORD).code == 0
    write_to(operator.url, "UPDATE event SET position = 7")  # as whoever serves would
    (event,) = rows_of(operator.url, "SELECT event_id FROM event")

    by_id = operator.runs("joins", "replay", "--webhook", "shop", "--event", event["event_id"])
    since = operator.runs("joins", "replay", "--webhook", "shop", "--since", "2020-01-01")
    refused = [
        operator.runs("joins", "replay", "--webhook", *words).code
        for words in (
            ("shop",),
            ("shop", "--event", "0" * 32),
            ("none", "--since", "2020-01-01"),
            ("shop", "--since", "yesterday"),
        )
    ]

    assert "1 event(s) will be sent again." in by_id.out
    assert "1 event(s) will be sent again." in since.out
    assert refused == [2, 1, 1, 2]
    waiting = rows_of(operator.url, "SELECT event_id FROM webhook_delivery WHERE state = 'waiting'")
    assert [row["event_id"] for row in waiting] == [event["event_id"]] * 2
