"""Dishonest people at customer relations, with anything else that was stolen, take no account unseen or at once.

Whoever has an agent and any of password, mailbox and old SIM gets nowhere by a case; with a reviewer as well they get
on, after the whole waiting period, of which every channel on file was told and could have stopped it.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from renumber.domain.messages.message import Channel, Notice
from renumber.domain.support.staff import Role
from renumber.policies.support.caller import CallerStand
from renumber.policies.support.recovery import RecoveryRules
from renumber.policies.waits import ONE_MAILBOX
from tests.flows.support.callers import stand_of
from tests.flows.support.staff import Colleague, a_colleague
from tests.flows.support.thieves import Has, some_thieves
from tests.flows.world import World, with_rules

STOLEN = (Has.PASSWORD, Has.MAILBOX, Has.OLD_SIM)
SETS = [frozenset(some) for size in range(len(STOLEN) + 1) for some in combinations(STOLEN, size)]
WITH_MAILBOX = [stolen for stolen in SETS if Has.MAILBOX in stolen]
# When the password is renewed by mail, if that is how they get one.
RENEWED = {
    0: [*WITH_MAILBOX, frozenset({Has.PASSWORD, Has.OLD_SIM})],
    72: [stolen for stolen in WITH_MAILBOX if Has.PASSWORD not in stolen],
    74: [stolen for stolen in WITH_MAILBOX if Has.PASSWORD not in stolen],
}
WAITS = RecoveryRules().wait_without_factor


async def colleagues(world: World) -> tuple[Colleague, Colleague]:
    return await a_colleague(world, Role.AGENT), await a_colleague(world, Role.REVIEWER)


async def test_an_agent_alone_takes_no_account_by_a_case_whatever_else_was_stolen(world: World) -> None:
    staff = await colleagues(world)

    for seed, stolen in enumerate(SETS):
        thieves = await some_thieves(world, staff, stolen | {Has.AGENT})
        await thieves.go(seed)

        assert await thieves.breaches(WAITS) == [], stolen
        acts = await world.history(thieves.erika.account_id)
        assert "case_approved" not in acts, stolen
        assert ("caller_proven" in acts) is (Has.OLD_SIM in stolen), stolen


async def test_a_caller_who_impersonates_is_believed_for_the_owner_s_number_alone_and_gets_nothing_by_it(
    world: World,
) -> None:
    staff = await colleagues(world)

    for stolen in SETS:
        thieves = await some_thieves(world, staff, stolen)
        before = await world.account(thieves.erika.account_id)
        await thieves.call()  # an honest agent reads the number out to whoever calls

        stand = await stand_of(world, thieves.erika)
        assert stand is (CallerStand.PROVEN if Has.OLD_SIM in stolen else CallerStand.FAILED), stolen
        after = await world.account(thieves.erika.account_id)
        assert replace(after, version=before.version) == before
        assert await world.live_sessions(thieves.erika.account_id) == []
        [asked] = await thieves.erika.mails(Notice.CALLER_CHECK)
        assert asked.stop
        told = [*await thieves.erika.mails(Notice.CALLER_PROVEN), *await thieves.erika.texts(Notice.CALLER_PROVEN)]
        assert len([one for one in told if one.stop]) == (2 if Has.OLD_SIM in stolen else 0)


async def test_a_company_s_administrator_and_an_agent_take_no_account_by_a_case_whatever_else_was_stolen(
    world: World,
) -> None:
    staff = await colleagues(world)
    acts: set[str] = set()

    for seed, stolen in enumerate(SETS):
        thieves = await some_thieves(world, staff, stolen | {Has.AGENT, Has.ADMINISTRATOR})
        await thieves.go(seed)

        history = await world.history(thieves.erika.account_id)
        assert await thieves.breaches(WAITS) == [], stolen
        assert "case_approved" not in history, stolen
        acts |= set(history)
        can_ask = stolen >= {Has.PASSWORD, Has.OLD_SIM} or stolen >= {Has.MAILBOX, Has.OLD_SIM}
        assert ("change_confirmed" in history) <= can_ask, stolen

    assert {"case_vouched", "change_confirmed"} <= acts


@pytest.mark.parametrize("renews_after", RENEWED, ids="renewed after {} hours".format)
async def test_an_agent_and_a_reviewer_wait_and_the_owner_stops_them_from_every_channel(
    world: World, renews_after: int
) -> None:
    staff, taken = await colleagues(world), set()

    for stolen in RENEWED[renews_after]:
        has = stolen | {Has.AGENT, Has.REVIEWER}
        thieves = await some_thieves(world, staff, has, renews_after)
        await thieves.go(renews_after)
        assert await thieves.breaches(WAITS if Has.PASSWORD in stolen else WAITS + ONE_MAILBOX) == [], stolen
        if thieves.taken_by is None:
            continue
        taken.add(stolen)
        for channel in (Channel.EMAIL, Channel.SMS):
            again = await some_thieves(world, staff, has, renews_after)
            await again.go(renews_after, stop=channel, before=thieves.taken_by)
            assert again.taken_at is None, (stolen, channel)

    assert taken >= {stolen for stolen in RENEWED[renews_after] if stolen >= {Has.MAILBOX, Has.PASSWORD}}


async def test_the_check_sees_a_wait_that_is_none(world: World) -> None:
    staff = await colleagues(world)
    rules = replace(RecoveryRules(), wait_without_factor=timedelta(hours=1))
    world.services = with_rules(world.services, recovery=rules)
    found = []
    for seed in range(9):  # orders of their moves, of which some come to the end before the wait that is looked for
        thieves = await some_thieves(world, staff, frozenset({Has.AGENT, Has.REVIEWER, Has.PASSWORD, Has.MAILBOX}))
        await thieves.go(seed)
        found.append(len(await thieves.breaches(WAITS)))
        if found[-1]:
            break

    assert found[-1] == 2, found
