"""Entering the new number from a session that another factor opened after the reset."""

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.domain.totp import TotpKey
from renumber.flows.factors.lost import report_in_session, restore_lost
from renumber.flows.phone_change.link import look_at_link
from renumber.flows.phone_change.new_number import begin_in_session
from renumber.flows.sessions import sign_out
from tests.builders import NEW, OLD
from tests.flows.factors.recovery_codes import give as give_recovery_code
from tests.flows.factors.recovery_codes import with_codes as make_codes
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import World, with_rules


async def begin(browser: Browser, ticket: Ticket | None = None) -> SignInStep:
    """Press the button on the profile; the session's cookie stays."""
    services = browser.world.services
    result = SignInStep(await begin_in_session(services, browser.client, ticket or browser.ticket))
    if result.ticket:
        browser.sign_in = result.ticket
    return result


async def signed_in_after_reset(erika: Person) -> TotpKey:
    """Have the number removed, and sign in with the app."""
    key = await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await erika.browser.give_password(erika.email)
    assert (await give_code(erika.browser, shown(erika.world, key))).signed_in
    await erika.prove_again()
    erika.world.clock.move(seconds=31)
    return key


async def test_a_session_of_the_app_goes_on_to_the_new_number_and_its_successor_replaces_it(
    world: World, erika: Person
) -> None:
    await signed_in_after_reset(erika)
    before = erika.browser.ticket

    result = await begin(erika.browser)
    assert result.state is SignInState.AWAITING_NEW_NUMBER
    assert await erika.browser.is_signed_in(), "the session stays until the number is proven"
    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).number == NEW
    [session] = await world.live_sessions(erika.account_id)
    assert (session.session_id == before.id, session.factor) == (False, Factor.PHONE)
    assert (
        len(await erika.mails(Notice.NUMBER_CHANGED)) == len(await erika.texts(Notice.NUMBER_CHANGED, number=OLD)) == 1
    )


async def test_an_operator_who_demands_a_factor_lets_the_number_be_entered_in_no_other_way(
    world: World, erika: Person
) -> None:
    world.services = with_rules(world.services, reenrolment_requires_factor=True)
    key = await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await erika.browser.give_password(erika.email)

    refused = await erika.browser.choose(Factor.PHONE)
    assert refused.refusal is Refusal.NEEDS_ANOTHER_FACTOR
    assert (await give_code(erika.browser, shown(world, key))).signed_in
    await erika.prove_again()
    assert (await begin(erika.browser)).refusal is None
    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).number == NEW


async def test_with_recovery_codes_alone_that_operator_asks_for_one_before_the_number(
    world: World, erika: Person
) -> None:
    world.services = with_rules(world.services, reenrolment_requires_factor=True)
    codes = await make_codes(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())

    result = await erika.browser.give_password(erika.email)
    assert result.method is Factor.RECOVERY_CODE
    assert (await give_recovery_code(erika.browser, codes[0])).signed_in
    await erika.prove_again()
    assert (await begin(erika.browser)).refusal is None


async def test_a_link_whose_account_has_lost_the_demanded_factor_since_removes_no_number(
    world: World, erika: Person
) -> None:
    world.services = with_rules(world.services, reenrolment_requires_factor=True)
    await add_app(erika)
    await erika.ask_for_change()
    services, browser, link = world.services, erika.browser, await erika.link()
    await report_in_session(services, browser.client, browser.ticket, factor=Factor.TOTP)

    seen, pressed = await look_at_link(services, link), await browser.press(link)

    assert seen.refusal is pressed.refusal is Refusal.NEEDS_ANOTHER_FACTOR
    assert (await world.account(erika.account_id)).number == OLD
    await restore_lost(services, browser.client, browser.ticket, factor=Factor.TOTP)
    assert (await browser.press(link)).refusal is None


async def test_no_other_method_is_chosen_there_so_that_no_session_renews_itself_for_ever(
    world: World, erika: Person
) -> None:
    await signed_in_after_reset(erika)
    await begin(erika.browser)

    assert (await erika.browser.choose(Factor.TOTP)).refusal is Refusal.NOT_NOW
    assert await erika.browser.state() is SignInState.AWAITING_NEW_NUMBER


async def test_without_another_factor_that_operator_lets_no_change_begin(world: World, erika: Person) -> None:
    world.services = with_rules(world.services, reenrolment_requires_factor=True)
    await erika.sign_in()

    with pytest.raises(AssertionError, match="needs_another_factor"):
        await erika.ask_for_change()


async def test_a_stolen_cookie_binds_no_number(world: World, erika: Person) -> None:
    key = await signed_in_after_reset(erika)
    await erika.browser.give_password(erika.email)
    assert (await give_code(erika.browser, shown(world, key))).signed_in

    assert (await begin(erika.browser)).refusal is Refusal.NEEDS_FRESH_AUTHENTICATION


async def test_a_stale_session_authenticates_first(world: World, erika: Person) -> None:
    await signed_in_after_reset(erika)
    world.clock.move(minutes=20)

    assert (await begin(erika.browser)).refusal is Refusal.NEEDS_FRESH_AUTHENTICATION

    await erika.browser.reauthenticate()
    assert (await begin(erika.browser)).refusal is None


async def test_a_session_with_a_number_goes_the_way_of_the_link(erika: Person) -> None:
    await erika.sign_in()

    assert (await begin(erika.browser)).refusal is Refusal.NOT_NOW


async def test_a_forged_session_begins_nothing(erika: Person) -> None:
    await signed_in_after_reset(erika)
    ticket = erika.browser.ticket

    forged = await begin(erika.browser, Ticket(ticket.account_id, ticket.id, "0" * 32))

    assert forged.refusal is Refusal.SESSION_UNKNOWN


async def test_who_signs_out_in_between_has_ended_the_way_to_the_number_too(world: World, erika: Person) -> None:
    await signed_in_after_reset(erika)
    await begin(erika.browser)
    await sign_out(world.services, erika.browser.client, erika.browser.ticket)

    assert (await erika.browser.enter_number(NEW)).refusal is Refusal.SIGN_IN_EXPIRED
    assert (await world.account(erika.account_id)).number is None


async def test_it_can_not_turn_to_a_change_of_somebody_else_or_of_another_browser(world: World, erika: Person) -> None:
    await signed_in_after_reset(erika)
    other = Browser(world)
    other.session = erika.browser.session
    await begin(erika.browser)
    await begin(other)

    await erika.bind(NEW)

    assert (await other.enter_number(OLD)).refusal is Refusal.SIGN_IN_EXPIRED
