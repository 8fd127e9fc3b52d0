"""Organisations through the operator's API."""

from tests.web.api.operator_program import Program

NEW = {"email": "max@example.com", "name": "Max Muster", "number": "+4915123456780", "language": "en"}


async def test_an_organisation_is_added_set_joined_administered_and_left(program: Program) -> None:
    added = (await program.post("/organisations", {"name": "Example GmbH"})).json()
    path = f"/organisations/{added['organisation_id']}"
    account_id = (await program.post("/accounts", {**NEW, "organisation_id": added["organisation_id"]})).json()[
        "account_id"
    ]

    again = await program.post("/organisations", {"name": "Example GmbH"})
    set_ = await program.post(path, {"changes_wait": True})
    nothing = await program.post(path, {"changes_wait": True})
    named = await program.post(f"/accounts/{account_id}/administration", {"is_administrator": True})
    members = (await program.get(f"{path}/people")).json()["members"]
    account = (await program.get(f"/accounts/{account_id}")).json()
    left = await program.post(f"/accounts/{account_id}/organisation", {"organisation_id": None})
    alone = await program.post(f"/accounts/{account_id}/administration", {"is_administrator": True})

    assert (added["name"], added["changes_wait"]) == ("Example GmbH", False)
    assert (again.status_code, again.json()["code"]) == (409, "organisation_exists")
    assert (set_.json()["changes_wait"], nothing.json()["code"]) == (True, "nothing_changed")
    assert named.json()["is_administrator"] is True
    assert [(one["account_id"], one["email"], one["is_administrator"]) for one in members] == [
        (account_id, "m…@example.com", True)
    ]
    assert (account["organisation_id"], account["is_administrator"]) == (added["organisation_id"], True)
    assert left.json() == {"account_id": account_id, "organisation_id": None, "is_administrator": False}
    assert alone.json()["code"] == "no_organisation"
    assert [each["name"] for each in (await program.get("/organisations")).json()["organisations"]] == ["Example GmbH"]
    acts = [act for _, act, _ in await program.history(account_id)]
    assert {"administrator_named", "organisation_left"} <= set(acts)


async def test_an_organisation_that_is_not_there_is_unknown(program: Program) -> None:
    nowhere = "0" * 31 + "f"
    account_id = (await program.post("/accounts", NEW)).json()["account_id"]

    replies = [
        await program.get(f"/organisations/{nowhere}"),
        await program.get(f"/organisations/{account_id}"),
        await program.post(f"/organisations/{nowhere}", {"name": "Other"}),
        await program.get(f"/organisations/{nowhere}/people"),
        await program.post(f"/accounts/{account_id}/organisation", {"organisation_id": nowhere}),
        await program.post("/accounts", {**NEW, "email": "eva@example.com", "organisation_id": nowhere}),
    ]

    assert {(one.status_code, one.json()["code"]) for one in replies} == {(404, "organisation_unknown")}


async def test_an_organisation_is_no_account(program: Program) -> None:
    organisation_id = (await program.post("/organisations", {"name": "Example GmbH"})).json()["organisation_id"]

    replies = [
        await program.get(f"/accounts/{organisation_id}"),
        await program.post(f"/accounts/{organisation_id}/freeze", {"reason": "a test"}),
        await program.post(f"/accounts/{organisation_id}/organisation", {"organisation_id": organisation_id}),
    ]

    assert {one.status_code for one in replies} == {404}
    assert (await program.get("/accounts")).json()["accounts"] == []
