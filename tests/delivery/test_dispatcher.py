"""Claim, send, settle: nothing is lost, nothing goes out twice, nothing goes out late."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from renumber.delivery.backoff import Backoff
from renumber.delivery.channel import Fault, Rendered, RenderedMail, RenderedSms
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.failover import Gateways
from renumber.delivery.loop import Pace
from renumber.delivery.ports import Claimed, Dead, Expired, Result, Sent, Settlement
from renumber.domain.messages.message import Channel, Message, Notice
from tests.delivery.builders import (
    NOON,
    Away,
    MemoryOutbox,
    ScriptedGateway,
    SetClock,
    a_message,
    a_renderer,
    a_text,
    lasting,
    passing,
)

QUICK = Pace(poll_for=timedelta(seconds=0.05), stop_for=timedelta(seconds=0.2))


class House:
    """A dispatcher and all that it works with."""

    def __init__(self, *messages: Message, outbox: MemoryOutbox | None = None, pace: Pace = QUICK) -> None:
        self.outbox = outbox or MemoryOutbox(*messages)
        self.clock = SetClock()
        self.mail = ScriptedGateway("mail")
        self.first, self.second = ScriptedGateway("first"), ScriptedGateway("second")
        self.results: list[tuple[Channel, Notice, Result]] = []
        self.dispatcher = Dispatcher(
            self.outbox,
            a_renderer(),
            Gateways(mail=[self.mail], sms=[self.first, self.second]),
            clock=self.clock,
            observe=lambda *result: self.results.append(result),
            backoff=Backoff(lambda: 0.5, attempts=4),
            claimant="here",
            pace=pace,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.dispatcher.run())
        yield
        await stop(task)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class SlowGateway(ScriptedGateway):
    """Takes a message only when it is let."""

    def __init__(self) -> None:
        super().__init__("slow")
        self.let = asyncio.Event()
        self.most_at_once = self.now = 0

    async def send(self, rendered: RenderedMail | RenderedSms, /) -> None:
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        await self.let.wait()
        self.now -= 1
        await super().send(rendered)


async def until(condition: Callable[[], object], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is no event of ours
            await asyncio.sleep(0.005)


async def test_a_message_is_sent_once_and_settled() -> None:
    message = a_message()
    house = House(message)

    await house.dispatcher.drain()
    await house.dispatcher.drain()

    assert [mail.message_id for mail in house.mail.taken] == [message.message_id]
    assert house.outbox.of(message).settlement == Sent("mail")
    assert house.results == [(Channel.EMAIL, Notice.NUMBER_RESET, Result.SENT)]


async def test_what_the_operator_has_to_mend_is_tried_on_and_counted_and_logged_as_such_at_once() -> None:
    message = a_message()
    house = House(message)
    house.mail.faults = [Fault(permanent=False, reason="relay access denied", needs_operator=True)]

    with structlog.testing.capture_logs() as lines:
        await house.dispatcher.drain()
    (retry,) = house.outbox.of(message).retries

    assert retry.needs_operator
    assert house.results == [(Channel.EMAIL, Notice.NUMBER_RESET, Result.BLOCKED)]
    assert [(line["log_level"], line["result"]) for line in lines] == [("error", "blocked")]


async def test_each_message_leaves_by_its_own_channel() -> None:
    mail, text = a_message(), a_text()
    house = House(mail, text)

    await house.dispatcher.drain()

    assert [each.message_id for each in house.mail.taken] == [mail.message_id]
    assert [each.message_id for each in house.first.taken] == [text.message_id]


async def test_two_dispatchers_at_once_send_each_message_once() -> None:
    outbox = MemoryOutbox(*(a_text() for _ in range(60)))
    houses = [House(outbox=outbox) for _ in range(3)]

    await asyncio.gather(*(house.dispatcher.drain() for house in houses))

    sent = [sms.message_id for house in houses for sms in house.first.taken]
    assert sorted(sent) == sorted(outbox.kept)


async def test_what_a_dead_dispatcher_had_claimed_is_sent_when_the_claim_lapses() -> None:
    message = a_message()
    house = House(message)
    await house.outbox.claim(10, "killed", now=NOON, until=NOON + timedelta(seconds=60))

    await house.dispatcher.drain()
    assert not house.mail.taken
    house.clock.pass_by(timedelta(seconds=60))
    await house.dispatcher.drain()

    assert [mail.message_id for mail in house.mail.taken] == [message.message_id]


async def test_a_dispatcher_whose_claim_has_lapsed_does_not_overwrite_the_outcome_of_another() -> None:
    message = a_message()
    house = House(message)

    class Robbed(ScriptedGateway):
        async def send(self, _rendered: Rendered, /) -> None:
            later = NOON + timedelta(hours=1)
            (other,) = await house.outbox.claim(1, "other", now=later, until=later + timedelta(seconds=60))
            await house.outbox.settle(other, Sent("other"), later)

    house.mail.send = Robbed().send  # type: ignore[method-assign]  # a gateway that is overtaken

    await house.dispatcher.drain()

    assert house.outbox.of(message).settlement == Sent("other")
    assert house.results == [(Channel.EMAIL, Notice.NUMBER_RESET, Result.LOST)]


async def test_a_fault_that_may_pass_is_tried_again_after_a_wait_that_doubles_and_jitters() -> None:
    message = a_message()
    house = House(message)
    house.mail.faults = [passing(), passing()]

    await house.dispatcher.drain()
    first = house.outbox.of(message).retries[0].at
    house.clock.pass_by(timedelta(seconds=0.9))
    await house.dispatcher.drain()
    house.clock.pass_by(timedelta(seconds=0.1))
    await house.dispatcher.drain()

    assert first == NOON + timedelta(seconds=1)  # half of 2 s
    assert house.outbox.of(message).retries[1].at == house.clock.now() + timedelta(seconds=2)  # half of 4 s
    assert house.mail.asked == 2
    assert [result for *_, result in house.results] == [Result.RETRY, Result.RETRY]


async def test_a_lasting_fault_makes_a_dead_letter_at_once() -> None:
    message = a_text()
    house = House(message)
    house.first.faults = [lasting("first: answered 400")]

    await house.dispatcher.drain()

    assert house.outbox.of(message).settlement == Dead("first: answered 400")
    assert [result for *_, result in house.results] == [Result.DEAD]


async def test_the_last_attempt_makes_a_dead_letter_with_its_reason() -> None:
    message = a_message()
    house = House(message)
    house.mail.faults = [passing("the server is down")] * 9

    for _ in range(9):
        await house.dispatcher.drain()
        house.clock.pass_by(timedelta(hours=2))

    assert house.mail.asked == 4
    assert house.outbox.of(message).settlement == Dead("given up: the server is down")


async def test_an_expired_code_is_never_sent_late() -> None:
    message = a_message(Notice.SIGN_IN_CODE, channel=Channel.SMS, expires_at=NOON + timedelta(minutes=10))
    house = House(message)
    house.first.faults, house.second.faults = [passing()], [passing()]

    await house.dispatcher.drain()
    house.clock.pass_by(timedelta(minutes=10))
    await house.dispatcher.drain()

    assert (house.first.taken, house.second.taken) == ([], [])
    assert house.outbox.of(message).settlement == Expired()
    assert house.results[-1] == (Channel.SMS, Notice.SIGN_IN_CODE, Result.EXPIRED)


async def test_a_code_is_sent_up_to_its_last_second() -> None:
    message = a_message(Notice.SIGN_IN_CODE, channel=Channel.SMS, expires_at=NOON + timedelta(seconds=1))
    house = House(message)

    await house.dispatcher.drain()

    assert len(house.first.taken) == 1


async def test_a_busy_provider_is_replaced_by_the_next_in_the_same_attempt() -> None:
    message = a_text()
    house = House(message)
    house.first.faults = [passing()]

    await house.dispatcher.drain()

    assert house.outbox.of(message).settlement == Sent("second")
    assert house.outbox.of(message).attempts == 1


async def test_a_number_refused_for_good_is_not_tried_at_the_next_provider() -> None:
    message = a_text()
    house = House(message)
    house.first.faults = [lasting()]

    await house.dispatcher.drain()

    assert house.second.asked == 0


async def test_when_every_provider_is_busy_the_retry_waits_as_long_as_the_soonest_asks() -> None:
    message = a_text()
    house = House(message)
    house.first.faults = [passing("first: 429", retry_after=timedelta(seconds=300))]
    house.second.faults = [passing("second: 429", retry_after=timedelta(seconds=90))]

    await house.dispatcher.drain()

    (retry,) = house.outbox.of(message).retries
    assert retry.at == NOON + timedelta(seconds=90)
    assert retry.reason == "first: 429; second: 429"


async def test_the_outbox_can_name_the_provider_to_ask_first() -> None:
    message = a_text()
    house = House(message)
    house.outbox.of(message).provider = 1

    await house.dispatcher.drain()

    assert (house.first.asked, house.second.asked) == (0, 1)


async def test_without_a_gateway_messages_wait_and_say_why() -> None:
    message = a_text()
    house = House(message)
    house.dispatcher._gateways = Gateways()

    await house.dispatcher.drain()

    (retry,) = house.outbox.of(message).retries
    assert retry.reason == "no gateway is set up for this channel"


async def test_a_mistake_of_ours_loses_no_message_and_logs_no_address() -> None:
    message = a_message()
    house = House(message)
    house.mail.faults = [ValueError(f"{message.to} could not be parsed")]

    with structlog.testing.capture_logs() as logs:
        await house.dispatcher.drain()

    (retry,) = house.outbox.of(message).retries
    assert retry.reason == "mail: unexpected ValueError"
    assert message.to not in str(logs)
    assert {entry["message_id"] for entry in logs} == {message.message_id}


async def test_a_broken_message_does_not_hold_up_the_others() -> None:
    broken, fine = a_message(at="not a time"), a_message()
    house = House(broken, fine)

    await house.dispatcher.drain()

    assert house.outbox.of(fine).settlement == Sent("mail")
    assert house.outbox.of(broken).retries[0].reason == "unexpected ValueError"


async def test_no_log_line_holds_a_number_an_address_a_code_or_a_token() -> None:
    messages = [a_text(Notice.SIGN_IN_CODE), a_message(Notice.CHANGE_REQUESTED), a_text(Notice.NUMBER_RESET)]
    house = House(*messages)
    house.first.faults = [lasting(), passing()]

    with structlog.testing.capture_logs() as logs:
        await house.dispatcher.drain()

    assert len(logs) == 3
    for secret in ("4915112345001", "erika", "042317", "hN3xQ0v9Zk2mT7aWcR5eLg", "203.0.113.7", "Muster"):
        assert secret not in str(logs)


async def test_no_more_is_claimed_than_can_be_sent_at_once() -> None:
    house = House(*(a_message() for _ in range(12)), pace=Pace(at_once=3, poll_for=timedelta(seconds=0.05)))
    slow = SlowGateway()
    house.dispatcher._gateways = Gateways(mail=[slow])

    async with house.running():
        await until(lambda: slow.now == 3)
        held = [kept for kept in house.outbox.kept.values() if kept.claim]
        slow.let.set()
        await until(lambda: len(slow.taken) == 12)

    assert len(held) == 3
    assert slow.most_at_once == 3


async def test_a_new_message_is_found_by_polling() -> None:
    house = House()

    async with house.running():
        await asyncio.sleep(0.02)
        house.outbox.add(a_message())
        await until(lambda: house.mail.taken)


async def test_waking_sends_at_once_instead_of_at_the_next_poll() -> None:
    house = House(pace=Pace(poll_for=timedelta(seconds=60)))

    async with house.running():
        await asyncio.sleep(0.02)
        house.outbox.add(a_message())
        house.dispatcher.wake()
        await until(lambda: house.mail.taken, seconds=2)


async def test_a_message_that_falls_due_leaves_with_the_next_poll() -> None:
    message = a_message()
    house = House(message, pace=Pace(poll_for=timedelta(seconds=0.1)))
    house.outbox.of(message).due_at = NOON + timedelta(seconds=0.2)

    async with house.running():
        await asyncio.sleep(0.05)
        house.clock.pass_by(timedelta(seconds=1))
        await until(lambda: house.mail.taken, seconds=2)


async def test_stopping_lets_a_send_under_way_finish() -> None:
    message = a_message()
    house = House(message, pace=Pace(stop_for=timedelta(seconds=5)))
    slow = SlowGateway()
    house.dispatcher._gateways = Gateways(mail=[slow])

    running = asyncio.create_task(house.dispatcher.run())
    await until(lambda: slow.now == 1)
    asyncio.get_running_loop().call_later(0.05, slow.let.set)
    await stop(running)

    assert house.outbox.of(message).settlement == Sent("slow")
    assert slow.is_closed


async def test_stopping_gives_back_what_could_not_be_sent() -> None:
    message = a_message()
    house = House(message)
    slow = SlowGateway()
    house.dispatcher._gateways = Gateways(mail=[slow])

    async with house.running():
        await until(lambda: slow.now == 1)

    kept = house.outbox.of(message)
    assert (kept.claim, kept.claimed_until, kept.settlement, kept.attempts) == ("", None, None, 0)


class SlowOutbox(MemoryOutbox):
    """Has committed a claim before it says so, as a database at the other end of a wire does."""

    async def claim(self, *args: object, **kwargs: object) -> list[Claimed]:
        claimed = list(await super().claim(*args, **kwargs))  # type: ignore[arg-type]  # passed on as they come
        await asyncio.sleep(0.1)
        return claimed


async def test_a_stop_while_messages_are_claimed_leaves_none_claimed() -> None:
    message = a_message()
    house = House(message, outbox=SlowOutbox(message), pace=Pace(stop_for=timedelta(seconds=5)))

    async with house.running():
        await until(lambda: house.outbox.of(message).claim)

    assert house.outbox.of(message).settlement == Sent("mail")
    assert house.mail.is_closed


async def test_a_send_is_given_up_before_its_claim_lapses() -> None:
    message = a_message()
    house = House(message, pace=Pace(send_for=timedelta(seconds=0.05)))
    house.dispatcher._gateways = Gateways(mail=[SlowGateway()])

    await house.dispatcher.drain()

    assert Pace().send_for < Pace().claim_for
    assert house.outbox.of(message).retries[0].reason == "unexpected TimeoutError"


class FlakyOutbox(MemoryOutbox):
    """Is away for the first calls, as a database is while it restarts."""

    down_for = 2

    async def claim(self, *args: object, **kwargs: object) -> list[Claimed]:
        self._fail()
        return list(await super().claim(*args, **kwargs))  # type: ignore[arg-type]  # passed on as they come

    async def settle(self, *args: object) -> bool:
        self._fail()
        return await super().settle(*args)  # type: ignore[arg-type]  # passed on as they come

    def _fail(self) -> None:
        self.down_for -= 1
        if self.down_for >= 0:
            raise ConnectionError("host=10.0.0.7 password=hunter2")


async def test_a_database_that_is_away_does_not_end_the_dispatcher_and_its_words_are_not_logged() -> None:
    message = a_message()
    house = House(outbox=FlakyOutbox(message))

    with structlog.testing.capture_logs() as logs:
        async with house.running():
            await until(lambda: house.mail.taken)

    told = [entry["event"] for entry in logs if entry["event"].startswith("outbox_")]
    assert told == ["outbox_unreachable", "outbox_reachable_again"], "once each, however long it lasts"
    assert "hunter2" not in str(logs)


@pytest.mark.parametrize("outcome", [Sent("mail"), Dead("no such mailbox")])
async def test_a_database_that_is_away_between_a_send_and_its_settling_makes_no_second_send(
    outcome: Settlement,
) -> None:
    message = a_message()
    house = House(message)
    house.mail.faults = [] if isinstance(outcome, Sent) else [lasting("no such mailbox")]
    house.outbox.settle = settling = Away(house.outbox.settle)  # type: ignore[assignment, method-assign]

    with structlog.testing.capture_logs() as logs:
        await house.dispatcher.drain()
    house.clock.pass_by(Pace().claim_for)
    await house.dispatcher.drain()

    assert (settling.asked, house.mail.asked) == (3, 1)
    assert house.outbox.of(message).settlement == outcome
    assert [entry["event"] for entry in logs] == ["message_settled"]


async def test_what_could_not_be_settled_for_as_long_as_its_claim_leads_to_the_same_message_again_not_to_a_new_one(
) -> None:  # fmt: skip
    message = a_message()
    house = House(
        message, pace=replace(QUICK, poll_for=timedelta(milliseconds=5), claim_for=timedelta(milliseconds=20))
    )
    house.outbox.settle = settling = Away(house.outbox.settle, times=10_000)  # type: ignore[assignment, method-assign]

    with structlog.testing.capture_logs() as logs:
        await house.dispatcher.drain()
    settling.times = 0
    house.clock.pass_by(Pace().claim_for)
    await house.dispatcher.drain()

    [unsettled] = logs
    assert (unsettled["event"], unsettled["message_id"]) == ("message_unsettled", message.message_id)
    assert [mail.message_id for mail in house.mail.taken] == [message.message_id] * 2
    assert house.outbox.of(message).settlement == Sent("mail")


async def test_a_stop_settles_what_was_sent_before_its_claim_is_given_back() -> None:
    message = a_message()
    house = House(message, pace=replace(QUICK, poll_for=timedelta(hours=1)))
    house.outbox.settle = settling = Away(house.outbox.settle, times=1)  # type: ignore[assignment, method-assign]

    async with house.running():
        await until(lambda: settling.asked)

    assert house.outbox.of(message).settlement == Sent("mail")


@pytest.mark.parametrize(("attempts", "ceiling"), [(0, 2), (1, 4), (5, 64), (40, 3600)])
def test_the_wait_is_spread_over_the_whole_of_a_growing_span(attempts: int, ceiling: int) -> None:
    shortest, longest = Backoff(lambda: 0.0), Backoff(lambda: 1.0)

    assert shortest.wait_for(attempts, None) == timedelta()
    assert longest.wait_for(attempts, None) == timedelta(seconds=ceiling)


def test_no_gateway_can_ask_for_more_than_the_longest_wait() -> None:
    assert Backoff(lambda: 0.0).wait_for(0, timedelta(days=400)) == timedelta(hours=1)


def test_settlements_tell_no_more_than_they_must() -> None:
    settlement: Settlement = Dead("the mail server refused: 550")

    assert "@" not in repr(settlement)
    assert "erika" not in repr(a_message())
