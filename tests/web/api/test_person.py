"""A person's own account over the API: by an application's token, and by our session."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.web.api.person_program import Caller, caller_at, person_serving


@pytest.fixture
async def caller(database_url: str) -> AsyncIterator[Caller]:
    async with person_serving(database_url) as installation:
        yield await caller_at(installation)


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_an_application_asks_for_the_change_reads_it_sends_the_link_again_and_cancels(caller: Caller) -> None:
    await caller.sign_in()

    me = await caller.call("GET", "/me")
    asked = await caller.call("POST", "/me/phone-change")
    again = await caller.call("POST", "/me/phone-change")
    soon = await caller.call("POST", "/me/phone-change/resend")
    caller.provider.world.clock.move(seconds=61)
    resent = await caller.call("POST", "/me/phone-change/resend")
    standing = await caller.call("GET", "/me/phone-change")
    cancelled = await caller.call("DELETE", "/me/phone-change")
    none = await caller.call("DELETE", "/me/phone-change")

    assert me.json()["change"] == "none"
    assert me.json()["number"].startswith("+49 •••")
    assert (asked.status_code, asked.json()["state"], asked.json()["awaits"]) == (201, "requested", "link")
    assert said(again) == (409, "change_already_open")
    assert said(soon) == (429, "sent_too_often")
    assert int(soon.headers["retry-after"]) > 0
    assert resent.json() == standing.json()
    assert cancelled.json()["state"] == "none"
    assert said(none) == (409, "no_open_change")
