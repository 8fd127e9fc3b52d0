"""Answers that are kept: one process carries a request out, all others hear its answer, for a day and sealed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from renumber.flows.operator.kept_answers import GIVEN_UP_AFTER, KEPT_FOR, KeptAnswer, OnceOnly
from renumber.store.kept_answers import StoredAnswers
from tests.flows.world import START, World
from tests.store.hands_on import count, everything

ASKED = OnceOnly(request_id="a" * 64, fingerprint=b"f" * 32, began_at=START)
MOMENT = timedelta(milliseconds=1)


def later(by: timedelta, **changes: object) -> OnceOnly:
    return replace(ASKED, began_at=START + by, **changes)  # type: ignore[arg-type]  # fields of OnceOnly


async def test_of_many_at_once_one_begins_and_the_rest_hear_that_it_is_under_way(world: World) -> None:
    answers = StoredAnswers(world.database, world.keys)

    found = await asyncio.gather(*(answers.begin(later(MOMENT * turn)) for turn in range(6)))

    assert sorted(one is None for one in found) == [False] * 5 + [True]
    assert {one for one in found if one} == {KeptAnswer(ASKED.fingerprint, None)}


async def test_an_answer_is_kept_sealed_for_a_day_and_then_purged(world: World) -> None:
    answers = StoredAnswers(world.database, world.keys)
    await answers.begin(ASKED)
    await answers.keep(ASKED, "an answer")

    assert await answers.begin(later(KEPT_FOR - MOMENT, fingerprint=b"other")) == KeptAnswer(b"f" * 32, "an answer")
    assert "an answer" not in str(await everything(world))
    assert await answers.begin(later(KEPT_FOR)) is None

    await world.chores.purge("kept_answers", START + 2 * KEPT_FOR + MOMENT)

    assert await count(world, "kept_answer") == 0


async def test_a_request_whose_process_died_is_begun_anew_by_the_same_request_alone(world: World) -> None:
    answers = StoredAnswers(world.database, world.keys)
    await answers.begin(ASKED)
    renewed = later(GIVEN_UP_AFTER)

    assert await answers.begin(later(GIVEN_UP_AFTER - MOMENT)) is not None
    assert await answers.begin(replace(renewed, fingerprint=b"other")) is not None
    assert await answers.begin(renewed) is None

    await answers.keep(ASKED, "from the dead")
    assert await answers.begin(later(GIVEN_UP_AFTER + MOMENT)) == KeptAnswer(ASKED.fingerprint, None)


async def test_a_request_that_did_nothing_is_forgotten(world: World) -> None:
    answers = StoredAnswers(world.database, world.keys)
    await answers.begin(ASKED)

    await answers.forget(ASKED)

    assert await answers.begin(later(MOMENT)) is None
