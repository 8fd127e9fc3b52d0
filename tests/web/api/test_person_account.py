"""A person reads their account over the API, and looks after its sessions and factors."""

import pytest

from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser
from tests.web.api.person_program import Caller
from tests.web.api.test_person import said

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_account_is_masked_unless_the_token_has_the_scope_that_names_it(somebody: Caller) -> None:
    erika = somebody.provider.erika
    await somebody.sign_in("openid account:read")
    masked = await somebody.call("GET", "/me")
    same = await somebody.call("GET", "/me", if_none_match=masked.headers["etag"])
    await somebody.sign_in("openid account:read email phone")
    named = (await somebody.call("GET", "/me")).json()
    here = (await somebody.here("GET", "/me")).json()

    assert same.status_code == 304
    assert erika.number
    assert (named["email"], named["number"]) == (erika.email, erika.number.e164)
    assert masked.json() == here == {**named, "email": here["email"], "number": erika.number.masked}
    assert erika.email not in masked.text
    assert [one["action"] for one in here["flows"]] == ["change_phone", "manage_factors", "recovery_codes"]


async def test_sessions_are_listed_and_the_others_are_ended(somebody: Caller) -> None:
    erika = somebody.provider.erika
    phone, tablet = Browser(erika.world, "Safari on iPhone"), Browser(erika.world, "Chrome on Android")
    await erika.sign_in(phone)
    await erika.sign_in(tablet)
    await somebody.sign_in()

    listed = (await somebody.call("GET", "/me/sessions")).json()["sessions"]
    ended = await somebody.call("DELETE", f"/me/sessions/{phone.ticket.id}")
    own = await somebody.call("DELETE", f"/me/sessions/{erika.browser.ticket.id}")
    gone = [await phone.is_signed_in(), await tablet.is_signed_in()]
    others = await somebody.call("DELETE", "/me/sessions")
    activity = (await somebody.call("GET", "/me/activity")).json()["sign_ins"]

    assert [one["is_own"] for one in listed] == [True, False, False]
    assert {one["browser"] for one in listed[1:]} == {phone.name, tablet.name}
    assert ended.json() == {"left": 2}
    assert said(own) == (404, "session_unknown")
    assert gone == [False, True]
    assert others.json() == {"left": 1}
    assert not await tablet.is_signed_in()
    assert (await somebody.call("GET", "/me")).status_code == 200
    assert {one["factor"] for one in activity} == {"phone"}


async def test_a_factor_is_removed_by_a_token_that_was_given_after_the_password_was_given_again(
    somebody: Caller,
) -> None:
    erika, visitor = somebody.provider.erika, somebody.provider.visitor
    key = await add_app(erika)
    await erika.browser.give_password(erika.email)
    await give_code(erika.browser, shown(erika.world, key))
    visitor.cookies["__Host-session"] = erika.browser.ticket.text
    await somebody.sign_in()

    listed = (await somebody.call("GET", "/me/factors")).json()["factors"]
    fresh = await somebody.call("DELETE", "/me/factors/app")
    erika.world.clock.move(seconds=1.234)
    await erika.prove_again()
    visitor.cookies["__Host-session"] = erika.browser.ticket.text
    older = await somebody.call("DELETE", "/me/factors/app")
    await somebody.sign_in()
    removed = await somebody.call("DELETE", "/me/factors/app")
    again = await somebody.call("DELETE", "/me/factors/app")

    assert [(one["kind"], one["factor_id"]) for one in listed] == [("phone", "phone"), ("app", "app")]
    assert said(fresh) == said(older) == (401, "authentication_insufficient")
    assert 'error="insufficient_user_authentication", max_age=0' in fresh.headers["www-authenticate"]
    assert [one["action"] for one in fresh.json()["flows"]] == ["authenticate", "manage_factors"]
    assert removed.json() == {"factor_id": "app"}
    assert said(again) == (404, "factor_unknown")


async def test_the_number_is_no_factor_to_remove(somebody: Caller) -> None:
    await somebody.sign_in()

    assert said(await somebody.call("DELETE", "/me/factors/phone")) == (404, "factor_unknown")


async def test_in_our_session_an_old_authentication_leads_to_the_page_that_asks_again(somebody: Caller) -> None:
    await somebody.here("GET", "/me/form-token")
    somebody.provider.world.clock.move(minutes=20)

    answer = await somebody.here("POST", "/me/phone-change", idempotency_key="one")
    await somebody.provider.erika.prove_again()
    somebody.provider.visitor.cookies["__Host-session"] = somebody.provider.erika.browser.ticket.text
    later = await somebody.here("POST", "/me/phone-change", idempotency_key="one")

    assert said(answer) == (401, "authentication_insufficient")
    assert answer.json()["max_age"] == 900
    assert answer.json()["flows"][0]["page"].endswith("/reauthenticate?next=/phone-change/new")
    assert later.status_code == 201


async def test_while_there_is_a_number_none_is_entered(somebody: Caller) -> None:
    steps = {
        "enrolment": {},
        "number": {"number": "+4915123456780"},
        "number/resend": {},
        "number/code": {"code": "0" * 6},
    }

    answers = [await somebody.here("POST", f"/me/phone-change/{step}", body) for step, body in steps.items()]

    assert {said(answer) for answer in answers} == {(409, "not_now")}
