"""The authenticator app: proven before it counts, a step never twice, and asked for first once it was added."""

import asyncio

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.factors.totp import begin_totp, confirm_totp, remove_totp
from tests.builders import NEW, WRONG
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person
from tests.flows.world import World


async def test_an_added_app_is_asked_for_first_and_signs_in_without_a_text(world: World, erika: Person) -> None:
    key = await add_app(erika)
    texts = len(await erika.texts(Notice.SIGN_IN_CODE))

    result = await erika.browser.give_password(erika.email)

    assert (result.state, result.method) == (SignInState.AWAITING_FACTOR, Factor.TOTP)
    assert (await give_code(erika.browser, shown(world, key))).signed_in
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == texts


async def test_a_key_counts_for_nothing_until_a_code_of_it_was_given(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    services, browser = world.services, erika.browser
    await begin_totp(services, browser.client, browser.ticket)

    wrong = await confirm_totp(services, browser.client, browser.ticket, code=WRONG)

    assert wrong.refusal is Refusal.WRONG_APP_CODE
    assert (await world.account(erika.account_id)).factors == frozenset()
    assert (await browser.give_password(erika.email)).method is Factor.PHONE


@pytest.mark.parametrize(("late", "taken"), [(2, False), (1, True), (0, True), (-1, True), (-2, False)])
async def test_a_clock_may_be_wrong_by_one_step(world: World, erika: Person, late: int, taken: bool) -> None:  # noqa: FBT001
    key = await add_app(erika)
    world.clock.move(minutes=2)
    await erika.browser.give_password(erika.email)

    assert (await give_code(erika.browser, shown(world, key, late=late))).signed_in is taken


async def test_a_step_is_accepted_once_also_when_it_is_given_many_times_at_once(world: World, erika: Person) -> None:
    key = await add_app(erika)
    browsers = [Browser(world) for _ in range(6)]
    for browser in browsers:
        await browser.give_password(erika.email)

    steps = await asyncio.gather(*(give_code(browser, shown(world, key)) for browser in browsers))

    assert sorted(result.signed_in for result in steps) == [False] * 5 + [True]
    assert {result.refusal for result in steps if not result.signed_in} == {Refusal.CODE_USED}


async def test_a_step_before_the_last_accepted_one_is_refused(world: World, erika: Person) -> None:
    key = await add_app(erika)
    world.clock.move(minutes=2)
    await erika.browser.give_password(erika.email)
    early = shown(world, key, late=1)
    assert (await give_code(erika.browser, shown(world, key))).signed_in

    await erika.browser.give_password(erika.email)

    assert (await give_code(erika.browser, early)).refusal is Refusal.CODE_USED


async def test_ten_wrong_codes_suspend_the_app_and_the_phone_still_signs_in(world: World, erika: Person) -> None:
    key = await add_app(erika)
    await erika.browser.give_password(erika.email)

    refusals = [(await give_code(erika.browser, WRONG)).refusal for _ in range(10)]

    assert refusals[-1] is Refusal.FACTOR_SUSPENDED
    assert (await give_code(erika.browser, shown(world, key))).refusal is Refusal.FACTOR_SUSPENDED
    assert len(await erika.mails(Notice.WRONG_FACTOR)) == 1
    assert (await erika.browser.choose(Factor.PHONE)).refusal is None
    assert await erika.sign_in_with_phone()


async def test_after_the_reset_the_app_signs_in_and_the_phone_leads_to_the_new_number(
    world: World, erika: Person
) -> None:
    key = await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())

    result = await erika.browser.give_password(erika.email)
    assert result.method is Factor.TOTP
    assert (await erika.browser.choose(Factor.PHONE)).state is SignInState.AWAITING_NEW_NUMBER
    await erika.bind(NEW)
    assert (await world.account(erika.account_id)).number == NEW

    world.clock.move(minutes=1)
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.TOTP)
    assert (await give_code(erika.browser, shown(world, key))).signed_in


async def test_adding_ends_every_other_session_and_is_told_everywhere(world: World, erika: Person) -> None:
    elsewhere = await erika.sign_in(Browser(world))
    world.clock.move(seconds=31)

    await add_app(erika)

    assert not await elsewhere.is_signed_in()
    assert await erika.browser.is_signed_in()
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == len(await erika.texts(Notice.FACTOR_ADDED)) == 1


async def test_a_stale_session_adds_and_removes_nothing(world: World, erika: Person) -> None:
    await add_app(erika)
    world.clock.move(minutes=20)
    services, browser = world.services, erika.browser

    begun = await begin_totp(services, browser.client, browser.ticket)
    removed = await remove_totp(services, browser.client, browser.ticket)

    assert begun.refusal is removed.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION
    assert (await world.account(erika.account_id)).factors == {Factor.TOTP}


async def test_a_removed_app_is_asked_for_no_more(world: World, erika: Person) -> None:
    key = await add_app(erika)
    services, browser = world.services, erika.browser

    assert (await remove_totp(services, browser.client, browser.ticket)).refusal is None

    world.clock.move(minutes=1)
    assert (await browser.give_password(erika.email)).method is Factor.PHONE
    assert (await browser.choose(Factor.TOTP)).refusal is Refusal.FACTOR_UNKNOWN
    assert (await give_code(browser, shown(world, key))).refusal is Refusal.NOT_NOW
    assert len(await erika.texts(Notice.FACTOR_REMOVED)) == 1


async def test_for_three_days_after_a_change_factors_are_added_but_not_removed(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    world.clock.move(seconds=31)
    await add_app(erika)
    services, browser = world.services, erika.browser

    assert (await remove_totp(services, browser.client, browser.ticket)).refusal is Refusal.OTHERS_TOO_NEW

    world.clock.move(hours=72)
    await browser.give_password(erika.email)
    await browser.choose(Factor.PHONE)
    await erika.sign_in_with_phone()
    await erika.prove_again()
    assert (await remove_totp(services, browser.client, browser.ticket)).refusal is None
