"""A frozen account whose password is lost: mailbox, number and, after a wait, a new password release it (row 41)."""

from datetime import timedelta

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.account.release_link import begin_by_link, look_at_release_link
from tests.builders import OLD, OTHER, WRONG
from tests.flows.account.release import (
    by_operator,
    choose_last,
    frozen,
    press,
    release_link,
    show_mailbox_and_number,
    wait_is_over,
)
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import PASSWORD, Browser, Person, a_person
from tests.flows.world import World

WORDS = "vurmix gapolde 27"


async def renewed_by_a_thief(erika: Person) -> None:
    """Somebody who reads the mail renews the password, and somebody else freezes the account: the owner knows none."""
    await erika.choose_password("the thief's own words")
    [notice] = await erika.texts(Notice.PASSWORD_CHANGED)
    await freeze_by_link(erika.world.services, Browser(erika.world).client, notice.stop)
    erika.password = PASSWORD


async def state_of(erika: Person) -> tuple[bool, object]:
    account = await erika.world.account(erika.account_id)
    return account.is_frozen, account.number


async def test_mailbox_and_number_release_it_after_a_day_with_a_new_password_and_no_sooner(either_world: World) -> None:
    erika = await a_person(either_world)
    await renewed_by_a_thief(erika)
    browser = Browser(either_world)
    assert (await show_mailbox_and_number(erika, browser)).state is SignInState.WAITING
    either_world.clock.move(hours=23)
    assert (await show_mailbox_and_number(erika, browser)).state is SignInState.WAITING
    either_world.clock.move(minutes=50)

    shown_again = await show_mailbox_and_number(erika, browser)
    assert (shown_again.state, await state_of(erika)) == (SignInState.AWAITING_RELEASE_PASSWORD, (True, OLD))
    result = await choose_last(browser, WORDS)

    assert (result.refusal, result.signed_in, await state_of(erika)) == (None, False, (False, OLD))
    assert (await Browser(either_world).give_password(erika.email, "the thief's own words")).refusal
    either_world.clock.move(minutes=11)
    erika.password = WORDS
    await erika.sign_in()
    assert await erika.browser.is_signed_in()


async def test_the_number_from_before_a_change_is_the_one_that_is_asked(world: World, erika: Person) -> None:
    await frozen(erika)
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    wait_is_over(erika)

    await show_mailbox_and_number(erika, browser)
    await choose_last(browser, WORDS)

    assert await state_of(erika) == (False, OLD)
    assert await erika.texts(Notice.RELEASE_CODE, number=OTHER) == []


async def test_an_older_factor_releases_without_the_wait_and_stays_trusted(world: World, erika: Person) -> None:
    key = await add_app(erika)
    world.clock.move(days=4)
    await renewed_by_a_thief(erika)
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    await browser.choose(Factor.TOTP)

    result = await give_code(browser, shown(world, key))
    assert (result.state, await state_of(erika)) == (SignInState.AWAITING_RELEASE_PASSWORD, (True, OLD))
    await choose_last(browser, WORDS)

    account = await world.account(erika.account_id)
    assert (account.is_frozen, Factor.TOTP in account.lost) == (False, False)


async def test_what_was_added_shortly_before_the_freeze_releases_nothing(world: World, erika: Person) -> None:
    key = await add_app(erika)
    world.clock.move(hours=71)
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    await browser.choose(Factor.TOTP)

    result = await give_code(browser, shown(world, key))

    assert (result.refusal, await state_of(erika)) == (Refusal.NEEDS_OLDER_FACTOR, (True, OLD))


async def test_the_wait_is_told_to_the_mailbox_and_to_every_number_and_each_can_stop_it(
    world: World, erika: Person
) -> None:
    await frozen(erika)
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    told = [await erika.mails(Notice.RELEASE_WAIT)]
    told += [await erika.texts(Notice.RELEASE_WAIT, number=number) for number in (OLD, OTHER)]
    assert [len(messages) for messages in told] == [1, 1, 1]
    assert told[0][0].message.params["without_password"] == "yes"

    await erika.freeze_by(told[2][0].stop)
    wait_is_over(erika)

    assert (await show_mailbox_and_number(erika, browser)).state is SignInState.WAITING, "it begins anew"


async def test_who_only_reads_the_mail_stops_it_for_a_week_and_not_for_ever(world: World, erika: Person) -> None:
    await renewed_by_a_thief(erika)
    browser = Browser(world)
    for _ in range(6):
        await show_mailbox_and_number(erika, browser)
        await erika.freeze_by((await erika.mails(Notice.RELEASE_WAIT))[-1].stop)
        wait_is_over(erika)
    await show_mailbox_and_number(erika, browser)
    last = (await erika.mails(Notice.RELEASE_WAIT))[-1].stop
    wait_is_over(erika)
    assert (await freeze_by_link(world.services, Browser(world).client, last)).refusal is Refusal.ACCOUNT_FROZEN

    await show_mailbox_and_number(erika, browser)
    await choose_last(browser, WORDS)

    assert await state_of(erika) == (False, OLD)


