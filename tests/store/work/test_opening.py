"""An act's states come with the lock on its account, in one statement, and are never older than the lock."""

import asyncio
from collections.abc import Sequence

from renumber.domain.challenge import Challenge, CodePurpose, slot_of
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages.message import Notice
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn
from renumber.flows.ports.kept import OPEN_CHANGE, Wanted
from renumber.store.database.open import counting
from tests.flows.person import Person, a_person
from tests.flows.world import World, a_world
from tests.store.hands_on import look

PHONE = Wanted(FactorStatus, Factor.PHONE)
WAITING = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until_another_waits(world: World) -> None:
    """Wait until an act waits for the lock; SQLite's writer takes them in turn from the beginning."""
    async with asyncio.timeout(10):
        await asyncio.sleep(0)
        while world.database.dialect == "postgresql" and not (await look(world, WAITING))[0]["n"]:  # noqa: ASYNC110 - another session waits
            await asyncio.sleep(0.005)


async def seen_by_another(person: Person, wanted: Sequence[Wanted]) -> FactorStatus | None:
    """Load the count of the phone in an act of its own."""
    async with person.world.services.store.work(person.account_id, *wanted) as work:
        return await work.load(FactorStatus, Factor.PHONE)


async def test_an_act_that_waited_sees_what_the_one_before_has_left(database_url: str) -> None:
    async with a_world(database_url) as world:
        person = await a_person(world)
        for wrong in (1, 2):
            async with world.services.store.work(person.account_id, PHONE) as work:
                status = await work.load(FactorStatus, Factor.PHONE)
                version = status.version if status else 0
                work.keep(
                    FactorStatus(
                        account_id=person.account_id, factor=Factor.PHONE, wrong_in_a_row=wrong, version=version
                    )
                )
                another = asyncio.create_task(seen_by_another(person, [PHONE]))
                await until_another_waits(world)
            seen = await another

            assert seen is not None
            assert seen.wrong_in_a_row == wrong


async def test_an_act_that_waited_for_one_that_changed_nothing_reads_nothing_again(database_url: str) -> None:
    async with a_world(database_url) as world:
        person = await a_person(world)
        async with world.services.store.work(person.account_id):
            with counting() as counted:
                another = asyncio.create_task(seen_by_another(person, [PHONE]))
            await until_another_waits(world)
        await another

        assert counted.statements == 1


async def test_what_is_wanted_comes_with_the_account(database_url: str) -> None:
    async with a_world(database_url) as world:
        person = await a_person(world)
        await person.sign_in()
        await person.ask_for_change()
        assert person.browser.session
        session_id = person.browser.session.id
        await person.browser.give_password(person.email)
        sign_in_id = person.browser.begun.id
        slot = slot_of(CodePurpose.SIGN_IN, sign_in_id)

        with counting() as counted:
            async with world.services.store.work(
                person.account_id,
                OPEN_CHANGE,
                Wanted(Session, session_id),
                Wanted(SignIn, sign_in_id),
                Wanted(Challenge, slot),
                Wanted(FactorStatus, Factor.PHONE),
                Wanted(FactorStatus, Factor.TOTP),
            ) as work:
                change, session = await work.open_change(), await work.load(Session, session_id)
                sign_in, challenge = await work.load(SignIn, sign_in_id), await work.load(Challenge, slot)
                phone = await work.load(FactorStatus, Factor.PHONE)
                absent = await work.load(FactorStatus, Factor.TOTP)

        assert counted.statements == 1
        assert change == await world.open_change(person.account_id)
        assert session
        assert session.session_id == session_id
        assert sign_in
        assert sign_in.sign_in_id == sign_in_id
        found, _ = await world.reads.code(person.account_id, slot, Notice.SIGN_IN_CODE)
        assert challenge == found
        assert phone
        assert phone.factor is Factor.PHONE
        assert absent is None


async def test_a_change_that_was_closed_in_the_act_is_open_no_more(database_url: str) -> None:
    async with a_world(database_url) as world:
        person = await a_person(world)
        await person.sign_in()
        await person.ask_for_change()

        async with world.services.store.work(person.account_id, OPEN_CHANGE) as work:
            change = await work.open_change()
            assert change
            work.keep(change.cancel(world.clock.time).state)

            assert await work.open_change() is None
            assert await work.load(PhoneChange, change.change_id) != change
