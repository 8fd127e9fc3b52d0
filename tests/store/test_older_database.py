"""A database that an older version has written goes on working: its rows, its cookies and links, and its history.

The version was the last whose code said `app` for TOTP and `lift` for the code that restores a factor. Its database is
kept as SQL, as it stood a minute after the clock of the tests begins: Erika has every factor, and has just asked to
change her number; Max has suspended his app by two wrong codes. The mail to Erika could not be delivered.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from renumber.crypto import KeyRing
from renumber.domain.account import AccountState
from renumber.domain.actor import Actor
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.messages.message import Channel, Claimed, Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.push.device import DeviceState
from renumber.domain.sign_in import SignInState
from renumber.domain.totp import Slot, TotpKey
from renumber.flows.ports.services import KeyedHash
from renumber.store.audit.entries import AuditEntries, unsealed
from renumber.store.keys.server_keys import ServerKeys
from renumber.store.messages.dead_messages import DeadMessages
from renumber.store.schema.upgrade import upgrade_if_needed
from tests.builders import NEW, OLD
from tests.flows.person import PASSWORD, Person
from tests.flows.world import World, a_world
from tests.store.history.test_audit import findings

DUMP = Path(__file__).with_name("database_at_0004.sql")
KEY_FILE = "10ac0920:4dVB+YFzSLqzwh295ATK8h9qvRvWwiocPxpmas+mv9U=\n"
ERIKA, MAX = "1c055f98c816970bbaed1cf2f87dfa18", "866589e86a5ed2da4a82c20b963bbae6"
SESSION, SESSION_TOKEN = "cb3755baaa31f91e016a15f77311e630", "8a64ad49a61177d42f7a54336c3a16af"
SIGN_IN, SIGN_IN_TOKEN = "5fc73360b48edbaff452bff75f8703e2", "83ec67d3f307e3c81c2a1598dadb8ec5"
CHANGE, LINK = "3fa3dadc51cbe95ec0a9871d9a2a98a2", "ohdY7S6ajfSZZ3QhbkBTZg"
TOTP_KEY = "a0850a942a8e1591e699e4ea763bd512bc770e39"
RESTORE_CODE = "064194"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The database of the older version, opened with its keys by this one."""
    (tmp_path / "key").write_text(KEY_FILE)
    (tmp_path / "key").chmod(0o600)
    with closing(sqlite3.connect(tmp_path / "renumber.db")) as connection:
        connection.executescript(DUMP.read_text())
    url = f"sqlite:///{tmp_path}/renumber.db"
    upgrade_if_needed(url)
    async with a_world(url, keys=KeyRing.from_file(tmp_path / "key")) as opened:
        opened.clock.move(minutes=1)
        yield opened


async def claimed(world: World) -> list[Claimed]:
    """Claim every message that is due."""
    now = world.clock.time
    return list(await world.outbox.claim(50, "tests", now=now, until=now))


async def test_an_account_is_found_by_its_address_and_read_whole(world: World) -> None:
    found = await world.services.store.credentials("erika@example.com", "")
    assert found is not None
    account = await world.account(found.account_id)

    assert (account.account_id, account.name, account.email.text) == (ERIKA, "Erika Muster", "erika@example.com")
    assert (account.number, account.state) == (OLD, AccountState.ACTIVE)
    assert account.factors == {Factor.TOTP, Factor.PASSKEY, Factor.PUSH, Factor.RECOVERY_CODE}
    assert (await world.services.passwords.verify(found.password_hash, PASSWORD)).matches


async def test_its_history_is_read_row_by_row(world: World) -> None:
    newest = [unsealed(row, world.keys) for row in await AuditEntries(world.database).newest_of(ERIKA, 100)]

    first, begun = newest[-1], newest[-2]
    assert (first.act, first.actor, first.grounds) == ("account_created", Actor.OPERATOR, "")
    assert (begun.act, begun.grounds, begun.browser) == ("sign_in_started", "password", "Firefox on Windows")


async def test_a_number_that_has_signed_in_is_proven(world: World) -> None:
    assert not (await world.account(ERIKA)).numbers.is_unproven
    assert not (await world.account(MAX)).numbers.is_unproven


async def test_a_number_counts_for_both_versions(world: World) -> None:
    async with world.services.store.work(ERIKA) as work:
        assert (await work.accounts_with(OLD), await work.accounts_with(NEW)) == (1, 1)


