"""The rules of SSF 1.0 8.1.1.3 to 8.1.4.1, as receivers meet them that were written by others."""

from typing import Any

import pytest
from sqlalchemy import text

from renumber.store.database.open import Statement
from renumber.store.streams.streams import StoredStreams
from tests.observability.service import BASE
from tests.web.api.operator_program import Program
from tests.web.api.test_streams import DISABLED, PURGED, PUSH, Receiver


async def header_of(receiver: Receiver) -> str:
    """Read the header that goes with each push, as the sender does."""
    parts = receiver.program.parts
    found = await StoredStreams(parts.database, parts.keys).find(receiver.key, receiver.stream_id)
    assert found is not None
    return found.authorization_header


async def change(receiver: Receiver, method: str = "PATCH", **sent: object) -> Any:
    return await receiver.call(method, "/streams", {"stream_id": receiver.stream_id, **sent})


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_what_was_read_may_be_sent_back_in_any_order(sqlite_program: Program, method: str) -> None:
    receiver = Receiver(sqlite_program)
    read = await receiver.create(delivery=PUSH, description="of the shop", events_requested=[DISABLED, PURGED])
    lists = {name: list(reversed(read[name])) for name in read if name.startswith("events_")}

    answer = await receiver.call(method, "/streams", {**read, **lists, "aud": [read["aud"]]})

    assert (answer.status_code, answer.json()) == (200, read)


