"""What the operator's programs do: by the flows of the command line, named in the history, and once for each key."""

import asyncio
from pathlib import Path

from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.services import Client
from tests.web.api.operator_program import Program, programming

NEW = {"email": "max@example.com", "name": "Max Muster", "number": "+4915123456780", "language": "en"}


async def test_an_account_lives_from_its_creation_to_its_erasure(program: Program) -> None:
    created = await program.post("/accounts", NEW)
    account_id = created.json()["account_id"]
    path = f"/accounts/{account_id}"

    invited = await program.post(f"{path}/invite")
    frozen = await program.post(f"{path}/freeze", {"reason": "reported stolen"})
    again = await program.post(f"{path}/freeze", {"reason": "reported stolen"})
    not_now = await program.post(f"{path}/invite")
    released = await program.post(f"{path}/release", {"reason": "it was found"})
    not_frozen = await program.post(f"{path}/release", {"reason": "it was found", "number": "present"})
    erased = await program.post(f"{path}/erase")
    gone = [await program.get(path), await program.post(f"{path}/erase"), await program.get(f"{path}/standing")]

    assert created.status_code == 201
    assert [one.json() for one in (invited, frozen, released, erased)] == [
        {"account_id": account_id, "state": state} for state in ("active", "frozen", "active", "erased")
    ]
    assert [(one.status_code, one.json()["code"]) for one in (again, not_now, not_frozen)] == [
        (409, "account_frozen"),
        (409, "account_frozen"),
        (409, "account_not_frozen"),
    ]
    assert {one.status_code for one in gone} == {404}
    history = await program.history(account_id)
    assert {evidence for actor, _, evidence in history if actor == "operator"} == {"by billing"}
    assert [act for _, act, _ in history if act in {"account_created", "account_frozen", "account_released"}]


async def test_whoever_asks_again_with_the_same_key_hears_the_same_and_nothing_is_done_twice(program: Program) -> None:
    first = await program.post("/accounts", NEW, idempotency_key="a")

    again = await program.post("/accounts", NEW, idempotency_key="a")
    other_body = await program.post("/accounts", {**NEW, "name": "Eva"}, idempotency_key="a")
    other_path = await program.post(f"/accounts/{first.json()['account_id']}/erase", NEW, idempotency_key="a")
    other_key = await program.post("/accounts", NEW, key="support", idempotency_key="a")
    without = await program.post("/accounts", NEW, idempotency_key="")

    assert (again.status_code, again.content) == (201, first.content)
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_key_reused")
    assert other_path.status_code == 422
    assert (other_key.status_code, other_key.json()["code"]) == (409, "account_exists")
    assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")
    acts = [act for _, act, _ in await program.history(first.json()["account_id"])]
    assert acts == ["account_created", "activation_link_sent"]


async def test_of_requests_at_once_one_is_carried_out(program: Program) -> None:
    account_id = await program.entered()
    path, body = f"/accounts/{account_id}/freeze", {"reason": "stolen"}

    answers = await asyncio.gather(*(program.post(path, body, idempotency_key="once") for _ in range(5)))
    later = await program.post(path, body, idempotency_key="once")

    codes = [answer.json().get("code", "done") for answer in answers]
    assert "done" in codes
    assert set(codes) <= {"done", "request_under_way"}
    assert later.json() == {"account_id": account_id, "state": "frozen"}
    assert [act for _, act, _ in await program.history(account_id)].count("account_frozen") == 1


async def test_what_was_typed_wrongly_is_told_with_its_place_and_nothing_is_made(sqlite_program: Program) -> None:
    wrong = [
        {**NEW, "email": "max"},
        {**NEW, "name": " "},
        {**NEW, "name": "a\u0007"},
        {**NEW, "number": "0151 23456780"},
        {**NEW, "number": "+4930123456"},
        {**NEW, "language": "tlh"},
        {**NEW, "state": "frozen"},
        {**NEW, "number_is_verified": "yes"},
        {"email": "max@example.com"},
        [],
    ]

    answers = [await sqlite_program.post("/accounts", body) for body in wrong]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(422, "not_valid")}
    assert (await sqlite_program.get("/accounts")).json() == {"accounts": [], "next": None}


async def test_accounts_are_found_by_an_address_or_a_number_in_the_body(program: Program) -> None:
    ids = sorted(
        [await program.entered(), await program.entered("eva@example.com"), await program.entered("x@y.de", None)]
    )

    by_email = await program.post("/accounts/search", {"email": "EVA@example.com"})
    by_number = await program.post("/accounts/search", {"number": "+49 151 23456789"})
    nobody = await program.post("/accounts/search", {"email": "nobody@example.com"})
    neither, both = [await program.post("/accounts/search", body) for body in ({}, {"email": "a", "number": "b"})]

    assert [one["email"] for one in by_email.json()["accounts"]] == ["e…@example.com"]
    assert len(by_number.json()["accounts"]) == 2
    assert nobody.json() == {"accounts": [], "next": None}
    assert {neither.status_code, both.status_code} == {422}
    assert sorted(ids) == ids


async def test_pages_go_on_by_a_cursor_that_tells_nothing_and_holds_for_its_key_alone(program: Program) -> None:
    ids = sorted([await program.entered(f"{name}@example.com", None) for name in "abc"])

    first = (await program.get("/accounts?limit=2")).json()
    second = (await program.get(f"/accounts?limit=2&cursor={first['next']}")).json()
    foreign = await program.get(f"/accounts?cursor={first['next']}", key="payments")
    made_up = await program.get(f"/accounts?cursor={ids[0]}")
    beyond = [
        await program.get(f"/accounts?{query}")
        for query in ("limit=0", "limit=101", "limit=x", "page=2", "limit=1&limit=2")
    ]

    assert [one["account_id"] for one in (*first["accounts"], *second["accounts"])] == ids
    assert second["next"] is None
    assert ids[1] not in first["next"]
    assert (foreign.status_code, foreign.json()["code"]) == (400, "cursor_not_valid")
    assert made_up.status_code == 400
    assert {one.status_code for one in beyond} == {422}


async def test_a_key_that_calls_too_often_waits_and_no_other_key_does(database_url: str, tmp_path: Path) -> None:
    async with programming(database_url, tmp_path, api_acts_per_minute="3") as program:
        await call_too_often(program)


async def call_too_often(program: Program) -> None:
    account_id = await program.entered()
    await freeze_by_operator(program.parts.services, Client(), account_id, "stolen")
    path, body = f"/accounts/{account_id}/freeze", {"reason": "stolen"}

    answers = [await program.post(path, body) for _ in range(4)]
    other = await program.post(path, body, key="support")

    assert [one.status_code for one in answers] == [409, 409, 409, 429]
    assert [one.headers["ratelimit"] for one in answers[:3]] == [f'"acts";r={left};t=60' for left in (2, 1, 0)]
    assert answers[0].headers["ratelimit-policy"] == '"acts";q=3;w=60'
    assert 0 < int(answers[3].headers["retry-after"]) <= 60
    assert other.status_code == 409
