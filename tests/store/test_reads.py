"""A session and a sign-in are each read in one query, with all that they are judged by."""

from dataclasses import replace
from datetime import timedelta

import pytest

from renumber.domain.challenge import CodePurpose, slot_of
from renumber.domain.messages.message import Dead, Delivery, DeliveryState, Expired, Notice, Retry, Sent, Settlement
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn
from renumber.store.database.open import counting
from tests.builders import a_change, a_session, a_sign_in
from tests.flows.person import Browser, Person
from tests.flows.world import START, World
from tests.store.conftest import a_person


async def kept(world: World, state: SignIn | Session | PhoneChange) -> None:
    """Save a state, as a flow would."""
    async with world.services.store.work(state.account_id) as work:
        work.keep(state)


async def test_a_session_brings_its_account_and_the_open_change_in_one_query(world: World, erika: Person) -> None:
    session = replace(a_session(), account_id=erika.account_id)
    change = replace(a_change(), account_id=erika.account_id)
    await kept(world, session)
    await kept(world, change)

    with counting() as counted:
        found = await world.reads.session(erika.account_id, session.session_id)

    assert found == (replace(session, version=1), await world.account(erika.account_id), replace(change, version=1))
    assert counted.statements == 1


async def test_a_sign_in_brings_the_session_in_which_it_began_in_the_same_query(world: World, erika: Person) -> None:
    session = replace(a_session(), account_id=erika.account_id)
    sign_in = replace(a_sign_in(), account_id=erika.account_id, session_id=session.session_id)
    for state in (replace(session, session_id="e" * 32), session, sign_in):
        await kept(world, state)

    with counting() as counted:
        found = await world.reads.sign_in(erika.account_id, sign_in.sign_in_id)

    account = await world.account(erika.account_id)
    assert found == (replace(sign_in, version=1), account, None, replace(session, version=1))
    assert counted.statements == 1


async def test_a_sign_in_that_began_with_a_password_brings_no_session(world: World, erika: Person) -> None:
    sign_in = replace(a_sign_in(), account_id=erika.account_id)
    change = replace(a_change(), account_id=erika.account_id)
    for state in (replace(a_session(), account_id=erika.account_id), sign_in, change):
        await kept(world, state)

    found = await world.reads.sign_in(erika.account_id, sign_in.sign_in_id)

    assert found is not None
    assert found[2:] == (replace(change, version=1), None)


async def test_a_session_of_another_account_under_the_same_id_is_not_brought(world: World, erika: Person) -> None:
    theo = await a_person(world, "theo@example.com")
    session = replace(a_session(), account_id=theo.account_id)
    sign_in = replace(a_sign_in(), account_id=erika.account_id, session_id=session.session_id)
    await kept(world, session)
    await kept(world, sign_in)

    found = await world.reads.sign_in(erika.account_id, sign_in.sign_in_id)

    assert found is not None
    assert found[3] is None


async def test_what_is_not_there_is_not_found(world: World, erika: Person) -> None:
    assert await world.reads.session(erika.account_id, "0" * 32) is None
    assert await world.reads.sign_in(erika.account_id, "0" * 32) is None


@pytest.mark.parametrize(
    ("settlement", "state"),
    [
        (None, DeliveryState.TRYING),
        (Retry(START + timedelta(minutes=1), "busy"), DeliveryState.TRYING),
        (Sent("tests"), DeliveryState.SENT),
        (Dead("no such number"), DeliveryState.GIVEN_UP),
        (Expired(), DeliveryState.GIVEN_UP),
    ],
)
async def test_what_became_of_the_newest_message_of_a_kind_is_read_in_one_query(
    world: World, erika: Person, settlement: Settlement | None, state: DeliveryState
) -> None:
    browser = Browser(world)
    await browser.give_password(erika.email)
    claimed = await world.outbox.claim(50, "tests", now=world.clock.time, until=world.clock.time)
    if settlement:
        await world.outbox.settle(claimed[0], settlement, world.clock.time)

    with counting() as counted:
        found = await world.reads.delivery(erika.account_id, Notice.SIGN_IN_CODE)

    assert found is not None
    assert (found.state, found.written_at) == (state, START)
    assert (counted.statements, await world.reads.delivery(erika.account_id, Notice.RELEASE_CODE)) == (1, None)


async def test_a_code_and_what_became_of_its_message_are_read_in_one_query(world: World, erika: Person) -> None:
    browser = Browser(world)
    await browser.give_password(erika.email)
    slot = slot_of(CodePurpose.SIGN_IN, browser.begun.id)

    with counting() as counted:
        challenge, delivery = await world.reads.code(erika.account_id, slot, Notice.SIGN_IN_CODE)

    assert counted.statements == 1
    assert challenge
    assert challenge.slot == slot
    assert delivery == await world.reads.delivery(erika.account_id, Notice.SIGN_IN_CODE)
    assert await world.reads.code(erika.account_id, "another", Notice.SIGN_IN_CODE) == (None, delivery)
    assert await world.reads.code(erika.account_id, slot, Notice.RELEASE_CODE) == (challenge, None)


def test_a_message_is_late_after_twenty_seconds_on_its_way() -> None:
    trying, sent = Delivery(DeliveryState.TRYING, START), Delivery(DeliveryState.SENT, START, START)

    assert not trying.is_late(START + timedelta(seconds=19))
    assert trying.is_late(START + timedelta(seconds=20))
    assert not sent.is_late(START + timedelta(seconds=20))
