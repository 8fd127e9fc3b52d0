"""A lost device: suspended at once on the password alone, told everywhere, opened again only on another proof."""

import pytest

from harness.soft_authenticator import SoftAuthenticator
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.flows.factors.recovery_codes import make_set
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from tests.builders import NEW, OLD, WRONG
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.passkeys.ceremonies import add_passkey, asked_alone, sign_in_alone, with_passkey
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import World


async def report(browser: Browser, factor: Factor) -> SignInStep:
    """Report it lost after the password."""
    return SignInStep(await report_at_sign_in(browser.world.services, browser.client, browser.begun, factor))


async def with_lost_app(erika: Person) -> None:
    """Have an app and a phone, and report the app lost at a sign-in."""
    await add_app(erika)
    await erika.browser.give_password(erika.email)
    assert (await report(erika.browser, Factor.TOTP)).refusal is None


async def test_with_the_password_alone_it_is_suspended_and_the_sign_in_goes_on_with_another(
    world: World, erika: Person
) -> None:
    key = await add_app(erika)
    await erika.browser.give_password(erika.email)

    result = await report(erika.browser, Factor.TOTP)

    assert (result.refusal, result.method) == (None, Factor.PHONE)
    assert (await erika.browser.choose(Factor.TOTP)).refusal is Refusal.REPORTED_LOST
    assert (await give_code(erika.browser, shown(world, key))).refusal is Refusal.NOT_NOW
    assert await erika.sign_in_with_phone()


async def test_it_is_told_on_every_channel_and_can_be_stopped(erika: Person) -> None:
    await with_lost_app(erika)

    mails, texts = await erika.mails(Notice.FACTOR_LOST), await erika.texts(Notice.FACTOR_LOST)

    assert len(mails) == len(texts) == 1
    assert all(received.stop and received.message.params["factor"] == "app" for received in (*mails, *texts))


async def test_every_other_session_ends_and_this_sign_in_goes_on(world: World, erika: Person) -> None:
    elsewhere = await erika.sign_in(Browser(world))
    world.clock.move(seconds=31)
    await with_lost_app(erika)

    assert not await elsewhere.is_signed_in()
    assert await erika.sign_in_with_phone()
    assert await erika.browser.is_signed_in()


async def test_it_is_asked_for_no_more_at_the_next_sign_in(world: World, erika: Person) -> None:
    await with_lost_app(erika)
    world.clock.move(minutes=1)

    assert (await erika.browser.give_password(erika.email)).method is Factor.PHONE


async def test_the_last_way_in_can_not_be_reported_so_that_a_password_shuts_no_owner_out(
    world: World, erika: Person
) -> None:
    await add_app(erika)
    world.clock.move(hours=72)
    thief = Browser(world)
    await thief.give_password(erika.email)
    assert (await report(thief, Factor.PHONE)).refusal is None

    assert (await report(thief, Factor.TOTP)).refusal is Refusal.ONLY_WAY_IN
    assert (await world.account(erika.account_id)).suspended == {Factor.PHONE}


