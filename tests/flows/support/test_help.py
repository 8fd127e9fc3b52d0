"""Help by staff does no more than the owner could by themselves, and the owner is told of it."""

import pytest

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.support.staff import Role
from renumber.flows.support.accounts import (
    cancel_change_by_staff,
    end_sessions_by_staff,
    restore_by_staff,
    send_link_by_staff,
)
from tests.flows.person import Person, a_person
from tests.flows.support.staff import BROWSER, a_colleague
from tests.flows.world import World

PHONE = frozenset({Factor.PHONE})


async def with_status(world: World, erika: Person, status: FactorStatus) -> None:
    """Let the phone have gone through this."""
    async with world.services.store.work(erika.account_id) as work:
        found = await work.load(FactorStatus, Factor.PHONE)
        from_here = FactorStatus(
            account_id=erika.account_id,
            factor=Factor.PHONE,
            wrong_in_a_row=status.wrong_in_a_row,
            suspended_at=status.suspended_at,
            lost_at=status.lost_at,
            guesses=status.guesses,
            disabled_at=status.disabled_at,
            version=found.version if found else 0,
        )
        work.keep(from_here, work.account.mirror_status(from_here))


def a_status(world: World, **more: object) -> FactorStatus:
    now = world.clock.time
    told = {"account_id": "", "factor": Factor.PHONE, "wrong_in_a_row": 10, "guesses": 30, "suspended_at": now}
    return FactorStatus(**{**told, **more})  # type: ignore[arg-type]  # a table of fields


async def test_lifting_opens_the_paused_and_keeps_the_count_of_guesses(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    await with_status(either_world, erika, a_status(either_world))

    step = await agent.do(restore_by_staff, erika)

    assert step.refusal is None
    assert (await either_world.account(erika.account_id)).suspended == frozenset()
    async with either_world.services.store.work(erika.account_id) as work:
        status = await work.load(FactorStatus, Factor.PHONE)
    assert status
    assert (status.wrong_in_a_row, status.guesses) == (0, 30)
    [mail] = await erika.mails(Notice.HELP_GIVEN)
    assert mail.stop


@pytest.mark.parametrize("mark", ["lost_at", "disabled_at"])
async def test_lifting_leaves_the_lost_and_the_disabled_closed(world: World, mark: str) -> None:
    erika, agent = await a_person(world), await a_colleague(world, Role.AGENT)
    await with_status(world, erika, a_status(world, **{mark: world.clock.time}))

    step = await agent.do(restore_by_staff, erika)

    assert step.refusal is Refusal.NOTHING_TO_LIFT
    assert (await world.account(erika.account_id)).suspended == PHONE
    assert not await erika.mails(Notice.HELP_GIVEN)


async def test_a_link_that_staff_has_sent_goes_to_the_owner_alone_and_ends_the_older(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    await erika.sign_in()
    await erika.ask_for_change()
    older = await erika.link()
    either_world.clock.move(seconds=61)

    step = await agent.do(send_link_by_staff, erika)

    assert step.refusal is None
    newer = await erika.link()
    assert (await erika.browser.press(older)).refusal is Refusal.LINK_REPLACED
    assert (await erika.browser.press(newer)).refusal is None


async def test_staff_shares_the_limits_of_the_owner_for_links(world: World) -> None:
    erika, agent = await a_person(world), await a_colleague(world, Role.AGENT)
    await erika.sign_in()
    await erika.ask_for_change()

    refusals = []
    for _ in range(world.services.rules.limits.sends_per_window):
        world.clock.move(seconds=61)
        refusals.append((await agent.do(send_link_by_staff, erika)).refusal)

    assert refusals[-1] is Refusal.SEND_LIMIT_REACHED


async def test_cancelling_by_staff_keeps_the_number_and_tells_the_owner(world: World) -> None:
    erika, agent = await a_person(world), await a_colleague(world, Role.AGENT)
    await erika.sign_in()
    await erika.ask_for_change()

    step = await agent.do(cancel_change_by_staff, erika)

    assert step.state
    assert step.state.state is ChangeState.CANCELLED
    assert (await world.account(erika.account_id)).number
    now = world.clock.time
    claimed = await world.outbox.claim(50, "tests", now=now, until=now)
    [told] = [one.message for one in claimed if one.message.notice is Notice.HELP_GIVEN]
    assert told.params["help"] == "cancel_change"
    assert not {BROWSER.ip, BROWSER.browser} & set(told.params.values())  # where the agent sits is nobody's business


async def test_sessions_that_staff_ends_are_told_and_can_be_begun_anew(world: World) -> None:
    erika, agent = await a_person(world), await a_colleague(world, Role.AGENT)
    await erika.sign_in()

    step = await agent.do(end_sessions_by_staff, erika)

    assert step.refusal is None
    assert not await erika.browser.is_signed_in()
    assert await erika.mails(Notice.SESSIONS_ENDED)
    await erika.sign_in()
