"""What was done or refused reaches the log and the figures once it is committed, and never before."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from renumber.clock import SystemClock
from renumber.crypto import KeyRing
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.ports.store import AuditEntry
from renumber.settings.joins.watched import WatchedJoins
from renumber.store.account_store import AccountStore
from renumber.store.database.open import Database, open_database
from renumber.store.new_accounts import NewAccountStore
from renumber.wiring.parts import Parts
from tests.observability.conftest import Log
from tests.observability.service import serving

EMAIL = "erika@example.com"
SECRET = "a key of more than thirty-two bytes for tests"
AN_ENTRY = AuditEntry(datetime(2026, 11, 24, 12, tzinfo=UTC), Actor.OWNER, "signed_out", "", "", browser="", ip="")


class Heard:
    """What the observer of a store was told."""

    def __init__(self) -> None:
        self.acts: list[str] = []

    def __call__(self, _account_id: str, entries: Sequence[AuditEntry]) -> None:
        self.acts += [entry.act for entry in entries]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = open_database(sqlite_url)
    await opened.start()
    yield opened
    await opened.close()


async def an_account(database: Database, keys: KeyRing) -> str:
    """Enter one account and give its id."""
    newcomer = Newcomer(EmailAddress(EMAIL), "Erika", "de", None, "$argon2id$hash")
    nothing = WatchedJoins(None, lambda _: None)
    await enter_accounts(NewAccountStore(database, keys), SystemClock(), keys, newcomers=[newcomer], joins=nothing)
    found = await AccountStore(database, keys, lambda: None).credentials(EmailAddress(EMAIL).key, "")
    assert found
    return found.account_id


async def test_what_was_committed_is_heard_of(database: Database) -> None:
    keys, heard = KeyRing.from_secret(SECRET), Heard()
    account_id, store = await an_account(database, keys), AccountStore(database, keys, lambda: None, observe=heard)

    async with store.work(account_id) as work:
        work.record([AN_ENTRY], [])
        assert heard.acts == []

    assert heard.acts == ["signed_out"]


async def test_what_was_rolled_back_is_not(database: Database) -> None:
    keys, heard = KeyRing.from_secret(SECRET), Heard()
    account_id, store = await an_account(database, keys), AccountStore(database, keys, lambda: None, observe=heard)

    with pytest.raises(ZeroDivisionError):
        await record_and_fail(store, account_id)

    assert heard.acts == []


async def record_and_fail(store: AccountStore, account_id: str) -> None:
    """Do something, and have it undone."""
    async with store.work(account_id) as work:
        work.record([AN_ENTRY], [])
        raise ZeroDivisionError


async def test_a_refused_sign_in_is_told_by_the_line_of_its_request(
    sqlite_url: str, tmp_path: Path, logged: Log
) -> None:
    async with serving(sqlite_url, tmp_path / "key", metrics_token="a token of sixteen") as visitor:
        await visitor.get("/sign-in")
        await visitor.post("/sign-in", {"email": EMAIL, "password": "not the right one"})
        shown = await visitor.get("/metrics", authorization="Bearer a token of sixteen")

    (line,) = [each for each in logged.lines if each.get("method") == "POST"]
    assert line["refusal"] == "wrong_credentials"
    assert line["statements"] > 0
    assert line["commits"] > 0
    assert "account_id" not in line
    assert 'renumber_sign_ins_total{result="wrong_credentials"} 1.0' in shown.text
    assert EMAIL not in logged.text + shown.text


class DyingDispatcher:
    """A dispatcher with a bug."""

    def wake(self) -> None:
        """Hear of messages."""

    async def run(self) -> None:
        """End before its time."""
        raise AssertionError(EMAIL)


async def test_a_dispatcher_that_a_bug_has_ended_is_seen_at_once(sqlite_url: str, tmp_path: Path, logged: Log) -> None:
    def with_a_bug(parts: Parts) -> Parts:
        return replace(parts, dispatcher=DyingDispatcher())  # type: ignore[arg-type]  # a fake of it

    async with serving(sqlite_url, tmp_path / "key", with_a_bug) as visitor:
        await visitor.get("/readyz")  # asks the database, so that everything else has its turn
        lines = logged.lines

    (line,) = [each for each in lines if each["event"] == "background_task_died"]
    assert line["fault"] == "AssertionError"
    assert line["frames"][-1].endswith(":run")
    assert EMAIL not in logged.text
