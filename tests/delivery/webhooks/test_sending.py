"""Events reach webhooks: signed, once, as far as each one hears them, and again as long as it is worth it."""

import asyncio
import json
from base64 import b64encode
from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from renumber.clock import SystemClock
from renumber.delivery.receivers import AT_ONCE_TO_ONE, PACE
from renumber.policies.events.webhooks import WAITS, Delivered
from renumber.policies.joins import Joins, Webhook
from renumber.store.database.interface import counting
from renumber.store.records.mapper import ms
from tests.builders import NEW, OLD
from tests.delivery.builders import Away
from tests.delivery.webhooks.house import OTHER_SECRET, SECRET, House, a_house, a_sender, hook, types
from tests.delivery.webhooks.receiver import answering, receiving
from tests.flows.factors.totp import add_app
from tests.flows.person import a_person
from tests.flows.world import START
from tests.store.hands_on import everything


async def deliveries(house: House) -> list[dict[str, Any]]:
    """Every delivery as it is kept."""
    return (await everything(house.world))["webhook_delivery"]


def verifier(secret: bytes) -> Verifier:
    """What a receiver checks signatures with."""
    return Verifier(f"whsec_{b64encode(secret).decode()}")


async def test_a_changed_number_is_told_once_signed_with_both_secrets_and_without_the_number(database_url: str) -> None:
    async with receiving() as receiver:
        shop = hook(receiver, events=("phone_number.changed",), secrets=(SECRET, OTHER_SECRET))
        async with a_house(database_url, shop) as house:
            house.world.clock.time = SystemClock().now()
            erika = await a_person(house.world)
            await erika.change_number(NEW)

            await house.send()
            await house.send()

    (got,) = receiver.got
    for secret in (SECRET, OTHER_SECRET):
        said = verifier(secret).verify(got.body, got.headers)
        assert said["type"] == "phone_number.changed"
        assert set(said["data"]) == {"account_id", "change_id", "hold_until"}
        assert said["data"]["account_id"] == erika.account_id
    assert OLD.e164.encode() not in got.body
    assert NEW.e164.encode() not in got.body


async def test_each_webhook_hears_what_it_asked_for_and_numbers_only_where_the_operator_lets_it(
    sqlite_url: str,
) -> None:
    async with receiving() as one, receiving() as other:
        numbers = hook(one, "numbers", events=("phone_number.*", "account.created"), include_number=True)
        factors = hook(other, "factors", events=("factor.*", "phone_number.changed"))
        async with a_house(sqlite_url, numbers, factors) as house:
            erika = await a_person(house.world)
            await erika.change_number(NEW)
            await add_app(erika)

            await house.send()

    assert sorted(types(one.got)) == ["account.created", "phone_number.changed", "phone_number.reset"]
    assert sorted(types(other.got)) == ["factor.added", "phone_number.changed"]
    said = [json.loads(each.body) for each in one.got]
    created, changed, reset = (each["data"] for each in sorted(said, key=itemgetter("type")))
    assert created["phone_number"] == OLD.e164
    assert reset["former_phone_number"] == OLD.e164
    assert "phone_number" not in reset
    assert (changed["phone_number"], changed["former_phone_number"]) == (NEW.e164, OLD.e164)
    for number in (OLD, NEW):
        assert number.e164.encode() not in b"".join(each.body for each in other.got)


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (answering(200, body="x" * 1000), "delivered", None),
        (answering(410), "given_up", "answered 410"),
        (answering(400), "waiting", "answered 400"),
        (answering(301, "Location: http://127.0.0.1:{port}/elsewhere"), "waiting", "answered 301"),
        (answering(500, body="number +4915123456789"), "waiting", "answered 500"),
        (b"nonsense\r\n\r\n", "waiting", "webhook: no answer (RemoteProtocolError)"),
        (b"", "waiting", "webhook: no answer (RemoteProtocolError)"),
    ],
)
async def test_an_answer_ends_a_delivery_or_lets_it_wait(
    sqlite_url: str, answer: bytes, state: str, reason: str | None
) -> None:
    async with receiving() as receiver, a_house(sqlite_url, hook(receiver, events=("account.created",))) as house:
        receiver.answer = answer.replace(b"{port}", str(receiver.port).encode())
        await a_person(house.world)

        await house.send()

        (row,) = await deliveries(house)
        assert (row["state"], row["outcome"], row["attempts"]) == (state, reason, 1)
        assert [each.path for each in receiver.got] == ["/hooks"]


async def test_a_receiver_that_is_away_hears_the_same_again_for_three_days_and_not_longer(sqlite_url: str) -> None:
    async with receiving() as receiver, a_house(sqlite_url, hook(receiver, events=("account.created",))) as house:
        receiver.answer = answering(503)
        await a_person(house.world)
        began = house.world.clock.time

        for wait in (timedelta(0), *WAITS):
            house.world.clock.time += wait
            await house.send()
        await house.send()

        (row,) = await deliveries(house)
        assert (row["state"], row["attempts"]) == ("given_up", 10)
        assert timedelta(days=3) <= house.world.clock.time - began <= timedelta(days=4)
        assert len({(got.headers["webhook-id"], got.body) for got in receiver.got}) == 1
        assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 10


