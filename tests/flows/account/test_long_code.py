"""Who uses up the short codes of a release, with the mailbox alone, doesn't close it: the number gets a long one."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_operator
from tests.builders import OLD, OTHER, WRONG
from tests.flows.account.release import begin, choose_last, frozen, press, release_link, show_mailbox_and_number
from tests.flows.factors.suspension import guess
from tests.flows.person import Browser, Person, a_person
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import World

WORDS = "vurmix gapolde 27"


async def guessed_at(erika: Person) -> Browser:
    """A thief with the mailbox pauses the number's codes for a day."""
    thief = Browser(erika.world)
    await press(thief, await release_link(erika))
    await guess(erika, thief, until=Refusal.RELEASE_PAUSED)
    return thief


async def used_up(erika: Person) -> Browser:
    """A thief with the mailbox has all texts of a day sent."""
    thief = Browser(erika.world)
    for _ in range(erika.world.limits.sends_per_day):
        erika.world.clock.move(minutes=11)
        await press(thief, await release_link(erika))
    erika.world.clock.move(minutes=11)
    assert (await thief.send_again()).refusal is Refusal.SEND_LIMIT_REACHED
    return thief


TROUBLES = pytest.mark.parametrize("trouble", [guessed_at, used_up])


async def long_code(erika: Person, number: object = OLD) -> str:
    return (await erika.world.messages(OLD.e164, Notice.LONG_CODE))[-1].code


@TROUBLES
async def test_the_long_code_is_taken_whatever_was_guessed_or_sent(either_world: World, trouble: object) -> None:
    erika = await a_person(either_world)
    await frozen(erika)
    await trouble(erika)  # type: ignore[operator]  # one of the two above
    owner = Browser(either_world)
    either_world.clock.move(minutes=11)
    await begin(erika, owner)
    await owner.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))

    result = await owner.type_code(await long_code(erika))

    assert (result.refusal, result.state) == (None, SignInState.ENDED)
    assert (await either_world.account(erika.account_id)).number == OLD
    assert await either_world.wrong_in_a_row(erika.account_id, Factor.RELEASE_NUMBER) == 0


@TROUBLES
async def test_it_is_sent_to_the_number_alone_and_at_most_twice_a_day(
    world: World, erika: Person, trouble: object
) -> None:
    await frozen(erika)
    thief = await trouble(erika)  # type: ignore[operator]  # one of the two above
    for _ in range(10):
        world.clock.move(minutes=1)
        await thief.send_again()

    assert len(await erika.texts(Notice.LONG_CODE, number=OLD)) == 1
    assert await erika.texts(Notice.LONG_CODE, number=OTHER) == await erika.mails(Notice.LONG_CODE) == []
    assert len(await long_code(erika)) == 18


async def test_every_day_there_is_one_that_holds_however_long_the_thief_goes_on(world: World, erika: Person) -> None:
    await frozen(erika)
    for _ in range(5):
        await guessed_at(erika)
        world.clock.move(hours=23, minutes=30)
    await guessed_at(erika)
    owner = Browser(world)

    assert (await show_long(erika, owner)).state is SignInState.WAITING


async def show_long(erika: Person, browser: Browser) -> SignInStep:
    erika.world.clock.move(minutes=11)
    await press(browser, await release_link(erika))
    return await browser.type_code(await long_code(erika))


async def test_one_from_before_a_wait_is_not_taken_after_it(world: World, erika: Person) -> None:
    """The SIM may have been blocked meanwhile."""
    await frozen(erika)
    await guessed_at(erika)
    owner, code = Browser(world), await long_code(erika)
    await press(owner, await release_link(erika))
    assert (await owner.type_code(code)).state is SignInState.WAITING
    world.clock.move(hours=24)
    await press(owner, await release_link(erika))

    assert (await owner.type_code(code)).refusal is Refusal.WRONG_LONG_CODE


async def test_a_wrong_one_costs_nothing_and_a_long_one_is_taken_nowhere_else(world: World, erika: Person) -> None:
    await frozen(erika)
    await press(erika.browser, await release_link(erika))

    assert (await erika.browser.type_code(3 * WRONG)).refusal is Refusal.WRONG_LONG_CODE
    assert await world.wrong_in_a_row(erika.account_id, Factor.RELEASE_NUMBER) == 0
    await begin(erika)
    assert (await erika.browser.type_code(3 * WRONG)).refusal is Refusal.WRONG_CODE


async def test_it_is_for_this_freeze_alone(world: World, erika: Person) -> None:
    await frozen(erika)
    await guessed_at(erika)
    code = await long_code(erika)
    await show_long(erika, erika.browser)
    await erika.freeze_by((await erika.mails(Notice.RELEASE_WAIT))[-1].stop)
    await press(erika.browser, await release_link(erika))

    assert (await erika.browser.type_code(code)).refusal is Refusal.WRONG_LONG_CODE


async def test_who_has_nothing_but_the_password_does_not_close_the_way_by_mail(world: World, erika: Person) -> None:
    """They have all codes by mail sent and guess at them; a link by mail is neither counted nor guessed."""
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")
    thief = Browser(world)
    world.clock.move(minutes=11)
    await begin(erika, thief)
    await guess(erika, thief, until=Refusal.RELEASE_PAUSED)
    owner = Browser(world)

    assert (await show_mailbox_and_number(erika, owner)).state is SignInState.WAITING
    world.clock.move(hours=24)
    await show_mailbox_and_number(erika, owner)

    assert (await choose_last(owner, WORDS)).refusal is None
