"""What the operator's programs read: an account, masked, and its standing, which payments ask for in one query."""

from structlog.testing import capture_logs

from renumber.domain.account import NOBODY
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.services import Client
from tests.web.api.operator_program import Program

FRESH = {"frozen": False, "change": "none", "number_changed_at": None, "hold_until": None}


async def test_a_standing_is_read_in_one_query(program: Program) -> None:
    account_id = await program.entered()

    with capture_logs() as logged:
        answer = await program.get(f"/accounts/{account_id}/standing", key="payments")

    assert (answer.status_code, answer.json()) == (200, FRESH)
    assert [(line["statements"], line["commits"]) for line in logged] == [(1, 0)]


async def test_whoever_has_the_standing_hears_only_that_it_is_the_same(program: Program) -> None:
    account_id = await program.entered()
    first = await program.get(f"/accounts/{account_id}/standing")

    same = await program.get(f"/accounts/{account_id}/standing", if_none_match=first.headers["etag"])
    await freeze_by_operator(program.parts.services, Client(operator="Tester"), account_id, "stolen")
    other = await program.get(f"/accounts/{account_id}/standing", if_none_match=first.headers["etag"])

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (other.status_code, other.json()) == (200, {**FRESH, "frozen": True})


async def test_an_account_is_shown_masked_and_its_history_names_the_key_that_looked(program: Program) -> None:
    account_id = await program.entered()

    answer = await program.get(f"/accounts/{account_id}")

    assert answer.json() | {"created_at": ""} == {
        "account_id": account_id,
        "name": "Erika Muster",
        "email": "e…@example.com",
        "number": "+49 ••• ••• 789",
        "number_is_proven": True,
        "state": "active",
        "language": "de",
        "has_password": True,
        "factors": [],
        "created_at": "",
        "frozen_at": None,
        "number_changed_at": None,
        "organisation_id": None,
        "is_administrator": False,
    }
    assert (await program.history(account_id))[-1] == ("operator", "account_shown", "by billing")


async def test_no_other_id_is_anybodys(program: Program) -> None:
    ids = ["f" * 32, NOBODY, "%C3%A4", "a" * 31, "'", "a%00", "A" * 32]
    paths = [f"/accounts/{one}{rest}" for one in ids for rest in ("", "/standing")]

    answers = [await program.get(path) for path in paths]

    assert {(answer.status_code, answer.json().get("code")) for answer in answers} == {(404, "account_unknown")}
