"""Who is let into the operator's API: a key that stands in the joins file, with the scope that is needed."""

import pytest

from renumber.web.api.operator import OPERATIONS
from tests.web.api.operator_program import KEYS, Program, shown

ID = "a" * 32


def path_of(path: str) -> str:
    return path.replace("{account_id}", ID)


async def test_without_a_key_every_operation_asks_for_one(sqlite_program: Program) -> None:
    answers = [
        await sqlite_program.call(one.method, path_of(one.path), authorization=shown_wrongly)
        for one in OPERATIONS
        for shown_wrongly in ("", "Bearer", f"Bearer {shown('nobody')}", f"Basic {shown('billing')}", shown("billing"))
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unauthorized")}
    assert {answer.headers["www-authenticate"] for answer in answers} == {
        'Bearer realm="Renumber"',
        'Bearer realm="Renumber", error="invalid_token"',
    }


@pytest.mark.parametrize("key", sorted(KEYS))
async def test_a_key_opens_what_its_scopes_name_and_nothing_else(sqlite_program: Program, key: str) -> None:
    closed = [one for one in OPERATIONS if one.scope not in KEYS[key]]

    for one in closed:
        answer = await sqlite_program.call(one.method, path_of(one.path), key=key)

        assert answer.status_code == 403
        assert (answer.json()["code"], answer.json()["scope"]) == ("insufficient_scope", one.scope)
        assert f'error="insufficient_scope", scope="{one.scope}"' in answer.headers["www-authenticate"]