@pytest.mark.parametrize(
    "sent",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": ["signals", "somebody else"]},
        {"aud": []},
        {"events_supported": [DISABLED]},
        {"events_delivered": [DISABLED, PURGED]},
        {"min_verification_interval": 61},
        {"inactivity_timeout": 3600},
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_what_the_transmitter_decides_is_refused_if_it_is_sent_otherwise(
    sqlite_program: Program, method: str, sent: dict[str, object]
) -> None:
    receiver = Receiver(sqlite_program)
    made = await receiver.create(events_requested=[DISABLED])

    answer = await change(receiver, method, events_requested=[PURGED], **sent)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert next(iter(sent)) in answer.json()["detail"]
    assert (await receiver.call("GET", "/streams")).json() == [made]


async def test_the_header_of_pushes_stays_with_its_address_and_goes_to_no_other(sqlite_program: Program) -> None:
    receiver = Receiver(sqlite_program)
    read = await receiver.create(delivery=PUSH)
    headers = []

    for method, delivery in (
        ("PATCH", read["delivery"]),
        ("PATCH", {**read["delivery"], "endpoint_url": "https://elsewhere.example/events"}),
        ("PATCH", PUSH),
        ("PATCH", {**PUSH, "authorization_header": ""}),
        ("PATCH", PUSH),
        ("PUT", read["delivery"]),
    ):
        assert (await change(receiver, method, delivery=delivery)).status_code == 200
        headers.append(await header_of(receiver))

    assert headers == ["Bearer s", "", "Bearer s", "", "Bearer s", ""]


@pytest.mark.parametrize("named", ["0" * 32, "s" * 65, "s" * 500, r"no such\u0000stream", "\U0001f4e1"])
async def test_a_stream_that_there_is_not_is_unknown_however_it_is_named(program: Program, named: str) -> None:
    receiver = Receiver(program)
    await receiver.create()
    query = f"?stream_id={''.join(f'%{byte:02x}' for byte in named.encode())}"
    subject = {"format": "iss_sub", "iss": BASE, "sub": "0" * 32}

    answers = [
        await receiver.call("GET", f"/streams{query}"),
        await receiver.call("DELETE", f"/streams{query}"),
        await receiver.call("GET", f"/status{query}"),
        await receiver.call("PATCH", "/streams", {"stream_id": named}),
        await receiver.call("PUT", "/streams", {"stream_id": named}),
        await receiver.call("POST", "/status", {"stream_id": named, "status": "paused"}),
        await receiver.call("POST", "/verification", {"stream_id": named}),
        await receiver.call("POST", "/subjects/add", {"stream_id": named, "subject": subject}),
        await receiver.call("POST", "/subjects/remove", {"stream_id": named, "subject": subject}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "stream_unknown")] * 9


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/streams", None),
        ("GET", "/status", None),
        ("PATCH", "/streams", {"description": "which?"}),
        ("PUT", "/streams", {"description": "which?"}),
        ("POST", "/status", {"status": "paused"}),
        ("POST", "/verification", {}),
        ("POST", "/subjects/add", {"subject": {}}),
    ],
)
async def test_the_only_stream_has_to_be_named_too(
    sqlite_program: Program, method: str, path: str, body: object
) -> None:
    receiver = Receiver(sqlite_program)
    made = await receiver.create()

    answer = await receiver.call(method, path, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert (await receiver.call("GET", "/streams")).json() == [made]


async def test_a_state_comes_back_as_it_was_given_also_if_it_is_empty_or_none(program: Program) -> None:
    receiver = Receiver(program)
    for state in ({"state": ""}, {"state": r"a\u0000b \U0001f4e1"}, {}):
        await receiver.create()
        asked = await receiver.call("POST", "/verification", {"stream_id": receiver.stream_id, **state})
        [claims] = (await receiver.poll())["sets"].values()

        assert asked.status_code == 204
        assert list(claims["events"].values()) == [state]


async def test_a_verification_of_a_stream_that_is_paused_waits_and_of_one_that_is_disabled_there_is_none(
    sqlite_program: Program,
) -> None:
    receiver = Receiver(sqlite_program)
    await receiver.create()
    about = {"stream_id": receiver.stream_id}

    await receiver.call("POST", "/status", {**about, "status": "disabled"})
    disabled = await receiver.call("POST", "/verification", about)
    await receiver.call("POST", "/status", {**about, "status": "paused"})
    paused = await receiver.call("POST", "/verification", about)
    during = await receiver.types()
    await receiver.call("POST", "/status", {**about, "status": "enabled"})

    assert (disabled.status_code, disabled.json()["code"]) == (400, "invalid_request")
    assert (paused.status_code, during) == (204, [])
    assert [kind.rpartition("/")[2] for kind in await receiver.types()] == ["verification"]


async def test_an_account_is_named_alone_or_as_the_user_of_a_complex_subject(program: Program) -> None:
    receiver = Receiver(program)
    await receiver.create(events_requested=[DISABLED])
    account_id = await program.entered()
    user = {"format": "iss_sub", "iss": BASE, "sub": account_id}
    stream = {"format": "opaque", "id": receiver.stream_id}

    def about(subject: object) -> dict[str, object]:
        return {"stream_id": receiver.stream_id, "subject": subject}

    removed = await receiver.call("POST", "/subjects/remove", about({"format": "complex", "user": user}))
    left_out = await program.parts.database.fetch(Statement(text("SELECT account_id FROM stream_left_out")))
    others = [
        await receiver.call("POST", "/subjects/remove", about(subject))
        for subject in (
            {"format": "complex", "user": user, "session": stream},  # more than we can leave out
            {"format": "complex", "user": "x"},
            {"format": "complex"},
            {"user": user},
            stream,  # the stream itself is never left out of it
        )
    ]

    assert (removed.status_code, [row["account_id"] for row in left_out]) == (204, [account_id])
    assert [answer.status_code for answer in others] == [400] * 5


async def test_a_text_that_no_database_keeps_is_refused_wherever_it_stands(program: Program) -> None:
    receiver = Receiver(program)
    await receiver.create()
    about, sub = {"stream_id": receiver.stream_id}, {"format": "iss_sub", "iss": BASE, "sub": "a\x00b"}

    answers = [
        await receiver.call("GET", "/streams?stream_id=a%00b"),
        await receiver.call("DELETE", "/streams?stream_id=a%00b"),
        await receiver.call("PATCH", "/streams", {"stream_id": "a\x00b"}),
        await receiver.call("POST", "/status", {"stream_id": "a\\\x00", "status": "paused"}),
        await receiver.call("POST", "/subjects/add", {**about, "subject": sub}),
        await receiver.call("POST", "/subjects/remove", {**about, "subject": sub}),
        await receiver.call("POST", f"/streams/{receiver.stream_id}/poll", {"ack": ["a\x00b"]}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "invalid_request")] * 7
