"""Entering the new number, proving it, and what holds afterwards."""

from datetime import timedelta

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.sign_in import SignInState
from renumber.flows.views import find_visit
from renumber.policies.numbers import NumberRules
from tests.builders import NEW, OLD, OTHER, WRONG
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World, with_rules


async def test_the_code_to_the_new_number_binds_it_and_opens_a_full_session(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()
    assert (await erika.browser.enter_number(NEW)).refusal is None
    assert (await world.account(erika.account_id)).number is None, "a named number counts for nothing"

    result = await erika.browser.type_code(await erika.code(CodePurpose.NEW_NUMBER))

    assert result.signed_in
    account = await world.account(erika.account_id)
    assert (account.number, account.former_number) == (NEW, OLD)
    [session] = await world.live_sessions(erika.account_id)
    assert session.factor is Factor.PHONE
    assert await world.open_change(erika.account_id) is None


async def test_the_next_sign_in_goes_to_the_new_number(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    world.clock.move(minutes=1)
    before = len(await erika.texts(Notice.SIGN_IN_CODE, number=OLD))

    await erika.sign_in(Browser(world))

    assert len(await erika.texts(Notice.SIGN_IN_CODE, number=NEW)) == 1
    assert len(await erika.texts(Notice.SIGN_IN_CODE, number=OLD)) == before


async def test_an_unused_code_to_the_old_number_opens_nothing_once_another_is_bound(
    world: World, erika: Person
) -> None:
    """Nor when so much was sent that no code to the new number takes its place (rows 7, 8)."""
    await erika.sign_in()
    await erika.ask_for_change()
    world.clock.move(minutes=11)
    await Browser(world).give_password(erika.email)
    unused = await erika.code(CodePurpose.SIGN_IN)
    await erika.browser.press(await erika.link())
    await erika.reach_new_number()
    for number in (OTHER, NEW, OTHER):
        await erika.browser.enter_number(number)
    await erika.bind(NEW)
    browser = Browser(world)

    await browser.give_password(erika.email)

    assert (await browser.send_again()).refusal is Refusal.SEND_LIMIT_REACHED, "nothing more is sent for now"
    assert (await browser.type_code(unused)).refusal is Refusal.NO_CODE


async def test_a_wrong_code_binds_nothing_and_is_counted(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()
    await erika.browser.enter_number(NEW)

    assert (await erika.browser.type_code(WRONG)).refusal is Refusal.WRONG_CODE

    assert (await world.account(erika.account_id)).number is None
    assert await world.wrong_in_a_row(erika.account_id, Factor.NEW_NUMBER) == 1


async def test_the_code_of_a_number_that_was_replaced_is_wrong(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()
    await erika.browser.enter_number(OTHER)
    old = await erika.code(CodePurpose.NEW_NUMBER)

    assert (await erika.browser.enter_number(NEW)).refusal is None
    assert (await erika.browser.type_code(old)).refusal is Refusal.WRONG_CODE

    assert (await erika.browser.type_code(await erika.code(CodePurpose.NEW_NUMBER))).signed_in
    assert (await world.account(erika.account_id)).number == NEW


async def test_typing_the_same_number_again_goes_back_to_the_code_on_its_way(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()
    await erika.browser.enter_number(NEW)

    assert (await erika.browser.enter_number(NEW)).refusal is None

    assert len(await erika.texts(Notice.NEW_NUMBER_CODE, number=NEW)) == 1


async def test_without_a_named_number_there_is_no_code(erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()

    assert (await erika.browser.type_code(WRONG)).refusal is Refusal.NO_CODE
    assert (await erika.browser.send_again()).refusal is Refusal.NOT_NOW


async def test_two_browsers_on_the_way_make_one_change(world: World, erika: Person) -> None:
    await erika.reset_number()
    slower = await erika.wait_for_number(Browser(world))
    await erika.reach_new_number()
    await erika.browser.enter_number(NEW)
    await erika.browser.type_code(await erika.code(CodePurpose.NEW_NUMBER))

    assert (await slower.enter_number(OTHER)).refusal is Refusal.SIGN_IN_EXPIRED
    assert (await slower.type_code(WRONG, at=SignInState.AWAITING_NEW_NUMBER)).refusal is Refusal.SIGN_IN_EXPIRED

    assert (await world.account(erika.account_id)).number == NEW


async def test_the_old_number_is_named_as_such_before_any_code_is_sent_and_may_be_kept_after_all(
    world: World, erika: Person
) -> None:
    await erika.reset_number()
    await erika.reach_new_number()

    assert (await erika.browser.enter_number(OLD)).refusal is Refusal.NUMBER_IS_OLD
    assert await erika.texts(Notice.NEW_NUMBER_CODE, number=OLD) == []
    assert (await erika.browser.keep_old_number(OLD)).refusal is None
    await erika.browser.type_code(await erika.code(CodePurpose.NEW_NUMBER))

    assert (await world.account(erika.account_id)).number == OLD


async def test_in_a_browser_that_did_not_ask_the_old_number_is_one_like_any_other(world: World, erika: Person) -> None:
    """Who goes on there was shown its last digits alone, and could try the rest until it is named."""
    await erika.reset_number()
    other = await erika.wait_for_number(Browser(world))

    assert (await other.enter_number(OLD)).refusal is None

    assert len(await erika.texts(Notice.NEW_NUMBER_CODE, number=OLD)) == 1


async def test_the_account_counts_as_changed_recently_for_72_hours(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    until = world.clock.time + timedelta(hours=72)

    visit = await find_visit(world.services, erika.browser.ticket)
    assert visit
    assert visit.held_until == until

    world.clock.move(hours=72)
    await erika.sign_in()
    visit = await find_visit(world.services, erika.browser.ticket)
    assert visit
    assert visit.held_until is None


async def test_two_changes_in_a_row_keep_the_oldest_number_on_file(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    world.clock.move(days=2)
    await erika.change_number(OTHER)

    account = await world.account(erika.account_id)
    assert (account.number, account.number_for_release(world.clock.time)) == (OTHER, OLD)
    assert len(await erika.texts(Notice.NUMBER_RESET, number=NEW)) == 1, "the number just replaced is told too"
    assert len(await erika.texts(Notice.NUMBER_CHANGED, number=NEW)) == 1


async def test_a_number_of_several_accounts_touches_none_of_the_others(world: World, erika: Person) -> None:
    other = await a_person(world, "other@example.com", NEW)
    before = await world.account(other.account_id)

    await erika.change_number(NEW)

    assert await world.account(other.account_id) == before
    assert (await world.account(erika.account_id)).number == NEW
    assert await other.mails() == []


async def test_a_cap_on_accounts_is_told_only_to_who_has_proven_the_number(world: World, erika: Person) -> None:
    await a_person(world, "other@example.com", NEW)
    world.services = with_rules(world.services, numbers=NumberRules(accounts_per_number=1))
    await erika.reset_number()
    await erika.reach_new_number()

    assert (await erika.browser.enter_number(NEW)).refusal is None
    result = await erika.browser.type_code(await erika.code(CodePurpose.NEW_NUMBER))

    assert (result.refusal, result.signed_in) == (Refusal.NUMBER_AT_CAPACITY, False)
    assert (await world.account(erika.account_id)).number is None
    await erika.bind(OTHER)
    assert (await world.account(erika.account_id)).number == OTHER


async def test_a_first_number_takes_password_mailbox_and_code(world: World) -> None:
    erika = await a_person(world, "new@example.com", None)

    assert (await erika.browser.give_password(erika.email)).state is SignInState.AWAITING_MAILBOX
    assert (await erika.browser.enter_number(NEW)).refusal is Refusal.NOT_NOW
    await erika.browser.type_code(await erika.code(CodePurpose.MAILBOX))
    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).number == NEW
    assert {one.notice for one in await erika.mails()} == {Notice.MAILBOX_CODE, Notice.NUMBER_ADDED, Notice.NEW_BROWSER}
    assert [one.notice for one in await erika.texts()] == [Notice.NEW_NUMBER_CODE, Notice.NEW_BROWSER]


async def test_a_first_enrolment_that_was_left_goes_on_later(world: World) -> None:
    erika = await a_person(world, "new@example.com", None)
    await erika.reach_new_number()
    begun = await world.open_change(erika.account_id)
    world.clock.move(days=3)

    await erika.reach_new_number(Browser(world))

    assert begun
    assert await world.open_change(erika.account_id) == begun
    assert begun.state is ChangeState.AWAITING_NEW_NUMBER
