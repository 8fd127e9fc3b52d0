"""Threat: a key that is guessed, lacks a scope, or slips in what it must not set, on every operation there is."""

from typing import Any

import pytest
from sqlalchemy import text

from renumber.domain.account import NOBODIES
from renumber.store.database.open import Statement
from renumber.store.schema import tables
from renumber.web.api.operations.operation import Operation
from renumber.web.api.operations.problems import PROBLEMS
from renumber.web.api.operator import OPERATIONS
from tests.web.api.operator_program import KEYS, Program, shown

ID = "a" * 32
BODIES: dict[str, dict[str, object]] = {
    "create_account": {"email": "max@example.com", "name": "Max Muster"},
    "freeze_account": {"reason": "stolen"},
    "release_account": {"reason": "found"},
    "invite_owner": {},
    "erase_person": {},
    "create_organisation": {"name": "Example GmbH"},
    "set_organisation": {"changes_wait": True},
    "set_membership": {"organisation_id": None},
    "set_administrator": {"is_administrator": True},
    "search_accounts": {"email": "erika@example.com"},
    "create_event_stream": {},
    "update_event_stream": {"stream_id": ID},
    "replace_event_stream": {"stream_id": ID},
    "update_stream_status": {"stream_id": ID, "status": "paused"},
    "add_subject": {"stream_id": ID, "subject": {}},
    "remove_subject": {"stream_id": ID, "subject": {}},
    "request_verification": {"stream_id": ID},
    "poll_stream": {},
    "create_journey": {"account_id": ID, "kind": "change_phone", "return_to": "https://shop.example/number"},
}
COLUMNS = {column.name for table in (tables.account, tables.link, tables.phone_change) for column in table.c}
FOREIGN = {*COLUMNS, "verified", "phone", "password", "scopes", "operator", "__proto__", "reason", "is_admin"}
taking = [one for one in OPERATIONS if one.takes]
naming = [one for one in OPERATIONS if one.named]


def path_of(one: Operation, account_id: str = ID) -> str:
    path = one.path.replace("{account_id}", account_id).replace("{organisation_id}", account_id)
    return path.replace("{stream_id}", ID)


async def test_without_a_key_every_operation_asks_for_one(sqlite_program: Program) -> None:
    wrong = ["", "Bearer", f"Bearer {shown('nobody')}", f"Basic {shown('billing')}", shown("billing")]
    wrong += [f"Bearer {shown('billing')[:-1]}", f"Bearer {shown('billing')}x", f"Bearer  {shown('billing')}"]

    answers = [
        await sqlite_program.call(one.method, path_of(one), BODIES.get(one.name), authorization=given)
        for one in OPERATIONS
        for given in wrong
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unauthorized")}
    assert {answer.headers["www-authenticate"] for answer in answers} == {
        'Bearer realm="Renumber"',
        'Bearer realm="Renumber", error="invalid_token"',
    }


async def test_a_cookie_opens_nothing_and_no_answer_sets_one(sqlite_program: Program) -> None:
    sqlite_program.visitor.cookies["__Host-session"] = f"{ID}.{ID}.{ID}"

    answers = [
        await sqlite_program.call(one.method, path_of(one), BODIES.get(one.name), authorization="")
        for one in OPERATIONS
    ]

    assert {answer.status_code for answer in answers} == {401}


async def test_a_key_opens_what_its_scopes_name_and_nothing_else(sqlite_program: Program) -> None:
    closed = [(one, key) for one in OPERATIONS for key, scopes in KEYS.items() if one.scope not in scopes]

    for one, key in closed:
        answer = await sqlite_program.call(one.method, path_of(one), BODIES.get(one.name), key=key)

        assert answer.status_code == 403
        assert (answer.json()["code"], answer.json()["scope"]) == ("insufficient_scope", one.scope)
        assert f'error="insufficient_scope", scope="{one.scope}"' in answer.headers["www-authenticate"]


async def test_no_operation_takes_a_member_that_it_does_not_own(sqlite_program: Program) -> None:
    account_id = await sqlite_program.entered()

    for one in taking:
        assert one.takes is not None
        for name in sorted(FOREIGN - set(one.takes.__struct_fields__)):
            sent = {**BODIES[one.name], name: "x"}
            answer = await sqlite_program.call(one.method, path_of(one, account_id), sent)

            told = (PROBLEMS[one.invalid].status, one.invalid)
            assert (answer.status_code, answer.json()["code"]) == told, (one.name, name)

    assert len(taking) >= 7
    assert (await sqlite_program.get(f"/accounts/{account_id}/standing")).json()["frozen"] is False


async def test_ids_of_nobody_of_the_erased_and_of_no_account_are_unknown(sqlite_program: Program) -> None:
    erased = await sqlite_program.entered()
    await sqlite_program.post(f"/accounts/{erased}/erase")
    ids = [ID, erased, NOBODIES[0], NOBODIES[-1], "%00", "..", "%2e%2e", "a" * 33, f"{ID[:-1]}A", "%F0%9F%98%80"]

    for one in naming:
        answers = [await sqlite_program.call(one.method, path_of(one, each), BODIES.get(one.name)) for each in ids]

        assert {answer.status_code for answer in answers} <= {404, 405}, one.name


async def test_nothing_of_a_key_stands_in_the_database_or_in_the_log(
    sqlite_program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    account_id = await sqlite_program.entered()
    await sqlite_program.post(
        f"/accounts/{account_id}/freeze", {"reason": "a secret reason"}, idempotency_key="my-own-key"
    )

    rows = [dict(row) for table in tables.metadata.tables for row in await everything_of(sqlite_program, table)]
    kept = b"".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row.values())
    said = capsys.readouterr().out.encode()

    for secret in (shown("billing"), "my-own-key", "a secret reason"):
        assert secret.encode() not in kept + said


async def everything_of(program: Program, table: str) -> list[Any]:
    return await program.parts.database.fetch(Statement(text(f"SELECT * FROM {table}")))  # noqa: S608 - ours
