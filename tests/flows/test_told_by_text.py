"""What is told by text has a budget: every fact, a hundred times, on both databases (SECURITY.md row 44)."""

import asyncio
from dataclasses import replace

import pytest

from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.wait import STARTED
from renumber.flows.act import visitor
from renumber.flows.services import Services
from renumber.policies.limits import Limits
from renumber.policies.notices import TOLD, Audience
from tests.builders import NEW, OLD
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import Received, World, with_rules

BY_TEXT = [fact for fact, told in TOLD.items() if any(telling.audience is not Audience.MAILBOX for telling in told)]
MAILED = {fact: sum(telling.audience is Audience.MAILBOX for telling in told) for fact, told in TOLD.items()}
TIMES = 100


async def come_true(person: Person, fact: Fact, times: int = 1, services: Services | None = None) -> None:
    """Let it come true so often, each time in an act of its own."""
    services = services or person.world.services
    for _ in range(times):
        async with services.store.work(person.account_id) as work:
            act = visitor(work, services, person.browser.client)
            replace(act, number=OLD, extra={"left": "2", "factor": "passkey"}).record(fact)


async def texts(world: World, number: PhoneNumber = OLD) -> list[Received]:
    """All notices that this number has got so far."""
    return [one for one in await world.messages(number.e164) if not one.code]


WAITS_BEGUN = {
    *STARTED.values(),
    Fact.LAST_RELEASE_WAIT_STARTED,
    *(Fact.CASE_APPROVED, Fact.CASE_REMINDED, Fact.CASE_READY),
}


async def two_numbers(person: Person) -> None:
    """Have a number, and the one before it, which is told too; long enough ago that nothing counts any more."""
    await person.change_number(NEW)
    await person.world.deliver()
    person.world.clock.move(days=2)
    person.world.received.clear()


@pytest.mark.parametrize("fact", BY_TEXT)
async def test_whatever_comes_true_a_hundred_times_makes_a_few_texts_and_every_mail(
    world: World, erika: Person, fact: Fact
) -> None:
    await two_numbers(erika)

    await come_true(erika, fact, TIMES)

    told = {number: await texts(world, number) for number in (OLD, NEW)}
    assert len(await erika.mails()) == TIMES * MAILED[fact]
    assert 1 <= len(told[OLD]) <= world.limits.texts_told_per_day + (fact in WAITS_BEGUN)
    assert len(told[NEW]) in {0, len(told[OLD])}
    world.clock.move(days=1)
    joined = (await texts(world))[len(told[OLD]) :]
    assert [one.notice for one in joined] == [Notice.NOTICES_JOINED]
    assert joined[0].message.params["more"] == str(TIMES - len(told[OLD]))
    assert joined[0].stop
    world.clock.move(days=3)
    assert await texts(world) == [*told[OLD], *joined], "and nothing comes later"


async def test_a_joined_text_freezes_the_account_whatever_it_tells_of(world: World, erika: Person) -> None:
    await come_true(erika, Fact.SESSIONS_ENDED, TIMES)
    world.clock.move(days=1)

    [joined] = [one for one in await texts(world) if one.notice is Notice.NOTICES_JOINED]
    await erika.freeze_by(joined.stop)

    assert (await world.account(erika.account_id)).is_frozen


async def test_noise_takes_no_room_from_what_is_urgent(world: World, erika: Person) -> None:
    await come_true(erika, Fact.SESSIONS_ENDED, TIMES)

    await come_true(erika, Fact.ACCOUNT_FROZEN)

    assert [one.notice for one in await texts(world)][-1] is Notice.ACCOUNT_FROZEN
    assert len(await texts(world)) <= world.limits.texts_told_per_day


