"""An erased account: no identifier is left, and its history stays provable (SECURITY 37)."""

from typing import Any

import pytest

from renumber.crypto import CorruptSecret
from renumber.domain.email_address import EmailAddress
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.staff import Role
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.flows.ports.store import AccountUnknown, AuditEntry
from renumber.flows.services import Client
from renumber.flows.support.accounts import note
from renumber.flows.support.cases import add_evidence, open_case
from renumber.store.audit.checkpoints import Checkpoints
from renumber.store.audit.entries import AuditEntries, unsealed
from renumber.store.audit.verify import AuditVerifier
from renumber.store.keys.sealed_columns import ACCOUNT_COLUMNS, SEALED
from tests.builders import NEW, OLD
from tests.flows.person import PASSWORD, Browser, Person
from tests.flows.support.callers import a_caller
from tests.flows.support.staff import a_colleague
from tests.flows.world import World
from tests.store.conftest import a_person, erase
from tests.store.hands_on import everything, look


async def a_life(world: World, person: Person) -> None:
    """Leave every kind of row behind: a change, an open one, a wait, sessions, codes, links, messages that wait."""
    await person.reset_number()
    await person.begin_to_wait(Browser(world))
    await person.reach_new_number()
    await person.bind(NEW)
    await person.browser.reauthenticate()
    await person.ask_for_change()
    await person.browser.give_password(person.email)


async def rows_of(world: World, account_id: str) -> dict[str, list[dict[str, Any]]]:
    """Read every row that names this account."""
    tables = await everything(world)
    mine = {name: [row for row in rows if row.get("account_id") == account_id] for name, rows in tables.items()}
    return {name: rows for name, rows in mine.items() if rows}


async def test_nothing_is_left_but_the_bare_account_and_its_history(world: World, erika: Person) -> None:
    await a_life(world, erika)
    assert len(await rows_of(world, erika.account_id)) == 12

    await erase(world, erika)

    left = await rows_of(world, erika.account_id)
    assert set(left) == {"account", "audit"}
    assert all(row["origin"] is None for row in left["audit"])
    account = left["account"][0]
    assert account["erased_at"] is not None
    assert {name for name, value in account.items() if value is None} >= {
        *ACCOUNT_COLUMNS, "number_key", "former_until", "password_hash", "password_link_id",
    }  # fmt: skip


async def test_no_sealed_value_and_no_keyed_hash_of_the_person_is_left_anywhere(world: World, erika: Person) -> None:
    await a_life(world, erika)
    before = await identifying(world)
    theo = await a_person(world, "theo@example.com")
    await erase(world, erika)

    left = await everything(world)

    values = {bytes(cell) for rows in left.values() for row in rows for cell in row.values() if is_bytes(cell)}
    assert len(before) > 20
    assert values.isdisjoint(before)
    assert (await world.account(theo.account_id)).number == OLD


async def identifying(world: World) -> set[bytes]:
    """Collect every sealed value and every look-up by address or number."""
    places = [(sealed.table.name, name) for sealed in SEALED for name in sealed.columns]
    places += [("account", name) for name in (*ACCOUNT_COLUMNS, "number_key")] + [("email_lookup", "email_key")]
    rows = [row[name] for table, name in places for row in await look(world, f"SELECT {name} FROM {table}")]  # noqa: S608
    return {bytes(value) for value in rows if value is not None}


def is_bytes(cell: object) -> bool:
    """Say whether a cell may hold a sealed value or a keyed hash."""
    return isinstance(cell, bytes | memoryview)


async def test_the_history_still_verifies_and_tells_of_the_erasure(world: World, erika: Person) -> None:
    await a_life(world, erika)
    await Checkpoints(world.database, world.keys, world.clock).write()

    await erase(world, erika)

    verifier = a_verifier(world)
    assert [sentence async for sentence in verifier.checkpoints()] == []
    assert [finding async for finding in verifier.chains(lambda _: None)] == []
    assert (await world.history(erika.account_id))[-1] == "account_erased"


REASON = "Frau Muster rief aus Ulm an"


async def test_a_reason_that_an_operator_typed_is_sealed_and_goes_with_the_account(world: World, erika: Person) -> None:
    mia, account_id = Client(ip="", browser="", time_zone="UTC", operator="mia"), erika.account_id
    await freeze_by_operator(world.services, mia, account_id, REASON)
    await freeze_by_operator(world.services, mia, account_id, REASON)
    await release_by_operator(world.services, mia, account_id, REASON)
    before, told = await every_cell(world), await newest(world, account_id, 3)

    await erase(world, erika)

    assert [(entry.act, entry.grounds) for entry in told] == [
        ("account_released", f"reason: {REASON}; by mia"),
        ("refused:account_frozen", f"reason: {REASON}; by mia"),
        ("account_frozen", f"reason: {REASON}; by mia"),
    ]
    assert REASON.encode() not in before
    assert b"by mia" in before, "what is in the clear is found"
    left = await newest(world, account_id, 4)
    assert [entry.grounds for entry in left[1:]] == ["by mia"] * 3
    assert [finding async for finding in a_verifier(world).chains(lambda _: None)] == []


async def newest(world: World, account_id: str, count: int) -> list[AuditEntry]:
    """Read the newest entries, opened."""
    rows = await AuditEntries(world.database).newest_of(account_id, count)
    return [unsealed(row, world.keys) for row in rows]


async def every_cell(world: World) -> bytes:
    """Read whatever the database holds, to search in it."""
    cells = [cell for rows in (await everything(world)).values() for row in rows for cell in row.values()]
    return b"|".join(bytes(cell) if is_bytes(cell) else str(cell).encode() for cell in cells)


def a_verifier(world: World) -> AuditVerifier:
    """Verify the history of this database."""
    return AuditVerifier(world.database, world.keys, CorruptSecret, clock=world.clock)


async def test_who_was_erased_is_unknown_and_may_come_back_as_somebody_new(world: World, erika: Person) -> None:
    await a_life(world, erika)
    link, stop = await erika.link(), (await erika.mails())[-1].stop
    await erase(world, erika)

    result = await erika.browser.give_password(erika.email)
    pressed = await erika.browser.press(link)
    new_id = await world.enter(erika.email, PASSWORD, OLD)

    assert result.refusal == "wrong_credentials"
    assert pressed.refusal == "link_unknown"
    assert stop
    assert not await erika.browser.is_signed_in()
    assert new_id != erika.account_id


async def test_nobody_is_erased_twice(world: World, erika: Person) -> None:
    await erase(world, erika)

    with pytest.raises(AccountUnknown):
        await erase(world, erika)

    assert await world.services.store.credentials(EmailAddress(erika.email).key, "") is None
    assert (await world.history(erika.account_id)).count("account_erased") == 1


async def test_what_customer_relations_kept_of_a_person_goes_with_the_account(world: World, erika: Person) -> None:
    agent = await a_colleague(world, Role.AGENT)
    await agent.do(note, erika, reason=REASON)
    await a_caller(agent, erika)
    await agent.do(open_case, erika, reason=REASON)
    await agent.do(add_evidence, erika, EvidenceKind.DOCUMENT, reason=f"{REASON}, passport")
    assert {"caller_check", "recovery_case"} <= {*await rows_of(world, erika.account_id)}

    await erase(world, erika)

    assert {*await rows_of(world, erika.account_id)} == {"account", "audit"}
    assert [entry.reason for entry in await newest(world, erika.account_id, 20)] == [""] * 7
    assert [finding async for finding in a_verifier(world).chains(lambda _: None)] == []