async def test_a_wait_that_nobody_can_stop_is_told_without_a_link_and_with_what_can_be_done(
    world: World, erika: Person
) -> None:
    await frozen(erika)
    world.clock.move(days=7)

    await show_mailbox_and_number(erika, Browser(world))

    [mail], [text] = await erika.mails(Notice.LAST_RELEASE_WAIT), await erika.texts(Notice.LAST_RELEASE_WAIT)
    assert (mail.stop, text.stop) == ("", "")
    assert await erika.mails(Notice.RELEASE_WAIT) == []


@pytest.mark.parametrize("number", [OTHER, OLD], ids=["the mailbox alone", "with a code of the later number"])
async def test_with_less_nobody_gets_anywhere(world: World, erika: Person, number: object) -> None:
    await frozen(erika)
    browser = Browser(world)
    await press(browser, await release_link(erika))

    assert (await browser.type_code(WRONG)).refusal is Refusal.WRONG_CODE
    assert (await choose_last(browser, WORDS)).refusal is Refusal.NOT_NOW
    assert (await browser.choose(Factor.PHONE)).refusal is Refusal.NOT_NOW
    assert await state_of(erika) == (True, OTHER)
    assert (await Browser(world).give_password(erika.email, WORDS)).refusal is Refusal.WRONG_CREDENTIALS


async def test_a_password_alone_chosen_by_a_link_from_before_the_freeze_releases_nothing(
    world: World, erika: Person
) -> None:
    link = await erika.forget_password()
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")

    step = await choose_password(world.services, erika.browser.client, link, password=WORDS)

    assert (step.refusal, await state_of(erika)) == (Refusal.ACCOUNT_FROZEN, (True, OLD))


async def test_looking_at_the_link_changes_nothing(world: World, erika: Person) -> None:
    await frozen(erika)
    link = await release_link(erika)
    before = await world.history(erika.account_id)

    views = [await look_at_release_link(world.services, link) for _ in range(3)]

    assert [view.refusal for view in views] == [None] * 3
    assert await world.history(erika.account_id) == before
    assert await erika.texts(Notice.RELEASE_CODE) == []


@pytest.mark.parametrize(
    ("end", "refusal"),
    [
        ("a newer link", Refusal.LINK_REPLACED),
        ("a day", Refusal.LINK_EXPIRED),
        ("a stopped release", Refusal.LINK_STOPPED),
        ("a release", Refusal.ACCOUNT_NOT_FROZEN),
        ("another freeze", Refusal.LINK_STOPPED),
    ],
)
async def test_the_link_ends_with(world: World, erika: Person, end: str, refusal: Refusal) -> None:
    await frozen(erika)
    link, client = await release_link(erika), Browser(world).client
    if end == "a newer link":
        await release_link(erika)
    if end == "a day":
        world.clock.move(hours=24)
    if end == "a stopped release":
        await press(erika.browser, link)
        await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))
        await erika.freeze_by((await erika.mails(Notice.RELEASE_WAIT))[-1].stop)
    if end in {"a release", "another freeze"}:
        await by_operator(erika, keeps_number=False)
    if end == "another freeze":
        await freeze_by_operator(world.services, client, erika.account_id, "another call")

    assert (await begin_by_link(world.services, client, link)).refusal is refusal
    assert (await look_at_release_link(world.services, link)).refusal is refusal


async def test_who_uses_up_the_mails_leaves_a_link_that_still_holds(world: World, erika: Person) -> None:
    """Or a stranger who knows the address would close this way by asking, every day."""
    await frozen(erika)
    stranger = Browser(world)
    for _ in range(world.limits.sends_per_day + 2):
        world.clock.move(minutes=11)
        await forget_password(world.services, stranger.client, EmailAddress(erika.email))
    world.clock.move(hours=21)

    newest = await release_link(erika)

    assert len(await erika.mails(Notice.PASSWORD_LINK_FROZEN)) == world.limits.sends_per_day
    assert (await press(Browser(world), newest)).refusal is None


async def test_a_sign_in_without_a_password_never_opens_a_session(world: World, erika: Person) -> None:
    """Not even if the account were released while it goes on."""
    await frozen(erika)
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    await by_operator(erika, keeps_number=False)

    assert await browser.state() is None
    assert (await choose_last(browser, WORDS)).refusal is Refusal.SIGN_IN_EXPIRED
    assert await world.live_sessions(erika.account_id) == []


async def test_an_unfit_password_leaves_it_frozen_and_asks_again(world: World, erika: Person) -> None:
    await frozen(erika)
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    wait_is_over(erika)
    await show_mailbox_and_number(erika, browser)

    assert (await choose_last(browser, "short")).refusal is Refusal.PASSWORD_TOO_SHORT
    assert (await state_of(erika))[0]
    assert (await choose_last(browser, WORDS)).refusal is None


async def test_released_by_mail_the_password_is_doubted_for_a_week_as_any_that_a_mailbox_has_renewed(
    world: World, erika: Person
) -> None:
    await frozen(erika)
    browser = Browser(world)
    await show_mailbox_and_number(erika, browser)
    wait_is_over(erika)
    await show_mailbox_and_number(erika, browser)
    await choose_last(browser, WORDS)

    account = await world.account(erika.account_id)
    assert account.doubts_password(world.clock.time + timedelta(days=6), world.limits.mailed_password_for)
    assert len(await erika.mails(Notice.PASSWORD_CHANGED)) == len(await erika.mails(Notice.ACCOUNT_RELEASED)) == 1