async def test_recovery_codes_alone_are_no_way_in_for_this(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    services, browser = world.services, erika.browser
    await make_set(services, browser.client, browser.ticket, replacing="")

    reported = await report_in_session(services, browser.client, browser.ticket, Factor.PHONE)

    assert reported.refusal is Refusal.ONLY_WAY_IN


@pytest.mark.parametrize("factor", [Factor.PUSH, Factor.PASSKEY, Factor.RECOVERY_CODE])
async def test_what_the_account_does_not_have_can_not_be_reported(erika: Person, factor: Factor) -> None:
    await erika.browser.give_password(erika.email)

    assert (await report(erika.browser, factor)).refusal is Refusal.FACTOR_UNKNOWN


async def test_twice_is_told_once(erika: Person) -> None:
    await with_lost_app(erika)

    assert (await report(erika.browser, Factor.TOTP)).refusal is Refusal.FACTOR_SUSPENDED
    assert len(await erika.mails(Notice.FACTOR_LOST)) == 1


async def test_from_within_a_session_the_password_is_asked_for_again(world: World, erika: Person) -> None:
    await add_app(erika)
    world.clock.move(minutes=20)
    services, browser = world.services, erika.browser
    stale = await report_in_session(services, browser.client, browser.ticket, factor=Factor.TOTP)
    assert stale.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION

    await erika.prove_again()

    assert (await report_in_session(services, browser.client, browser.ticket, factor=Factor.TOTP)).refusal is None
    assert await browser.is_signed_in()
    assert (await world.account(erika.account_id)).lost == {Factor.TOTP}


async def test_another_factor_opens_what_wrong_codes_have_suspended_but_not_what_is_lost(
    world: World, erika: Person
) -> None:
    await with_lost_app(erika)
    await erika.sign_in_with_phone()

    assert (await world.account(erika.account_id)).suspended == {Factor.TOTP}


async def test_a_code_to_the_mailbox_opens_nothing_that_is_lost(world: World, erika: Person) -> None:
    await with_lost_app(erika)
    services, browser = world.services, erika.browser
    assert browser.sign_in
    await send_restore_code(services, browser.client, browser.sign_in)
    code = (await erika.mails(Notice.RESTORE_CODE))[-1].code

    assert (await restore_by_code(services, browser.client, browser.sign_in, code=code)).refusal is None
    assert (await world.account(erika.account_id)).lost == {Factor.TOTP}


async def test_its_owner_takes_it_back_in_a_fresh_session_of_another_factor_and_everybody_is_told(
    world: World, erika: Person
) -> None:
    await with_lost_app(erika)
    await erika.sign_in_with_phone()
    await erika.prove_again()
    services, browser = world.services, erika.browser

    assert (await restore_lost(services, browser.client, browser.ticket, factor=Factor.TOTP)).refusal is None

    assert (await world.account(erika.account_id)).suspended == frozenset()
    assert len(await erika.mails(Notice.FACTOR_FOUND)) == len(await erika.texts(Notice.FACTOR_FOUND)) == 1
    world.clock.move(minutes=1)
    await browser.give_password(erika.email)
    assert (await browser.choose(Factor.TOTP)).refusal is None


async def test_a_stale_session_or_one_of_the_lost_factor_itself_takes_nothing_back(world: World, erika: Person) -> None:
    key = await add_app(erika)
    services, browser = world.services, erika.browser
    await browser.give_password(erika.email)
    await give_code(browser, shown(world, key))
    await erika.prove_again()
    await report_in_session(services, browser.client, browser.ticket, factor=Factor.TOTP)

    own = await restore_lost(services, browser.client, browser.ticket, factor=Factor.TOTP)
    world.clock.move(minutes=20)
    stale = await restore_lost(services, browser.client, browser.ticket, factor=Factor.TOTP)

    assert (own.refusal, stale.refusal) == (Refusal.NEEDS_ANOTHER_FACTOR, Refusal.NEEDS_FRESH_AUTHENTICATION)
    assert (await world.account(erika.account_id)).lost == {Factor.TOTP}


async def test_what_was_never_lost_is_not_taken_back(world: World, erika: Person) -> None:
    await add_app(erika)
    services, browser = world.services, erika.browser

    assert (await restore_lost(services, browser.client, browser.ticket, factor=Factor.TOTP)).refusal is Refusal.NOT_NOW


async def test_a_new_app_in_the_place_of_the_lost_one_counts_at_once(world: World, erika: Person) -> None:
    await with_lost_app(erika)
    await erika.sign_in_with_phone()
    world.clock.move(minutes=1)
    key = await add_app(erika)

    await erika.browser.give_password(erika.email)

    assert (await give_code(erika.browser, shown(world, key))).signed_in
    assert (await world.account(erika.account_id)).suspended == frozenset()


async def test_a_lost_phone_gets_no_code_until_a_new_number_is_bound(world: World, erika: Person) -> None:
    key = await add_app(erika)
    world.clock.move(hours=72)
    await erika.browser.give_password(erika.email)
    assert (await report(erika.browser, Factor.PHONE)).refusal is None
    texts = len(await erika.texts(Notice.SIGN_IN_CODE, number=OLD))
    assert (await give_code(erika.browser, shown(world, key))).signed_in

    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.PHONE)
    await erika.bind(NEW)

    assert len(await erika.texts(Notice.SIGN_IN_CODE, number=OLD)) == texts
    assert (await world.account(erika.account_id)).suspended == frozenset()


async def test_a_factor_suspended_by_wrong_codes_is_not_asked_for_first_and_opens_with_another(
    world: World, erika: Person
) -> None:
    key = await add_app(erika)
    await erika.browser.give_password(erika.email)
    for _ in range(10):
        await give_code(erika.browser, WRONG)

    assert (await erika.browser.give_password(erika.email)).method is Factor.PHONE
    assert await erika.sign_in_with_phone()
    assert (await world.account(erika.account_id)).suspended == frozenset()
    world.clock.move(minutes=1)
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.TOTP)
    assert (await give_code(erika.browser, shown(world, key))).signed_in


async def alone(world: World, authenticator: SoftAuthenticator) -> SignInStep:
    """Sign in with nothing but a passkey, in a browser of its own."""
    at = Browser(world)
    return await sign_in_alone(at, authenticator.sign(asked_alone(at)))


async def test_a_new_passkey_counts_at_once_and_the_lost_one_not_until_it_is_taken_back(
    world: World, erika: Person
) -> None:
    old, new = await with_passkey(erika), SoftAuthenticator()
    services, browser = world.services, erika.browser
    assert (await report_in_session(services, browser.client, browser.ticket, factor=Factor.PASSKEY)).refusal is None
    assert (await alone(world, old)).refusal is Refusal.REPORTED_LOST
    world.clock.move(seconds=31)

    await add_passkey(erika, new, "New phone")

    assert (await alone(world, new)).signed_in
    assert (await alone(world, old)).refusal is Refusal.REPORTED_LOST
    assert (await restore_lost(services, browser.client, browser.ticket, factor=Factor.PASSKEY)).refusal is None
    assert (await alone(world, old)).signed_in
