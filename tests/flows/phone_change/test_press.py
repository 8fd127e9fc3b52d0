"""Using the link: the number is reset, everything ends, and the way on depends on the browser."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.sign_in import SignInState
from renumber.flows.phone_change.link import look_at_link
from tests.builders import NEW, OLD, OTHER, WRONG
from tests.flows.factors.totp import add_app
from tests.flows.person import Browser, Person
from tests.flows.world import World


async def test_pressing_resets_the_number_and_ends_every_session_and_sign_in(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = await erika.sign_in(Browser(world))
    halfway = Browser(world)
    await halfway.give_password(erika.email)
    await erika.ask_for_change()

    pressed = await Browser(world).press(await erika.link())

    assert (pressed.refusal, pressed.state and pressed.state.number) == (None, OLD)
    account, change = await world.account(erika.account_id), await world.open_change(erika.account_id)
    assert account.number is None
    assert change
    assert change.state is ChangeState.AWAITING_NEW_NUMBER
    assert not await erika.browser.is_signed_in()
    assert not await elsewhere.is_signed_in()
    assert await halfway.state() is None


async def test_pressing_opens_no_session(world: World, erika: Person) -> None:
    pressing = await erika.reset_number(Browser(world))

    assert await world.live_sessions(erika.account_id) == []
    assert (pressing.session, pressing.sign_in) == (None, None)
    assert pressing.reset_token


async def test_the_reset_is_told_to_the_mailbox_and_to_the_old_number(erika: Person) -> None:
    await erika.reset_number()

    [mail] = await erika.mails(Notice.NUMBER_RESET)
    [text] = await erika.texts(Notice.NUMBER_RESET)
    assert mail.stop
    assert text.stop
    assert mail.message.params["number"] == OLD.masked


async def test_a_used_link_is_used(world: World, erika: Person) -> None:
    await erika.reset_number()
    link = await erika.link()

    assert (await look_at_link(world.services, link)).refusal is Refusal.LINK_USED
    assert (await Browser(world).press(link)).refusal is Refusal.LINK_USED
    assert len(await erika.mails(Notice.NUMBER_RESET)) == 1
    await erika.reach_new_number()
    await erika.bind(NEW)
    assert (await Browser(world).press(link)).refusal is Refusal.LINK_USED


async def test_a_link_that_nobody_sent_is_unknown(world: World, erika: Person) -> None:
    assert (await look_at_link(world.services, "A" * 22)).refusal is Refusal.LINK_UNKNOWN
    assert (await Browser(world).press("A" * 22)).refusal is Refusal.LINK_UNKNOWN


async def test_a_code_that_was_on_its_way_to_the_old_number_opens_nothing_any_more(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    thief = Browser(world)
    await thief.give_password(erika.email)
    code = await erika.code(CodePurpose.SIGN_IN)

    await erika.browser.press(await erika.link())

    assert (await thief.type_code(code, at=SignInState.AWAITING_FACTOR)).refusal is Refusal.SIGN_IN_EXPIRED


async def test_after_the_reset_no_code_goes_to_the_old_number(world: World, erika: Person) -> None:
    await erika.reset_number()
    world.clock.move(minutes=1)
    before = len(await erika.texts(number=OLD))

    await erika.browser.give_password(erika.email)
    await Browser(world).give_password(erika.email)

    assert len(await erika.texts(number=OLD)) == before


async def test_the_pressing_browser_goes_on_with_the_password_alone(erika: Person) -> None:
    await erika.reset_number()

    result = await erika.browser.give_password(erika.email)

    assert (result.state, result.signed_in) == (SignInState.AWAITING_NEW_NUMBER, False)
    assert await erika.mails(Notice.MAILBOX_CODE) == []


async def test_another_browser_proves_the_mailbox_after_the_password_and_waits(world: World, erika: Person) -> None:
    await erika.reset_number()
    other = Browser(world)

    assert (await other.give_password(erika.email)).state is SignInState.AWAITING_MAILBOX
    assert (await other.type_code(WRONG)).refusal is Refusal.WRONG_CODE
    assert (await other.enter_number(NEW)).refusal is Refusal.NOT_NOW
    assert (await other.type_code(await erika.code(CodePurpose.MAILBOX))).state is SignInState.WAITING
    assert (await other.enter_number(NEW)).refusal is Refusal.NOT_NOW
    world.clock.move(hours=24)
    await erika.reach_new_number(other)
    await erika.bind(NEW, other)

    assert (await world.account(erika.account_id)).number == NEW


async def test_the_asking_browser_proves_the_mailbox_if_another_pressed(world: World, erika: Person) -> None:
    await erika.reset_number(Browser(world))

    assert (await erika.browser.give_password(erika.email)).state is SignInState.AWAITING_MAILBOX
    result = await erika.browser.type_code(await erika.code(CodePurpose.MAILBOX))

    assert result.state is SignInState.AWAITING_NEW_NUMBER
    assert await erika.mails(Notice.NUMBER_WAIT) == []


async def test_the_mailbox_is_proven_for_one_change(world: World, erika: Person) -> None:
    """A code that came for an earlier change says nothing about who reads mail now (row 7)."""
    await erika.reset_number()
    other = Browser(world)
    await other.give_password(erika.email)
    earlier = await erika.code(CodePurpose.MAILBOX)
    await erika.reach_new_number()
    await erika.bind(NEW)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())

    await other.give_password(erika.email)

    assert await other.state() is SignInState.AWAITING_MAILBOX
    assert (await other.type_code(earlier)).refusal is Refusal.WRONG_CODE
    assert (await other.type_code(await erika.code(CodePurpose.MAILBOX))).refusal is None


async def test_a_scanner_that_pressed_leaves_the_owner_a_way_on(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    await Browser(world, "Scanner").press(await erika.link())
    assert (await erika.browser.press(await erika.link())).refusal is Refusal.LINK_USED

    await erika.reach_new_number()
    await erika.bind(NEW)

    assert await erika.browser.is_signed_in()


async def test_the_pressing_browser_is_known_for_24_hours(world: World, erika: Person) -> None:
    await erika.reset_number()
    world.clock.move(hours=23, minutes=59, seconds=59)
    assert (await erika.browser.give_password(erika.email)).state is SignInState.AWAITING_NEW_NUMBER

    world.clock.move(seconds=1)

    assert (await erika.browser.give_password(erika.email)).state is SignInState.AWAITING_MAILBOX


async def test_a_month_later_the_mailbox_still_leads_on(world: World, erika: Person) -> None:
    await erika.reset_number()
    world.clock.move(days=30)

    await erika.reach_new_number()
    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).number == NEW


async def test_the_cookie_of_an_earlier_reset_is_worth_nothing_for_a_later_one(world: World, erika: Person) -> None:
    first = await erika.reset_number(Browser(world))
    await erika.reach_new_number()
    await erika.bind(NEW)
    world.clock.move(minutes=11)
    await erika.reset_number()

    assert (await first.give_password(erika.email)).state is SignInState.AWAITING_MAILBOX


async def test_password_and_mailbox_alone_never_reset_a_number(world: World, erika: Person) -> None:
    thief = Browser(world)
    await thief.give_password(erika.email)

    assert (await thief.enter_number(OTHER)).refusal is Refusal.NOT_NOW
    assert (await thief.type_code(WRONG, at=SignInState.AWAITING_MAILBOX)).refusal is Refusal.NOT_NOW
    assert await erika.mails() == []
    assert (await world.account(erika.account_id)).number == OLD


async def test_a_mailbox_alone_never_takes_an_account_though_its_owner_asked_for_a_change(
    world: World, erika: Person
) -> None:
    """Its reader presses the link first, renews the password by mail, and stays outside (row 4)."""
    await erika.sign_in()
    await erika.ask_for_change()
    thief = Browser(world)
    assert (await thief.press(await erika.link())).refusal is None
    await erika.choose_password("the thief's own words")

    await thief.give_password(erika.email, "the thief's own words")
    result = await thief.type_code(await erika.code(CodePurpose.MAILBOX))

    assert result.state is SignInState.WAITING
    assert len(await erika.mails(Notice.NUMBER_WAIT)) == len(await erika.texts(Notice.NUMBER_WAIT)) == 1
    assert (await thief.enter_number(OTHER)).refusal is Refusal.NOT_NOW


@pytest.mark.parametrize("where", ["in another browser", "where it was only pressed"])
async def test_a_password_renewed_by_mail_after_the_reset_waits_as_any_other(
    world: World, erika: Person, where: str
) -> None:
    pressing = await erika.reset_number(Browser(world))
    await erika.choose_password("vurmix gapolde 27")
    browser = pressing if where == "where it was only pressed" else Browser(world)

    await browser.give_password(erika.email, erika.password)

    assert (await browser.type_code(await erika.code(CodePurpose.MAILBOX))).state is SignInState.WAITING


@pytest.mark.parametrize("presses", [True, False])
async def test_where_there_is_another_factor_no_other_browser_gets_past_it(
    world: World, erika: Person, *, presses: bool
) -> None:
    """Neither by the mailbox nor by waiting, also if it pressed the link (row 46)."""
    await add_app(erika)
    thief = Browser(world)
    await erika.ask_for_change()
    await (thief if presses else erika.browser).press(await erika.link())

    assert (await thief.give_password(erika.email)).state is SignInState.AWAITING_FACTOR
    assert (await thief.choose(Factor.PHONE)).refusal is Refusal.NEEDS_ASKING_BROWSER
    assert "refused:needs_asking_browser" in await world.history(erika.account_id)
    assert await thief.state() is SignInState.AWAITING_FACTOR
    assert await erika.mails(Notice.MAILBOX_CODE) == []


async def test_the_browser_that_asked_and_pressed_goes_on_with_a_renewed_password(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.choose_password("vurmix gapolde 27")

    await erika.reach_new_number()
    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).number == NEW
