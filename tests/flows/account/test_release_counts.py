"""A release counts its codes by itself: what was reported or guessed elsewhere before doesn't refuse it (row 43)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.factors.lost import report_at_sign_in
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from tests.builders import WRONG
from tests.flows.account.release import begin, prove_both
from tests.flows.factors.suspension import guess, suspend
from tests.flows.passkeys.ceremonies import with_passkey
from tests.flows.person import Browser, Person
from tests.flows.world import World

Trouble = Callable[[Person], Awaitable[None]]
A_DAY = timedelta(hours=24)


async def thief(erika: Person) -> Browser:
    """A browser with the password, on the page of the phone's code."""
    browser = Browser(erika.world)
    erika.world.clock.move(minutes=11)
    await browser.give_password(erika.email)
    await browser.choose(Factor.PHONE)
    return browser


async def phone_reported_lost(erika: Person) -> None:
    await with_passkey(erika)
    erika.world.clock.move(days=4)
    browser = await thief(erika)
    reported = await report_at_sign_in(erika.world.services, browser.client, browser.begun, Factor.PHONE)
    assert reported.refusal is None


async def phone_guessed_at(erika: Person) -> None:
    await suspend(erika, await thief(erika))


async def mailbox_guessed_at(erika: Person) -> None:
    browser = await thief(erika)
    place = (erika.world.services, browser.client, browser.begun)
    refusal: Refusal | None = None
    while refusal is not Refusal.FACTOR_SUSPENDED:
        await send_restore_code(*place)
        refusal = (await restore_by_code(*place, code=WRONG)).refusal
        erika.world.clock.move(minutes=2)


@pytest.mark.parametrize("trouble", [phone_reported_lost, phone_guessed_at, mailbox_guessed_at])
async def test_nothing_done_with_the_password_before_refuses_the_codes_of_a_release(
    world: World, erika: Person, trouble: Trouble
) -> None:
    await trouble(erika)
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a notice")
    world.clock.move(minutes=11)

    await prove_both(erika)

    assert not (await world.account(erika.account_id)).is_frozen
    world.clock.move(minutes=11)
    assert (await erika.browser.give_password(erika.email)).method is Factor.PHONE
    assert await erika.sign_in_with_phone(), "the number that released the account confirms sign-ins again"


async def at_number(erika: Person) -> None:
    """A frozen account, whose release waits for the code of the number."""
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    assert await begin(erika) is None
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))


async def at_mailbox(erika: Person) -> None:
    """The same, waiting for the code of the mailbox."""
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    assert await begin(erika) is None


WAITING = pytest.mark.parametrize(
    ("wait", "factor"), [(at_mailbox, Factor.RELEASE_MAILBOX), (at_number, Factor.RELEASE_NUMBER)]
)


@WAITING
async def test_who_guesses_at_a_release_pauses_it_for_a_day_and_not_for_ever(
    world: World, erika: Person, wait: Trouble, factor: Factor
) -> None:
    await wait(erika)
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)
    paused_at = world.clock.time
    assert await world.wrong_in_a_row(erika.account_id, factor) == 10
    refused = await erika.browser.type_code(WRONG)
    assert (refused.refusal, refused.open_at) == (Refusal.RELEASE_PAUSED, paused_at + A_DAY)

    world.clock.move(hours=24)
    await prove_both(erika)

    assert not (await world.account(erika.account_id)).is_frozen


async def test_until_then_no_code_is_sent_and_none_is_compared(world: World, erika: Person) -> None:
    await at_mailbox(erika)
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)
    world.clock.move(hours=23, minutes=55)

    assert await begin(erika) is Refusal.RELEASE_PAUSED
    assert (await erika.browser.type_code(WRONG)).refusal is Refusal.RELEASE_PAUSED
    assert await world.wrong_in_a_row(erika.account_id, Factor.RELEASE_MAILBOX) == 10


async def test_guesses_at_a_release_close_nothing_else(world: World, erika: Person) -> None:
    await at_number(erika)
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)

    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 0
    assert await world.wrong_in_a_row(erika.account_id, Factor.MAILBOX) == 0


async def test_the_mailbox_is_told_until_when_the_number_s_code_is_refused(world: World, erika: Person) -> None:
    await at_number(erika)
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)

    [mail] = await erika.mails(Notice.RELEASE_PAUSED)
    assert mail.message.params["paused_until"] == (world.clock.time + A_DAY).isoformat()
    assert await erika.texts(Notice.FACTOR_SUSPENDED) == []
