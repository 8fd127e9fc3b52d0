"""A mailbox with too many wrong codes opens by the link of the mail that says so, also on a frozen account."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import look_at_stop
from renumber.flows.factors.suspended import look_at_restore_link, restore_mailbox
from tests.builders import NEW, OLD
from tests.flows.account.release import begin, prove_both
from tests.flows.account.release import frozen as freeze_account
from tests.flows.factors.suspension import guess, suspend
from tests.flows.person import Browser, Person
from tests.flows.world import World


async def paused(erika: Person) -> Browser:
    """A thief with the password guesses at the mailbox, from the way to the new number."""
    await erika.reset_number()
    thief = Browser(erika.world)
    await thief.give_password(erika.email)
    await suspend(erika, thief)
    return thief


async def link(erika: Person) -> str:
    return (await erika.mails(Notice.MAILBOX_SUSPENDED))[-1].action


async def test_the_link_sends_codes_again_and_signs_nobody_in(world: World, erika: Person) -> None:
    thief = await paused(erika)
    world.clock.move(minutes=11)
    assert (await thief.send_again()).refusal is Refusal.FACTOR_SUSPENDED

    assert (await restore_mailbox(world.services, Browser(world).client, await link(erika))).refusal is None

    assert await world.wrong_in_a_row(erika.account_id, Factor.MAILBOX) == 0
    assert await world.live_sessions(erika.account_id) == []
    await erika.begin_to_wait(Browser(world))
    await erika.reach_new_number()
    await erika.bind(NEW)
    assert (await world.history(erika.account_id)).count("factor_restored") == 1


async def test_a_thief_with_the_password_does_not_close_the_release(world: World, erika: Person) -> None:
    await freeze_account(erika)
    thief = Browser(world)
    assert await begin(erika, thief) is None
    await guess(erika, thief, until=Refusal.RELEASE_PAUSED)
    world.clock.move(minutes=11)
    assert await begin(erika) is Refusal.RELEASE_PAUSED

    await restore_mailbox(world.services, erika.browser.client, await link(erika))
    await prove_both(erika)

    account = await world.account(erika.account_id)
    assert (account.is_frozen, account.number) == (False, OLD)


async def test_looking_changes_nothing_and_it_works_once(world: World, erika: Person) -> None:
    await paused(erika)
    token = await link(erika)
    for _ in range(3):
        assert (await look_at_restore_link(world.services, token)).refusal is None
    assert Factor.MAILBOX in (await world.account(erika.account_id)).suspended

    pressed = [await restore_mailbox(world.services, Browser(world).client, token) for _ in range(2)]

    assert [step.refusal for step in pressed] == [None, Refusal.LINK_USED]
    assert (await look_at_restore_link(world.services, token)).refusal is Refusal.LINK_USED


async def test_an_older_link_does_not_open_what_was_closed_later_by_itself(world: World, erika: Person) -> None:
    thief = await paused(erika)
    first = await link(erika)
    await restore_mailbox(world.services, Browser(world).client, first)
    world.clock.move(minutes=11)
    await thief.send_again()
    await suspend(erika, thief)

    assert (await restore_mailbox(world.services, Browser(world).client, first)).refusal is Refusal.LINK_USED
    assert (await restore_mailbox(world.services, Browser(world).client, await link(erika))).refusal is None


@pytest.mark.parametrize(("days", "refusal"), [(6.99, None), (7, Refusal.LINK_EXPIRED)])
async def test_it_is_good_for_a_week(world: World, erika: Person, days: float, refusal: Refusal | None) -> None:
    await paused(erika)
    token = await link(erika)
    world.clock.move(days=days)

    assert (await look_at_restore_link(world.services, token)).refusal is refusal
    assert (await restore_mailbox(world.services, Browser(world).client, token)).refusal is refusal


async def test_no_other_link_does_it_and_it_does_nothing_else(world: World, erika: Person) -> None:
    await paused(erika)
    token, [reset] = await link(erika), await erika.mails(Notice.NUMBER_RESET)

    for other in ("A" * 22, reset.stop):
        assert (await restore_mailbox(world.services, Browser(world).client, other)).refusal is Refusal.LINK_UNKNOWN
    assert (await look_at_stop(world.services, token)).refusal is Refusal.LINK_UNKNOWN


async def test_the_number_is_told_too_and_both_can_stop_it(world: World, erika: Person) -> None:
    await freeze_account(erika)
    world.clock.move(days=1)  # so that there is room for a further text
    thief = Browser(world)
    await begin(erika, thief)
    await guess(erika, thief, until=Refusal.RELEASE_PAUSED)

    [mail], [text] = await erika.mails(Notice.MAILBOX_SUSPENDED), await erika.texts(Notice.FACTOR_SUSPENDED)

    assert mail.stop
    assert (bool(text.stop), text.action) == (True, "")
    assert await erika.mails(Notice.FACTOR_SUSPENDED) == []
    assert await world.challenge(erika.account_id, CodePurpose.RELEASE_MAILBOX)
