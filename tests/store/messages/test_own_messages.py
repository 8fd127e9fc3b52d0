"""Messages that the process of their own request sends: claimed as they are inserted, and handed over in memory."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from renumber.delivery.loop import Pace
from renumber.delivery.ports import Claimed
from renumber.store.database.interface import StoreUnavailable
from renumber.store.database.open import counting
from tests.delivery.builders import Away, a_message
from tests.flows.person import a_person
from tests.store.hands_on import look
from tests.store.messages.sending import SELDOM, Sending, sending, until

CLAIM = Pace().claim_for


async def states(here: Sending) -> list[tuple[str, int, bool]]:
    """Give of each message its state, its attempts, and whether somebody has a claim on it."""
    rows = await look(here.world, "SELECT state, attempts, claim FROM outbox ORDER BY created_at")
    return [(row["state"], row["attempts"], row["claim"] is not None) for row in rows]


async def test_what_this_process_has_committed_it_sends_without_asking_for_it(database_url: str) -> None:
    async with sending(database_url) as here:
        person = await a_person(here.world)
        async with here.running():
            await until(lambda: here.dispatcher._loop._claiming and here.dispatcher._loop._claiming.done())
            with counting() as counted:
                await person.browser.give_password(person.email)
                written = counted.statements
                await until(lambda: here.sms.taken)
                await until(lambda: not here.dispatcher._loop._sending)

        assert await states(here) == [("sent", 1, False)]
        assert counted.statements == written, "what is sent is counted by no request"


async def test_nobody_else_takes_it_until_the_claim_lapses(database_url: str) -> None:
    async with sending(database_url, replace(SELDOM, stop_for=timedelta(0))) as here:
        person = await a_person(here.world)
        async with here.running():
            here.sms.send = lambda _: until(lambda: False)  # type: ignore[method-assign]  # a gateway that hangs
            await person.browser.give_password(person.email)

            assert await states(here) == [("waiting", 1, True)]
            assert await here.claimed_by_another(seconds=CLAIM.total_seconds() - 1) == []
            (taken,) = await here.claimed_by_another(seconds=CLAIM.total_seconds())
            assert taken.attempts == 1


async def test_what_cannot_be_handed_over_waits_for_anybody(database_url: str) -> None:
    full = Pace(at_once=4, kept_free=4)
    async with sending(database_url, full) as here:
        person = await a_person(here.world)
        await person.browser.give_password(person.email)
        not_running = await states(here)
        async with here.running():
            here.world.clock.move(minutes=2)
            other = await a_person(here.world, "other@example.com")
            await other.browser.give_password(other.email)
            await until(lambda: len(here.sms.taken) == 2)

    assert not_running == [("waiting", 0, False)]


async def test_a_commit_that_nobody_knows_of_leaves_no_claim(database_url: str) -> None:
    async with sending(database_url) as here:
        person = await a_person(here.world)
        here.world.services.store._observe = lambda *_: 1 / 0  # type: ignore[attr-defined]  # fails after the commit
        async with here.running():
            with pytest.raises(ZeroDivisionError):
                await person.browser.give_password(person.email)

            await until(lambda: here.sms.taken)  # it was found in the outbox, long before its claim had lapsed
            await until(lambda: not here.dispatcher._loop._sending)
        assert await states(here) == [("sent", 1, False)]


async def test_a_commit_that_nobody_knows_of_leaves_no_claim_although_the_database_is_away_just_then(
    database_url: str,
) -> None:
    async with sending(database_url, replace(SELDOM, poll_for=timedelta(seconds=0.05))) as here:
        person = await a_person(here.world)
        here.world.services.store._observe = lambda *_: 1 / 0  # type: ignore[attr-defined]  # fails after the commit
        release, asked = here.world.outbox.release, []

        async def away_for_a_while(claimed: Sequence[Claimed]) -> None:
            asked.append(claimed)
            if len(asked) < 3:
                raise StoreUnavailable
            await release(claimed)

        here.world.outbox.release = away_for_a_while  # type: ignore[method-assign]
        async with here.running():
            with pytest.raises(ZeroDivisionError):
                await person.browser.give_password(person.email)

            await until(lambda: here.sms.taken)
            await until(lambda: not here.dispatcher._loop._sending)
        assert await states(here) == [("sent", 1, False)]


async def test_a_database_that_is_away_between_a_send_and_its_settling_makes_no_second_send(database_url: str) -> None:
    async with sending(database_url, replace(SELDOM, poll_for=timedelta(seconds=0.05))) as here:
        person = await a_person(here.world)
        here.world.database.run_each = run_each = Away(here.world.database.run_each)  # type: ignore[assignment, method-assign]
        async with here.running():
            await person.browser.give_password(person.email)
            await until(lambda: run_each.asked > run_each.times)
            await until(lambda: not here.dispatcher._loop._sending)
        assert await states(here) == [("sent", 1, False)]

        here.world.clock.move(seconds=CLAIM.total_seconds() + 1)
        await here.dispatcher.drain()
        assert len(here.sms.taken) == 1


async def test_what_was_rolled_back_is_not_sent_and_leaves_its_place(database_url: str) -> None:
    async with sending(database_url) as here:
        person = await a_person(here.world)
        async with here.running():
            for _ in range(2 * Pace().at_once):
                with pytest.raises(ZeroDivisionError):
                    await flush_and_fail(here, person.account_id)
            await until(lambda: not here.dispatcher._loop._to_give_back)

            assert here.dispatcher._loop._reserved == 0
        assert here.sms.asked == here.mail.asked == 0


async def flush_and_fail(here: Sending, account_id: str) -> None:
    """Write a message, and fail before the commit."""
    async with here.world.services.store.work(account_id) as work:
        work.record([], [replace(a_message(), account_id=account_id, created_at=here.world.clock.time)])
        await work.flush()  # type: ignore[attr-defined]  # of the store's own work
        raise ZeroDivisionError


def test_a_process_killed_between_commit_and_hand_over_loses_and_doubles_nothing(database_url: str) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.store.messages.killed", database_url],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    asyncio.run(taken_up(database_url))


async def taken_up(url: str) -> None:
    """See that the message of the killed process leaves once, when its claim has lapsed."""
    async with sending(url) as here:
        assert await states(here) == [("waiting", 1, True)]

        await here.dispatcher.drain()
        assert here.sms.taken == []
        here.world.clock.move(seconds=CLAIM.total_seconds() + 1)
        await here.dispatcher.drain()
        await here.dispatcher.drain()

        assert len(here.sms.taken) == 1
        assert await states(here) == [("sent", 2, False)]