async def test_methods_added_within_an_hour_are_told_in_one_text_after_the_first_and_each_by_mail(
    world: World, erika: Person
) -> None:
    await come_true(erika, Fact.FACTOR_ADDED)
    world.clock.move(minutes=20)
    await come_true(erika, Fact.FACTOR_ADDED, 2)

    assert [one.notice for one in await texts(world)] == [Notice.FACTOR_ADDED]
    world.clock.move(minutes=40)
    first, joined = await texts(world)
    assert (joined.notice, joined.message.params["more"]) == (Notice.NOTICES_JOINED, "2")
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == 3
    await erika.freeze_by(joined.stop)
    assert (await world.account(erika.account_id)).is_frozen
    assert first.stop


async def test_another_notice_is_not_held_up_by_methods_that_are_added(world: World, erika: Person) -> None:
    await come_true(erika, Fact.FACTOR_ADDED, 2)

    await come_true(erika, Fact.FACTOR_REMOVED)

    assert [one.notice for one in await texts(world)] == [Notice.FACTOR_ADDED, Notice.FACTOR_REMOVED]


@pytest.mark.parametrize("fact", [Fact.NUMBER_WAIT_STARTED, Fact.PASSWORD_WAIT_STARTED, Fact.RELEASE_WAIT_STARTED])
async def test_a_wait_is_told_while_it_can_be_stopped_whatever_was_told_before(
    world: World, erika: Person, fact: Fact
) -> None:
    """A thief makes noise, and resets the number: the text that stops the wait must not come when it is over.

    It has a text of its own beyond the budget, and none begins while one stands (domain/wait.py).
    """
    await two_numbers(erika)
    await come_true(erika, Fact.SESSIONS_ENDED, TIMES)
    await come_true(erika, Fact.NUMBER_RESET, TIMES)

    await come_true(erika, fact)

    assert [one.notice for one in await texts(world)][-1] is TOLD[fact][-1].notice
    assert len(await texts(world)) <= world.limits.texts_told_per_day + 1


@pytest.mark.parametrize("most", [1, 2, 20])
async def test_the_operator_sets_how_many(world: World, erika: Person, most: int) -> None:
    services = with_rules(world.services, limits=replace(world.limits, texts_told_per_day=most))

    await come_true(erika, Fact.SESSIONS_ENDED, 30, services)
    await come_true(erika, Fact.ACCOUNT_FROZEN, 30, services)

    assert len(await texts(world)) == most


async def test_five_a_day_unless_the_operator_says_otherwise() -> None:
    assert Limits().texts_told_per_day == 5


async def test_acts_at_the_same_time_share_one_count(world: World, erika: Person) -> None:
    await asyncio.gather(*(come_true(erika, Fact.SESSIONS_ENDED, 5) for _ in range(8)))

    told = len(await texts(world))
    assert 1 <= told <= world.limits.texts_told_per_day
    world.clock.move(days=1)
    assert (await texts(world))[-1].message.params["more"] == str(40 - told)


async def test_an_account_takes_no_room_from_another_that_has_the_same_number(world: World, erika: Person) -> None:
    theo = await a_person(world, "theo@example.com", OLD)
    await come_true(erika, Fact.SESSIONS_ENDED, TIMES)
    told = len(await texts(world))

    await come_true(theo, Fact.SESSIONS_ENDED)

    assert len(await texts(world)) == told + 1


async def test_codes_are_counted_apart(world: World, erika: Person) -> None:
    await come_true(erika, Fact.SESSIONS_ENDED, TIMES)

    await erika.sign_in()
    await erika.sign_in(Browser(world))

    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 2


async def test_a_joined_text_that_has_just_left_is_followed_by_another(world: World, erika: Person) -> None:
    """As where the clock of the machine that sends is ahead of the one that counts."""
    await come_true(erika, Fact.SESSIONS_ENDED, TIMES)
    told = len(await texts(world))
    world.clock.move(days=1)
    await world.deliver()
    world.clock.move(seconds=-1)

    await come_true(erika, Fact.SESSIONS_ENDED)

    world.clock.move(days=1)
    joined = [one for one in await texts(world) if one.notice is Notice.NOTICES_JOINED]
    assert [one.message.params["more"] for one in joined] == [str(TIMES - told), "1"]
