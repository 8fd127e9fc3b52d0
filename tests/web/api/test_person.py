"""A person changes their number over the API: an application asks, and our own session enters the new one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.phone_number import PhoneNumber
from renumber.store.audit.entries import AuditEntries
from renumber.web.api.person import OPERATIONS
from tests.web.api.person_program import Caller, caller_at, person_serving

NEW = PhoneNumber("+4915123456780")


@pytest.fixture
async def caller(database_url: str) -> AsyncIterator[Caller]:
    async with person_serving(database_url) as installation:
        yield await caller_at(installation)


def said(answer: Any) -> tuple[int, str]:
    """The status, and the name of the problem."""
    return answer.status_code, answer.json().get("code", "")


async def test_an_application_asks_reads_sends_again_and_cancels(caller: Caller) -> None:
    await caller.sign_in()

    asked = await caller.call("POST", "/me/phone-change", idempotency_key="a")
    repeated = await caller.call("POST", "/me/phone-change", idempotency_key="a")
    again = await caller.call("POST", "/me/phone-change")
    soon = await caller.call("POST", "/me/phone-change/resend", idempotency_key="b")
    caller.provider.world.clock.move(seconds=61)
    resent = await caller.call("POST", "/me/phone-change/resend", idempotency_key="b")
    standing = await caller.call("GET", "/me/phone-change")
    cancelled = await caller.call("DELETE", "/me/phone-change")
    none = await caller.call("DELETE", "/me/phone-change")

    assert (asked.status_code, asked.json()["state"], asked.json()["awaits"]) == (201, "requested", "link")
    assert repeated.content == asked.content
    assert said(again) == (409, "change_already_open")
    assert said(soon) == (429, "sent_too_often")
    assert int(soon.headers["retry-after"]) > 0
    assert resent.json() == standing.json()
    assert cancelled.json()["state"] == "none"
    assert said(none) == (409, "no_open_change")
    world, account_id = caller.provider.world, caller.provider.erika.account_id
    rows = await AuditEntries(world.database).newest_of(account_id, 100)
    assert {row["evidence"][-19:] for row in rows if row["act"] == "change_requested"} == {" phone; client shop"}


async def test_after_the_reset_the_new_number_is_entered_in_our_own_session_and_nowhere_else(caller: Caller) -> None:
    erika, visitor = caller.provider.erika, caller.provider.visitor
    await caller.sign_in()
    await caller.call("POST", "/me/phone-change")
    await erika.browser.press(await erika.link())

    dead = await caller.call("GET", "/me/phone-change")
    browser = await erika.reach_new_number()
    del visitor.cookies["__Host-session"]
    visitor.cookies["__Host-sign-in"] = browser.begun.text
    standing = await caller.here("GET", "/me/phone-change")
    closed = [
        await caller.here(one.method, one.path.replace("{", "").replace("}", ""))
        for one in OPERATIONS
        if not one.in_enrolment
    ]
    unreadable = await caller.here("POST", "/me/phone-change/number", {"number": "0151 23456780"})
    entered = await caller.here("POST", "/me/phone-change/number", {"number": NEW.e164})
    soon = await caller.here("POST", "/me/phone-change/number/resend")
    wrong = await caller.here("POST", "/me/phone-change/number/code", {"code": "000000"})
    done = await caller.here("POST", "/me/phone-change/number/code", {"code": await erika.code(CodePurpose.NEW_NUMBER)})
    caller.form_token = ""
    me = await caller.here("GET", "/me")

    assert said(dead) == (401, "not_signed_in")
    assert dead.json()["flows"][0]["page"].endswith("/oauth/authorize")
    assert (standing.json()["state"], standing.json()["awaits"]) == ("reset", "new_number")
    assert {said(one) for one in closed} == {(403, "enrolment_only")}
    assert said(unreadable) == (422, "number_not_taken")
    assert entered.json()["awaits"] == "code"
    assert said(soon) == (429, "sent_too_often")
    assert (said(wrong), wrong.json()["tries_left"]) == ((422, "code_wrong"), 4)
    assert done.json()["state"] == "done"
    assert me.json()["number"] == NEW.masked
    assert me.json()["hold_until"]
    assert NEW.e164 not in entered.text + done.text + me.text
