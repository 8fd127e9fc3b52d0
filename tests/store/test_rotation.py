"""A new key for everything, while the service runs; and the end of the old one."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from renumber.crypto import CorruptSecret, KeyRing, add_key, retire_previous
from renumber.domain.account import NOBODY
from renumber.domain.email_address import EmailAddress
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.release import release_by_operator
from renumber.flows.phone_change.request import cancel_change
from renumber.policies.oidc.lifetimes import ACCESS_FOR, REFRESH_FOR
from renumber.store.audit.checkpoints import Checkpoints
from renumber.store.audit.verify import AuditVerifier
from renumber.store.keys.retirement import Need, needs
from renumber.store.keys.rotation import Rotation
from renumber.store.keys.sealed_columns import ACCOUNT_COLUMNS, SEALED
from tests.builders import NEW, OLD
from tests.flows.person import Person
from tests.flows.refusals.grants import bring, code_of
from tests.flows.test_told_by_text import come_true, texts
from tests.flows.world import World, a_world
from tests.store.conftest import a_person, erase, the_same_person
from tests.store.hands_on import change, look


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The file of keys."""
    return tmp_path / "key"


@pytest.fixture
async def world(database_url: str, key_file: Path) -> AsyncIterator[World]:
    """An installation with a key that can be rotated."""
    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as opened:
        yield opened


async def rotate(world: World, key_file: Path) -> Rotation:
    """Add a key and seal everything anew, as the command does in a process of its own."""
    add_key(key_file)
    rotation = Rotation(world.database, KeyRing.from_file(key_file), world.clock)
    world.clock.move(seconds=3)
    await rotation.run(lambda _: None)
    return rotation


async def findings(world: World, keys: KeyRing) -> list[str]:
    """Verify the whole history."""
    verifier = AuditVerifier(world.database, keys, CorruptSecret, clock=world.clock)
    of_checkpoints = [sentence async for sentence in verifier.checkpoints()]
    return of_checkpoints + [str(finding) async for finding in verifier.chains(lambda _: None)]


async def sealed_with(world: World, key_id: str) -> list[str]:
    """Every sealed column in which this key is still needed."""
    places = [(sealed.table.name, name) for sealed in SEALED for name in sealed.columns]
    places += [("account", name) for name in ACCOUNT_COLUMNS]
    found = []
    for table, name in places:
        values = [bytes(row[name] or b"") for row in await look(world, f"SELECT {name} FROM {table}")]  # noqa: S608
        found += [f"{table}.{name}" for value in values if value[:4].hex() == key_id]
    return found


async def what_needs(world: World, rotation: Rotation) -> Sequence[Need]:
    """Count what still rests on the previous key."""
    progress, window = await rotation.progress(), world.limits.reset_browser_for
    now = world.clock.time
    return await needs(world.database, progress.key_id, started_at=progress.started_at, now=now, reset_for=window)


async def test_after_a_rotation_nothing_is_left_under_the_old_key(world: World, erika: Person, key_file: Path) -> None:
    old = world.keys.current
    await erika.change_number(NEW)
    await erika.browser.reauthenticate()
    await erika.ask_for_change()
    assert {place.partition(".")[0] for place in await sealed_with(world, old)} == {
        "account", "session", "challenge", "phone_change", "outbox", "audit",
    }  # fmt: skip

    rotation = await rotate(world, key_file)

    assert await sealed_with(world, old) == []
    assert await rotation.stale() == 0
    assert (await rotation.progress()).finished_at is not None


async def test_without_the_old_key_people_sign_in_and_the_history_verifies(
    world: World, erika: Person, key_file: Path, database_url: str
) -> None:
    theo = await a_person(world, "theo@example.com")
    await erase(world, theo)
    await erika.sign_in()
    await erika.browser.give_password("nobody@example.com")
    await Checkpoints(world.database, world.keys, world.clock).write()
    await world.deliver()

    await rotate(world, key_file)
    retire_previous(key_file)

    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as later:
        later.clock.move(days=30)
        same = the_same_person(erika, later)
        await same.sign_in()
        assert (await later.account(erika.account_id)).name == "Erika Muster"
        assert await findings(later, later.keys) == []


async def test_a_person_who_is_signed_in_stays_it_and_links_in_mails_go_on_working(
    world: World, erika: Person, key_file: Path, database_url: str
) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    token = await erika.link()

    await rotate(world, key_file)

    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as later:
        erika.browser.world = later
        assert await erika.browser.is_signed_in()
        assert (await erika.browser.press(token)).refusal is None


async def test_a_stop_link_knows_after_a_rotation_to_whom_it_was_sent(
    world: World, erika: Person, key_file: Path, database_url: str
) -> None:
    await erika.change_number(NEW)
    [old] = await erika.texts(Notice.NUMBER_CHANGED, number=OLD)
    [mail] = await erika.mails(Notice.NUMBER_CHANGED)

    await rotate(world, key_file)

    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as later:
        later.clock.move(minutes=1)
        at = erika.browser.client
        assert (await freeze_by_link(later.services, at, mail.stop)).refusal is None
        await release_by_operator(later.services, at, erika.account_id, "a call", wanted=Wanted.PRESENT)
        assert (await freeze_by_link(later.services, at, old.stop)).refusal is Refusal.CHANNEL_LEFT