async def test_a_receiver_is_left_alone_as_long_as_it_asks_for_but_no_longer_than_a_day(sqlite_url: str) -> None:
    async with receiving() as receiver, a_house(sqlite_url, hook(receiver, events=("account.created",))) as house:
        receiver.answer = answering(429, "Retry-After: 3600")
        await a_person(house.world)
        await house.send()
        (asked,) = await deliveries(house)
        house.world.clock.move(hours=1)
        receiver.answer = answering(503, "Retry-After: 99999999")
        await house.send()
        (too_much,) = await deliveries(house)

    assert asked["due_at"] == ms(START + timedelta(hours=1))
    assert too_much["due_at"] == ms(START + timedelta(hours=25))


async def test_a_webhook_that_is_gone_is_switched_off_until_the_operator_switches_it_on(database_url: str) -> None:
    async with receiving() as receiver, a_house(database_url, hook(receiver, events=("account.created",))) as house:
        receiver.answer = answering(410)
        await a_person(house.world, "one@example.com")
        await house.send()
        await a_person(house.world, "two@example.com")
        await house.send()
        off = await house.switches.off_since()
        again = await house.switches.switch_off("shop", house.world.clock.time, "answered 410")
        receiver.answer = answering(204)
        await house.switches.switch_on("shop")
        await a_person(house.world, "three@example.com")
        await house.send()

    assert off == {"shop": START}
    assert not again
    assert house.results == [("shop", "switched_off"), ("shop", "given_up"), ("shop", "delivered")]
    assert len(receiver.got) == 2


async def test_a_silent_receiver_holds_up_no_other(sqlite_url: str) -> None:
    async with receiving() as silent, receiving() as quick:
        hooks = [hook(silent, "silent", events=("account.*",)), hook(quick, "quick", events=("account.*",))]
        async with a_house(sqlite_url, *hooks) as house:
            silent.answer = None
            for number in range(12):
                await a_person(house.world, f"p{number}@example.com")
            running = asyncio.create_task(house.sender.run())

            async with asyncio.timeout(5):
                while len(quick.got) < 12:  # noqa: ASYNC110 - the condition is no event of ours
                    await asyncio.sleep(0.01)

            assert len(silent.got) <= AT_ONCE_TO_ONE
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            rows = await deliveries(house)
            assert sorted(row["state"] for row in rows) == ["delivered"] * 12 + ["waiting"] * 12
            assert {row["claim"] for row in rows} == {None}


async def test_what_a_sender_had_claimed_when_it_was_killed_is_sent_by_another(database_url: str) -> None:
    async with receiving() as receiver, a_house(database_url, hook(receiver, events=("account.created",))) as house:
        await a_person(house.world)
        now = house.world.clock.time
        await house.publisher.publish(house.world.services.joins.current().webhooks, now)
        (lost,) = await house.deliveries.claim("shop", 10, "killed", now=now, until=now + PACE.claim_for)

        await house.send()
        before = len(receiver.got)
        now = house.world.clock.time = now + PACE.claim_for
        (again,) = await house.deliveries.claim("shop", 10, "other", now=now, until=now + PACE.claim_for)
        assert not await house.deliveries.settle(lost, Delivered(), now), "its claim has lapsed"
        await house.deliveries.release([again], now)
        await house.send()

        assert (before, len(receiver.got)) == (0, 1)


async def test_several_senders_at_once_send_each_event_once(database_url: str) -> None:
    async with receiving() as receiver, a_house(database_url, hook(receiver, events=("account.created",))) as house:
        senders = [a_sender(house, claimant=name) for name in ("one", "two", "three")]
        for number in range(10):
            await a_person(house.world, f"p{number}@example.com")

        await asyncio.gather(*(sender.drain() for sender in senders))

        ids = [got.headers["webhook-id"] for got in receiver.got]
        assert len(ids) == len(set(ids)) == 10
        for sender in senders:
            await sender.close()


async def test_where_nobody_hears_nothing_is_written_and_nothing_is_asked_of_the_database(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house:
        erika = await a_person(house.world)
        await erika.change_number(NEW)
        with counting() as count:
            await house.send()

        assert count.statements == 0
        assert (await everything(house.world))["event"] == []


async def test_a_change_costs_no_statement_more_with_a_webhook_than_without(database_url: str) -> None:
    costs: list[int] = []
    heard = Joins(webhooks=(Webhook(webhook_id="shop", url="https://shop.example", secrets=(SECRET,)),))
    for joins in (Joins(), Joins(), heard):  # whoever is the first finds less in the database
        async with a_house(database_url, joins=joins) as house:
            erika = await a_person(house.world, f"{len(costs)}@example.com")
            with counting() as count:
                await erika.change_number(NEW)
            costs.append(count.statements)

    assert costs[1] == costs[2]


@pytest.mark.parametrize("status", [204, 503, 410])
async def test_a_database_that_is_away_between_a_send_and_its_settling_makes_no_second_send(
    database_url: str, status: int
) -> None:
    async with receiving() as receiver, a_house(database_url, hook(receiver, events=("account.created",))) as house:
        receiver.answer = answering(status)
        house.deliveries.settle = settling = Away(house.deliveries.settle)  # type: ignore[assignment, method-assign]
        house.switches.switch_off = Away(house.switches.switch_off)  # type: ignore[assignment, method-assign]
        await a_person(house.world)

        await house.send()
        house.world.clock.time += PACE.claim_for
        await house.send()

        assert settling.asked == settling.times + len(receiver.got)
        assert len(receiver.got) == (2 if status == 503 else 1), "after a fault it is due again by then"
