"""Ten wrong codes in a row suspend a factor; another proof opens it again, and nothing else does."""

from dataclasses import replace

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.factors.suspended import send_restore_code
from tests.builders import NEW, OTHER, WRONG
from tests.flows.factors.suspension import restore, suspend
from tests.flows.person import Browser, Person
from tests.flows.world import World

WORDS = "vurmix gapolde 27"


async def test_the_eighth_wrong_code_warns_and_the_tenth_suspends_over_new_codes(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)

    steps = await suspend(erika, erika.browser)

    assert [result.refusal for result in steps] == [
        *[Refusal.WRONG_CODE] * 4,
        Refusal.TOO_MANY_WRONG_CODES,
        *[Refusal.WRONG_CODE] * 2,
        *[Refusal.WRONG_CODE_WARNED] * 2,
        Refusal.FACTOR_SUSPENDED,
    ]
    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 10
    assert len(await erika.mails(Notice.FACTOR_SUSPENDED)) == 1
    assert len(await erika.texts(Notice.FACTOR_SUSPENDED)) == 1


async def test_a_suspension_belongs_to_the_number_and_ends_with_it(world: World, erika: Person) -> None:
    await erika.reset_number()
    await set_aside(world, erika)

    await erika.reach_new_number()
    assert (await erika.browser.enter_number(NEW)).refusal is None
    assert (await erika.browser.type_code(await erika.code(CodePurpose.NEW_NUMBER))).signed_in

    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 0
    await erika.browser.give_password(erika.email)
    assert (await erika.browser.type_code(await erika.code(CodePurpose.SIGN_IN))).signed_in


async def set_aside(world: World, erika: Person) -> None:
    """Suspend the phone, as ten wrong codes before the reset would have."""
    async with world.services.store.work(erika.account_id) as work:
        phone = await work.load(FactorStatus, Factor.PHONE) or FactorStatus(
            account_id=erika.account_id, factor=Factor.PHONE
        )
        work.keep(replace(phone, wrong_in_a_row=10, suspended_at=world.clock.time))


async def test_a_suspended_phone_gets_no_code_and_takes_none(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    await suspend(erika, erika.browser)
    right, texts = await erika.code(CodePurpose.SIGN_IN), len(await erika.texts())

    assert (await erika.browser.type_code(right)).refusal is Refusal.FACTOR_SUSPENDED
    world.clock.move(days=2)
    await erika.browser.give_password(erika.email)
    assert (await erika.browser.send_again()).refusal is Refusal.FACTOR_SUSPENDED

    assert len(await erika.texts()) == texts


async def test_a_code_to_the_mailbox_opens_it_and_the_phone_is_still_to_be_proven(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    await suspend(erika, erika.browser)

    assert await restore(erika, erika.browser) is None

    assert await erika.browser.state() is SignInState.AWAITING_FACTOR
    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 0
    assert "factor_restored" in await world.history(erika.account_id)
    world.clock.move(minutes=3)
    await erika.browser.send_again()
    assert (await erika.browser.type_code(await erika.code(CodePurpose.SIGN_IN))).signed_in


async def test_a_wrong_code_restores_nothing(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    await suspend(erika, erika.browser)
    assert await restore(erika, erika.browser, WRONG) is Refusal.NO_CODE
    ticket = erika.browser.sign_in
    assert ticket
    await send_restore_code(world.services, erika.browser.client, ticket)

    assert await restore(erika, erika.browser, WRONG) is Refusal.WRONG_CODE

    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 10
    assert await world.wrong_in_a_row(erika.account_id, Factor.MAILBOX) == 1


async def test_a_restore_code_is_for_the_sign_in_that_asked_for_it(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    await suspend(erika, erika.browser)
    ticket = erika.browser.sign_in
    assert ticket
    await send_restore_code(world.services, erika.browser.client, ticket)
    thief = Browser(world)
    await thief.give_password(erika.email)

    assert await restore(erika, thief, await erika.code(CodePurpose.RESTORE)) is Refusal.NO_CODE


async def test_the_new_number_is_suspended_and_restored_in_the_same_way(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()
    await erika.browser.enter_number(NEW)
    await suspend(erika, erika.browser)
    assert (await erika.browser.enter_number(OTHER)).refusal is Refusal.FACTOR_SUSPENDED

    await erika.reach_new_number()
    assert await restore(erika, erika.browser) is None

    world.clock.move(minutes=11)
    await erika.bind(NEW)
    assert (await world.account(erika.account_id)).number == NEW


async def test_a_suspended_mailbox_is_opened_by_the_link_of_a_forgotten_password(world: World, erika: Person) -> None:
    await erika.reset_number()
    other = Browser(world)
    await other.give_password(erika.email)
    await suspend(erika, other)
    assert await world.wrong_in_a_row(erika.account_id, Factor.MAILBOX) == 10

    await erika.choose_password(WORDS)

    assert await world.wrong_in_a_row(erika.account_id, Factor.MAILBOX) == 0
    await erika.reach_new_number()
    await erika.bind(NEW)
    assert (await world.account(erika.account_id)).number == NEW


async def test_a_suspended_mailbox_does_not_bar_the_pressing_browser(world: World, erika: Person) -> None:
    await erika.reset_number()
    thief = Browser(world)
    await thief.give_password(erika.email)
    await suspend(erika, thief)

    await erika.reach_new_number()
    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).number == NEW


@pytest.mark.parametrize("factor", [Factor.PHONE, Factor.MAILBOX])
async def test_time_alone_restores_nothing(world: World, erika: Person, factor: Factor) -> None:
    if factor is Factor.MAILBOX:
        await erika.reset_number()
    browser = Browser(world)
    await browser.give_password(erika.email)
    await suspend(erika, browser)

    world.clock.move(days=365)

    assert await world.wrong_in_a_row(erika.account_id, factor) == 10
    await browser.give_password(erika.email)
    assert (await browser.type_code(WRONG)).refusal is Refusal.FACTOR_SUSPENDED