async def test_every_factor_is_listed_by_its_present_name(world: World) -> None:
    found = await world.reads.factor_list(ERIKA)

    assert [item.factor for item in found.items] == [Factor.TOTP, Factor.PASSKEY, Factor.PUSH, Factor.RECOVERY_CODE]
    assert [item.left for item in found.of(Factor.RECOVERY_CODE)] == [10]


async def test_the_key_and_the_status_of_totp_are_read(world: World) -> None:
    async with world.services.store.work(MAX) as work:
        status = await work.load(FactorStatus, Factor.TOTP)
    async with world.services.store.work(ERIKA) as work:
        key = await work.load(TotpKey, Slot.IN_USE)

    assert status is not None
    assert (status.factor, status.wrong_in_a_row, status.suspended_at) == (Factor.TOTP, 2, world.clock.time)
    assert (await world.account(MAX)).suspended == {Factor.TOTP}
    assert key is not None
    assert key.key.hex() == TOTP_KEY


async def test_a_device_that_was_enrolled_counts_as_confirmed(world: World) -> None:
    [device] = await world.reads.devices(ERIKA)

    assert (device.state, device.confirmed_at, device.scan) == (DeviceState.CONFIRMED, device.made_at, None)


async def test_a_session_with_its_change_is_read_by_the_cookie_of_before(world: World) -> None:
    found = await world.reads.session(ERIKA, SESSION)

    assert found is not None
    session, _, change = found
    assert session.token_key in world.keys.fingerprints(KeyedHash.SESSION, SESSION_TOKEN)
    assert (session.factor, session.browser) == (Factor.PHONE, "Firefox on Windows")
    assert change is not None
    assert (change.change_id, change.state, change.old_number) == (CHANGE, ChangeState.REQUESTED, OLD)
    assert change.proof is not None
    assert (change.proof.session_id, change.proof.factor) == (SESSION, Factor.PHONE)


async def test_a_sign_in_goes_on_where_it_was(world: World) -> None:
    found = await world.reads.sign_in(ERIKA, SIGN_IN)

    assert found is not None
    sign_in = found[0]
    assert sign_in.token_key in world.keys.fingerprints(KeyedHash.SIGN_IN, SIGN_IN_TOKEN)
    assert (sign_in.state, sign_in.method) == (SignInState.AWAITING_FACTOR, Factor.PHONE)


async def test_the_link_of_the_change_still_resets_the_number(world: World) -> None:
    link = await world.services.store.find_link(LinkPurpose.PHONE_CHANGE, LINK)
    erika = Person(world=world, account_id=ERIKA, email="erika@example.com", number=OLD)

    pressed = await erika.browser.press(LINK)

    assert link is not None
    assert link.subject == CHANGE
    assert pressed.refusal is None
    change = await world.open_change(ERIKA)
    assert change is not None
    assert change.state is ChangeState.AWAITING_NEW_NUMBER


async def test_a_message_that_waits_holds_the_code_that_was_meant(world: World) -> None:
    (waiting,) = await claimed(world)

    message = waiting.message
    assert (message.notice, message.channel, message.to) == (Notice.RESTORE_CODE, Channel.EMAIL, "max@example.com")
    assert message.code is not None
    assert world.keys.code(message.code) == RESTORE_CODE


async def test_a_dead_message_is_listed_and_sent_again_with_its_link(world: World) -> None:
    dead = DeadMessages(world.database)
    listed = [(one.account_id, one.notice, one.channel, one.reason) for one in await dead.oldest(10) or ()]

    assert await dead.retry(world.clock.time) == 1

    assert listed == [(ERIKA, "change_requested", "email", "550 no such mailbox")]
    (again,) = [one.message for one in await claimed(world) if one.message.notice is Notice.CHANGE_REQUESTED]
    assert again.action is not None
    assert world.keys.token(again.action) == LINK


async def test_the_history_verifies_and_holds_no_word_that_is_unknown_now(world: World) -> None:
    acts = {*await world.history(ERIKA), *await world.history(MAX)}

    assert await findings(world) == []
    assert acts <= {*Fact, *(f"refused:{refusal}" for refusal in Refusal)}


async def test_a_key_of_the_installation_is_kept(world: World) -> None:
    kept = await ServerKeys(world.database, world.keys).first_kept("vapid", "another")

    assert kept == "a key of the installation"
