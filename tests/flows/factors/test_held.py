"""For 72 hours after a change no method is removed, by whichever way: not by putting another into its place either."""

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.recovery_codes import IN_USE, RecoveryCodes
from renumber.flows.factors.lost import report_in_session
from renumber.flows.factors.recovery_codes import make_set, name_of
from renumber.flows.factors.totp import begin_totp, confirm_totp, pending_totp
from tests.builders import NEW
from tests.flows.factors.totp import add_app, shown
from tests.flows.person import Person
from tests.flows.world import World


async def start_app(erika: Person) -> Refusal | None:
    browser = erika.browser
    return (await begin_totp(browser.world.services, browser.client, browser.ticket)).refusal


async def make_codes(erika: Person) -> Refusal | None:
    browser = erika.browser
    standing = await recovery_codes_of(erika)
    made = await make_set(browser.world.services, browser.client, browser.ticket, replacing=standing)
    return made.refusal


async def recovery_codes_of(erika: Person) -> str:
    async with erika.world.services.store.work(erika.account_id) as work:
        return name_of(await work.load(RecoveryCodes, IN_USE))


async def changed_with_both(erika: Person) -> None:
    """Have an app and a set of codes, and change the number."""
    await add_app(erika)
    assert await make_codes(erika) is None
    erika.world.clock.move(seconds=1)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.PHONE)
    await erika.bind(NEW)
    await erika.prove_again()


@pytest.mark.parametrize(("hours", "refusal"), [(0, Refusal.FACTOR_HELD), (73, None)])
async def test_neither_app_nor_codes_are_replaced_while_they_may_not_be_removed(
    world: World, erika: Person, hours: int, refusal: Refusal | None
) -> None:
    await changed_with_both(erika)
    if hours:
        world.clock.move(hours=hours)
        await erika.sign_in_to_manage()

    assert await start_app(erika) is refusal
    assert await make_codes(erika) is refusal


async def test_not_even_what_was_reported_lost_is_replaced_for_a_report_pauses_and_takes_nothing_away(
    world: World, erika: Person
) -> None:
    await changed_with_both(erika)
    world.clock.move(hours=73)
    await erika.sign_in_to_manage()
    services, browser = world.services, erika.browser
    assert await make_codes(erika) is None
    reported = await report_in_session(services, browser.client, browser.ticket, factor=Factor.TOTP)
    assert reported.refusal is None

    assert await start_app(erika) is Refusal.FACTOR_HELD


async def test_a_first_one_is_added_at_once(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    await erika.prove_again()
    world.clock.move(minutes=1)

    assert await start_app(erika) is None
    assert await make_codes(erika) is None
    assert await make_codes(erika) is None, "whoever has not kept them makes others"


async def test_methods_are_changed_twenty_times_a_day_for_each_time_is_told(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()

    made = [await make_codes(erika) for _ in range(21)]

    assert made == [None] * 20 + [Refusal.SEND_LIMIT_REACHED]
    assert await start_app(erika) is Refusal.SEND_LIMIT_REACHED
    assert (await world.history(erika.account_id))[-1] == "refused:send_limit_reached"
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == 20
    assert 1 <= len(await erika.texts(Notice.FACTOR_ADDED)) <= world.limits.texts_told_per_day
    world.clock.move(days=1)
    await erika.sign_in_to_manage()
    assert await make_codes(erika) is None


async def test_a_key_that_was_shown_ten_minutes_ago_is_nobody_s_to_prove(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    services, browser = world.services, erika.browser
    begun = await begin_totp(services, browser.client, browser.ticket)
    assert begun.state
    world.clock.move(minutes=10)

    seen = await pending_totp(services, browser.client, browser.ticket)
    code = shown(world, begun.state)
    proven = await confirm_totp(services, browser.client, browser.ticket, code=code)

    assert (seen.refusal, seen.state, proven.refusal) == (None, None, Refusal.NOT_NOW)
    assert (await world.history(erika.account_id))[-1] == "refused:not_now"