async def test_the_budget_of_texts_goes_on_over_a_rotation(
    world: World, erika: Person, key_file: Path, database_url: str
) -> None:
    await come_true(erika, Fact.SESSIONS_ENDED, 10)
    told = len(await texts(world))

    await rotate(world, key_file)

    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as later:
        later.clock.move(minutes=1)
        await come_true(the_same_person(erika, later), Fact.SESSIONS_ENDED, 10)
        assert await texts(later) == []
        later.clock.move(days=1)
        assert [one.message.params["more"] for one in await texts(later)] == [str(20 - told)]


async def test_what_the_service_writes_meanwhile_is_not_lost(world: World, erika: Person, key_file: Path) -> None:
    await erika.sign_in()
    add_key(key_file)
    fresh = KeyRing.from_file(key_file)
    rotation = Rotation(world.database, fresh, world.clock)

    async def live() -> None:
        for _ in range(5):
            await erika.ask_for_change()
            await erika.browser.reauthenticate()
            await cancel_change(world.services, erika.browser.client, erika.browser.ticket)

    living = asyncio.create_task(live())
    while not living.done():
        await rotation.run(lambda _: None)
    await living
    await rotation.run(lambda _: None)

    history = await world.history(erika.account_id)
    assert history.count("change_cancelled") == 5
    assert await rotation.stale() == 0
    assert await findings(world, fresh) == []


async def test_a_rotation_that_was_broken_off_goes_on_where_it_stopped(
    world: World, erika: Person, key_file: Path
) -> None:
    await erika.sign_in()
    add_key(key_file)
    rotation = Rotation(world.database, KeyRing.from_file(key_file), world.clock)

    def break_off(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rotation.run(break_off)
    broken_off = await rotation.progress()
    finished = await rotation.run(lambda _: None)

    assert NOBODY < broken_off.done_up_to < erika.account_id
    assert broken_off.finished_at is None
    assert finished.finished_at is not None
    assert finished.started_at == broken_off.started_at
    assert await rotation.stale() == 0


async def test_a_rotation_does_not_vouch_for_an_altered_history(world: World, erika: Person, key_file: Path) -> None:
    await erika.sign_in()
    await change(world, "UPDATE account SET audit_mac = audit_hash WHERE account_id = :id", id=erika.account_id)

    await rotate(world, key_file)

    found = await findings(world, KeyRing.from_file(key_file))
    assert any("was not made with the key" in sentence for sentence in found)


async def test_one_value_that_can_not_be_read_is_named_and_the_rest_is_sealed(
    world: World, erika: Person, key_file: Path
) -> None:
    old = world.keys.current
    theo = await a_person(world, "theo@example.com")
    await change(world, "UPDATE account SET name = :odd WHERE account_id = :id", odd=b"\0" * 40, id=theo.account_id)
    add_key(key_file)

    progress = await Rotation(world.database, KeyRing.from_file(key_file), world.clock).run(lambda _: None)

    assert progress.finished_at is None
    assert len(progress.unreadable) == 1
    assert progress.unreadable[0].startswith(f"account {theo.account_id}: ")
    assert set(await sealed_with(world, old)) == {"account.email", "account.number"}  # of the one that can't be read


async def test_an_address_can_not_be_entered_twice_during_a_rotation(
    world: World, erika: Person, key_file: Path
) -> None:
    await rotate(world, key_file)

    found = await look(world, "SELECT * FROM email_lookup")

    fresh = KeyRing.from_file(key_file)
    assert [bytes(row["email_key"]) for row in found] == [fresh.fingerprint("email", EmailAddress(erika.email).key)]


async def test_the_old_key_is_needed_until_the_last_session_and_link_end(
    world: World, erika: Person, key_file: Path
) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    await world.deliver()
    signed_in_at = world.clock.time
    rotation = await rotate(world, key_file)

    needed = {need.what: need.until for need in await what_needs(world, rotation)}
    world.clock.move(hours=24)
    later = await what_needs(world, rotation)

    assert needed["session(s)"] == signed_in_at + world.limits.session_for
    assert needed["link(s)"] == max(signed_in_at + timedelta(days=7), signed_in_at + world.limits.link_for)
    assert {need.what for need in later} == {"link(s)"}
    world.clock.move(days=7)
    assert await what_needs(world, rotation) == []


async def test_a_waiting_message_and_an_unfinished_change_need_the_old_key(
    world: World, erika: Person, key_file: Path
) -> None:
    await erika.reset_number()
    await erika.browser.give_password(erika.email)
    rotation = await rotate(world, key_file)

    needed = {need.what for need in await what_needs(world, rotation)}

    assert {
        "message(s) to be sent",
        "sign-in(s) under way",
        "number(s) reset in a browser that is remembered",
    } <= needed


async def test_what_an_application_holds_needs_the_old_key(world: World, erika: Person, key_file: Path) -> None:
    await bring(erika, await code_of(erika))
    await world.deliver()
    given_at = world.clock.time
    rotation = await rotate(world, key_file)

    needed = {need.what: need.until for need in await what_needs(world, rotation)}

    assert needed["access token(s)"] == given_at + ACCESS_FOR
    assert needed["grant(s) of applications"] == given_at + REFRESH_FOR
    world.clock.move(days=30)
    assert await what_needs(world, rotation) == []


async def test_what_was_made_with_the_new_key_does_not_need_the_old_one(
    world: World, erika: Person, key_file: Path, database_url: str
) -> None:
    rotation = await rotate(world, key_file)

    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as later:
        later.clock.time = world.clock.time
        await the_same_person(erika, later).sign_in()

    assert await what_needs(world, rotation) == []
