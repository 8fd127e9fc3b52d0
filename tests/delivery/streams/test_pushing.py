"""Security events reach receivers signed, in their order, once; and wait for those who are away or have paused."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.flows.services import NOWHERE
from renumber.policies.events.signals import SignalType
from renumber.policies.events.streams import StreamStatus
from renumber.policies.events.webhooks import WAITS
from renumber.policies.joins import Joins
from renumber.store.streams.pushes import StreamPushes
from renumber.store.streams.states import stream_states
from tests.builders import NEW
from tests.delivery.builders import Away
from tests.delivery.streams.house import KEY, QUICK, House, a_house, a_sender, types, verified
from tests.delivery.webhooks.receiver import answering, receiving
from tests.flows.person import Person, a_person
from tests.flows.world import ORIGIN, StandingJoins
from tests.store.hands_on import change, count

CHANGED = ["session-revoked", "credential-change", "recovery-information-changed"]
CHANGED += ["credential-change", "recovery-information-changed", "assurance-level-change"]
REFUSED = '{"err":"%s","description":"no"}'


async def freeze(house: House, person: Person) -> None:
    """Freeze an account: one event, all sessions ended, one more."""
    await freeze_by_operator(house.world.services, NOWHERE, person.account_id, "stolen")


async def test_a_changed_number_is_told_by_tokens_that_a_foreign_library_verifies(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        erika = await a_person(house.world)
        await erika.change_number(NEW)
        await house.send()
        await house.send()
        tokens = await verified(house, listener.got)

        assert types(tokens) == CHANGED
        assert len({token["jti"] for token in tokens}) == len(CHANGED)
        assert len({token["txn"] for token in tokens}) == 3, "one for each event, however many signals it makes"
        subject = {"format": "iss_sub", "iss": ORIGIN, "sub": erika.account_id}
        assert all(token["sub_id"] in (subject, {**token["sub_id"], "user": subject}) for token in tokens)
        assert not [token for token in tokens if {"sub", "exp"} & token.keys()]
        [changed] = tokens[3]["events"].values()
        assert (changed["credential_type"], changed["change_type"]) == ("phone-sms", "create")
        for got in listener.got:
            assert got.headers["content-type"] == "application/secevent+jwt"
            assert (got.headers["accept"], got.headers["authorization"]) == ("application/json", "Bearer let-me-in")
        assert await count(house.world, "security_event") == 0
        assert set(house.results) == {("stream of shop", "delivered")}


async def test_a_receiver_that_was_away_hears_all_in_its_order_and_nothing_twice(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house, receiving() as listener:
        await house.pushed_to(listener, requested=(SignalType.ACCOUNT_DISABLED.value, SignalType.ACCOUNT_ENABLED.value))
        listener.answer = answering(503)
        erika = await a_person(house.world)
        await freeze(house, erika)
        await house.send()
        await release_by_operator(house.world.services, NOWHERE, erika.account_id, "found")
        await house.send()
        failed = list(listener.got)

        listener.answer, listener.got = answering(202), []
        house.world.clock.move(seconds=WAITS[0].total_seconds())
        await house.send()
        tokens = await verified(house, listener.got)

        assert len(failed) == 1, "while the first isn't taken, none behind it is tried"
        assert (await verified(house, failed))[0]["jti"] == tokens[0]["jti"]
        assert types(tokens) == ["account-disabled", "account-enabled"]
        assert (await stream_states(house.world.database))[0].failing_since is None


async def test_a_receiver_that_takes_nothing_for_three_days_is_paused_and_loses_nothing(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house, receiving() as listener:
        stream = await house.pushed_to(listener, requested=(SignalType.ACCOUNT_DISABLED.value,))
        listener.answer = answering(500)
        erika = await a_person(house.world)
        await freeze(house, erika)
        for wait in (*WAITS, timedelta()):
            await house.send()
            house.world.clock.move(seconds=wait.total_seconds())
        tries = len(listener.got)
        (paused,) = await stream_states(house.world.database)

        listener.answer, listener.got = answering(202), []
        house.world.clock.move(days=1)
        await house.send()
        assert listener.got == []
        await house.become(stream, StreamStatus.ENABLED)
        await house.send()

        assert tries == len(WAITS) + 2, "the last of them says that the stream is paused"
        assert (paused.status, paused.failure) == (StreamStatus.PAUSED, "answered 500")
        tokens = await verified(house, listener.got)
        assert types(tokens) == ["account-disabled", "stream-updated"]
        assert tokens[1]["sub_id"] == {"format": "opaque", "id": stream.stream_id}


async def test_a_receiver_that_chokes_on_one_token_hears_at_once_that_its_stream_is_paused(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        stream = await house.pushed_to(listener, requested=(SignalType.ACCOUNT_DISABLED.value,))
        listener.answer = answering(500)
        await freeze(house, await a_person(house.world))
        for wait in WAITS:
            await house.send()
            house.world.clock.move(seconds=wait.total_seconds())
        listener.answer, listener.before, listener.got = answering(202), [answering(500)], []
        await house.send()
        pause = await verified(house, listener.got[1:])
        waiting = await count(house.world, "security_event")

        listener.got = []
        await house.become(stream, StreamStatus.ENABLED)
        await house.send()

        assert types(pause) == ["stream-updated"]
        assert list(pause[0]["events"].values()) == [{"status": "paused", "reason": "answered 500"}]
        assert waiting == 1
        assert types(await verified(house, listener.got)) == ["account-disabled"], "and not once more that it is paused"


async def test_a_pause_keeps_what_happens_and_a_stream_that_is_disabled_does_not(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as paused, receiving() as disabled:
        first, second = await house.pushed_to(paused), await house.pushed_to(disabled)
        await house.become(first, StreamStatus.PAUSED)
        await house.become(second, StreamStatus.DISABLED)
        erika = await a_person(house.world)
        await erika.change_number(NEW)
        await house.send()
        heard = (list(paused.got), list(disabled.got))

        await house.become(first, StreamStatus.ENABLED)
        await house.become(second, StreamStatus.ENABLED)
        await house.send()

        assert heard == ([], [])
        assert types(await verified(house, paused.got)) == CHANGED
        assert disabled.got == []


async def test_a_token_that_is_refused_for_good_goes_and_one_that_can_be_mended_waits(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        erika = await a_person(house.world)
        await freeze(house, erika)
        listener.answer = answering(400, body=REFUSED % "invalid_audience")
        await house.send()
        kept = await count(house.world, "security_event")
        listener.answer = answering(400, body=REFUSED % "invalid_request")
        house.world.clock.move(seconds=WAITS[0].total_seconds())
        await house.send()

        assert kept > 0
        assert await count(house.world, "security_event") == 0
        assert {result for _, result in house.results} == {"retry", "given_up"}


async def test_several_senders_at_once_push_each_token_once_and_in_its_order(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        for number in range(3):
            await freeze(house, await a_person(house.world, f"erika-{number}@example.com", None))
        await house.publish()
        senders = [a_sender(house, claimant=f"sender {number}") for number in range(4)]
        await asyncio.gather(*(sender.drain() for sender in senders))
        await asyncio.gather(*(sender.close() for sender in senders))
        tokens = await verified(house, listener.got)

        assert len({token["jti"] for token in tokens}) == len(tokens) > 3
        assert [kind for kind in types(tokens) if kind == "account-disabled"] == ["account-disabled"] * 3
        assert await count(house.world, "security_event") == 0


async def test_what_a_sender_had_claimed_when_it_was_killed_is_pushed_by_another(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        await freeze(house, await a_person(house.world))
        await house.publish()
        pushes, now = StreamPushes(house.world.database, house.world.keys), house.world.clock.time
        (claimed,) = await pushes.claim({"shop"}, 10, "killed", now=now, until=now + QUICK.claim_for)
        waiting = await pushes.first(claimed)
        await house.sender.drain()
        assert listener.got == []

        house.world.clock.move(seconds=QUICK.claim_for.total_seconds())
        await house.sender.drain()
        late = await pushes.taken(claimed, waiting[0], now)

        assert [token["jti"] for token in await verified(house, listener.got)] == [one.set_id for one in waiting]
        assert late is None, "whoever comes back too late settles nothing"


async def test_a_stream_that_no_key_opens_holds_up_no_other(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house, receiving() as lost, receiving() as listener:
        broken = await house.pushed_to(lost)
        await house.pushed_to(listener)
        await change(
            house.world, "UPDATE stream SET content = :other WHERE stream_id = :id", other=b"x", id=broken.stream_id
        )
        await freeze(house, await a_person(house.world))
        await house.send()

        assert listener.got
        assert lost.got == []


async def test_a_key_that_left_the_joins_file_hears_nothing_more(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        erika = await a_person(house.world)
        await freeze(house, erika)
        await house.publish()
        without = replace(KEY, scopes=frozenset())
        assert isinstance(house.world.services.joins, StandingJoins)
        house.world.services.joins.joins = Joins(api_keys=(without,))
        await house.sender.drain()
        before = await count(house.world, "event")
        await release_by_operator(house.world.services, NOWHERE, erika.account_id, "found")

        assert listener.got == []
        assert await count(house.world, "event") == before, "nothing is written that nobody hears"


async def test_a_database_that_is_away_between_a_push_and_its_record_makes_no_second_push(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        house.sender._ports.pushes.taken = taken = Away(house.sender._ports.pushes.taken)  # type: ignore[assignment, method-assign]
        await freeze(house, await a_person(house.world))
        await house.send()
        house.world.clock.time += QUICK.claim_for
        await house.send()
        tokens = await verified(house, listener.got)

        assert taken.asked == len(tokens) + 2
        assert len({token["jti"] for token in tokens}) == len(tokens) > 1
        assert await count(house.world, "security_event") == 0


async def test_a_database_that_is_away_after_a_refused_push_makes_no_second_push(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        await house.pushed_to(listener)
        listener.answer = answering(503)
        house.sender._ports.pushes.failed = failed = Away(house.sender._ports.pushes.failed)  # type: ignore[assignment, method-assign]
        await freeze(house, await a_person(house.world))
        await house.send()

        assert (failed.asked, len(listener.got)) == (3, 1)
        assert set(house.results) == {("stream of shop", "retry")}
