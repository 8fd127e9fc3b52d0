"""Programs hear of events by a cursor, in their order, and see what became of deliveries."""

import pytest

from renumber.domain.facts import Fact
from renumber.flows.ports.events import DeliveryRecord
from renumber.policies.events.types import EventType
from renumber.store.events.publish import EventPublisher
from renumber.web.api.operator.events import _delivery
from tests.flows.world import START
from tests.web.api.operator_program import Program

CREATED, FROZEN = EventType.ACCOUNT_CREATED.value, EventType.ACCOUNT_FROZEN.value


async def publish(program: Program) -> None:
    """Let a sender give all events their places."""
    parts = program.parts
    while await EventPublisher(parts.database).publish(parts.services.joins.current().webhooks, parts.clock.now()):
        pass


async def test_whoever_comes_back_with_the_cursor_hears_what_is_new_and_nothing_twice(program: Program) -> None:
    account_id = (await program.post("/accounts", {"email": "a@example.com", "name": "A"})).json()["account_id"]
    await publish(program)
    first = (await program.get("/events")).json()
    nothing = (await program.get(f"/events?cursor={first['next']}")).json()
    await program.post(f"/accounts/{account_id}/freeze", {"reason": "reported stolen"})
    await publish(program)
    later = (await program.get(f"/events?cursor={nothing['next']}")).json()

    assert [(one["type"], one["data"]["account_id"]) for one in first["events"]] == [(CREATED, account_id)]
    assert (nothing["events"], nothing["is_last"]) == ([], True)
    assert FROZEN in [one["type"] for one in later["events"]]
    assert not {one["id"] for one in first["events"]} & {one["id"] for one in later["events"]}
    assert Fact.ACCOUNT_FROZEN in [act for _, act, _ in await program.history(account_id)]


async def test_events_of_some_types_alone_can_be_asked_for(program: Program) -> None:
    account_id = (await program.post("/accounts", {"email": "b@example.com", "name": "B"})).json()["account_id"]
    await program.post(f"/accounts/{account_id}/freeze", {"reason": "reported stolen"})
    await publish(program)

    found = (await program.get(f"/events?types={FROZEN},{EventType.HOLD_ENDED}")).json()["events"]
    unknown = await program.get("/events?types=account.vanished")

    assert {one["type"] for one in found} == {FROZEN}
    assert (unknown.status_code, unknown.json()["code"]) == (422, "not_valid")


@pytest.mark.parametrize("path", ["/events", "/deliveries"])
async def test_a_cursor_of_another_list_or_key_is_none(program: Program, path: str) -> None:
    await program.post("/accounts", {"email": "c@example.com", "name": "C"})
    await program.post("/accounts", {"email": "d@example.com", "name": "D"})
    await publish(program)
    accounts = (await program.get("/accounts?limit=1")).json()["next"]
    events = (await program.get("/events", key="mill")).json()["next"]

    answers = [await program.get(f"{path}?cursor={cursor}") for cursor in (accounts, events, "x")]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(400, "cursor_not_valid")}


async def test_without_webhooks_there_are_no_deliveries(program: Program) -> None:
    assert (await program.get("/deliveries")).json() == {"deliveries": [], "next": None}


def test_a_delivery_that_waits_says_until_when() -> None:
    record = DeliveryRecord(
        cursor="1.a",
        delivery_id="a",
        webhook_id="shop",
        event_id="e",
        account_id="0" * 32,
        state="waiting",
        attempts=1,
        created_at=START,
        due_at=START,
        settled_at=None,
        reason="webhook: answered 500",
    )

    shown = _delivery(record)

    assert (shown.due_at, shown.settled_at, shown.reason) == (START, None, "webhook: answered 500")
