"""While an account is frozen the number from before a change has its say, and the later one waits behind it."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator
from renumber.flows.account.release import begin_release_by_later
from tests.builders import OLD, OTHER
from tests.flows.account.release import (
    choose_last,
    frozen,
    press,
    prove_both,
    release_link,
    show_mailbox_and_number,
    wait_is_over,
)
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World

WORDS = "vurmix gapolde 27"


async def begin_by_later(erika: Person, browser: Browser) -> Refusal | None:
    erika.world.clock.move(minutes=11)
    await browser.give_password(erika.email, erika.password)
    return (await begin_release_by_later(erika.world.services, browser.client, browser.begun)).refusal


async def prove_later(erika: Person, browser: Browser) -> SignInState | None:
    """Sign in and give both codes, the second from the later number."""
    assert await begin_by_later(erika, browser) is None
    await browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    return (await browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))).state


async def test_left_frozen_for_a_year_the_number_from_before_still_releases(world: World, erika: Person) -> None:
    await frozen(erika)
    world.clock.move(days=365)

    await prove_both(erika)

    account = await world.account(erika.account_id)
    assert (account.is_frozen, account.number, account.former_number) == (False, OLD, None)


async def test_for_a_week_from_the_freeze_the_later_number_releases_nothing(world: World, erika: Person) -> None:
    await frozen(erika)
    world.clock.move(days=6, hours=23)
    thief = Browser(world)

    assert await begin_by_later(erika, thief) is Refusal.RELEASE_NEEDS_NUMBER
    assert (await press(thief, await release_link(erika), later=True)).refusal is Refusal.RELEASE_NEEDS_NUMBER


async def test_then_it_does_after_a_wait_of_a_week_that_both_numbers_are_told_of(either_world: World) -> None:
    """Or whoever has an old phone, and freezes the account with a text on it, would shut the owner out for ever."""
    erika = await a_person_frozen(either_world)
    either_world.clock.move(days=7)
    browser = Browser(either_world)
    assert await prove_later(erika, browser) is SignInState.WAITING
    told = [await erika.texts(Notice.LAST_RELEASE_WAIT, number=number) for number in (OLD, OTHER)]
    assert [len(texts) for texts in [*told, await erika.mails(Notice.LAST_RELEASE_WAIT)]] == [1, 1, 1]
    either_world.clock.move(days=6, hours=23)
    assert await prove_later(erika, browser) is SignInState.WAITING
    either_world.clock.move(hours=1)

    assert await prove_later(erika, browser) is SignInState.ENDED

    account = await either_world.account(erika.account_id)
    assert (account.is_frozen, account.number, account.former_number) == (False, OTHER, None)


async def a_person_frozen(world: World) -> Person:
    from_start = await a_person(world)
    await frozen(from_start)
    return from_start


async def test_meanwhile_the_number_from_before_is_quicker(world: World, erika: Person) -> None:
    """Who holds password, mailbox and the later number waits, and the owner isn't kept from releasing it first."""
    await frozen(erika)
    world.clock.move(days=7)
    assert await prove_later(erika, Browser(world)) is SignInState.WAITING
    owner = Browser(world)
    assert (await show_mailbox_and_number(erika, owner)).state is SignInState.WAITING, "a wait of their own"
    wait_is_over(erika)

    await show_mailbox_and_number(erika, owner)
    await choose_last(owner, WORDS)

    account = await world.account(erika.account_id)
    assert (account.is_frozen, account.number) == (False, OLD)


async def test_a_later_number_begins_without_a_password_too(world: World, erika: Person) -> None:
    await frozen(erika)
    world.clock.move(days=7)
    browser = Browser(world)
    assert (await show_mailbox_and_number(erika, browser, later=True)).state is SignInState.WAITING
    world.clock.move(days=7)

    assert (await show_mailbox_and_number(erika, browser, later=True)).state is SignInState.AWAITING_RELEASE_PASSWORD
    await choose_last(browser, WORDS)

    assert (await world.account(erika.account_id)).number == OTHER


async def test_no_message_stops_it_then(world: World, erika: Person) -> None:
    await frozen(erika)
    world.clock.move(days=6, hours=23)
    await show_mailbox_and_number(erika, erika.browser)
    [notice] = await erika.texts(Notice.RELEASE_WAIT, number=OLD)
    world.clock.move(hours=2)
    await prove_later(erika, Browser(world))

    stopped = await freeze_by_link(world.services, Browser(world).client, notice.stop)

    assert stopped.refusal is Refusal.ACCOUNT_FROZEN


@pytest.mark.parametrize("after", ["reset", "no change"])
async def test_where_there_is_one_number_there_is_no_later_one(world: World, erika: Person, after: str) -> None:
    if after == "reset":
        await frozen(erika, "reset")
    else:
        await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")
    world.clock.move(days=30)

    assert await begin_by_later(erika, Browser(world)) is Refusal.RELEASE_NEEDS_NUMBER
    await prove_both(erika)

    assert (await world.account(erika.account_id)).number == OLD
