"""Threat: a push that lets somebody in without the phone, its digits, or its owner's answer (rows 26, 27)."""

import json
from collections import Counter
from typing import Any

import http_ece
import pytest

from harness.owner import AUTH, Owner, an_owner, digits_on, finish, is_signed_in, subscribe
from harness.phone import API, Phone, b64u
from harness.server import Server
from harness.visitor import Reply, rush


def code_of(reply: Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["code"]


def test_the_signed_answer_with_the_digits_of_the_page_lets_its_browser_in_and_no_other(server: Server) -> None:
    owner = an_owner(server)
    browser = owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()

    answered = owner.phone.answer(prompt, "approve", digits_on(browser))

    assert (answered.status, json.loads(answered.body)) == (200, {"state": "approved"})
    assert finish(browser.copied(**{"Sec-Fetch-Site": "cross-site"})).status == 403
    strange = server.visitor()
    strange.get("/sign-in")
    assert finish(strange).location.partition("?")[0] == "/sign-in"
    assert finish(browser).location == "/profile"
    assert is_signed_in(browser)


def test_a_push_that_was_sent_and_not_answered_lets_nobody_in(server: Server) -> None:
    owner = an_owner(server)
    path = subscribe(server, owner.phone)
    browser = owner.give_password(server.visitor())
    server.sinks.push.wait(path, 1)
    server.await_sent(owner.person.account_id)

    replies = [finish(browser), browser.send("GET", "/sign-in/push/finish"), browser.send("GET", "/sign-in/push")]

    assert [reply.status for reply in replies] == [303, 405, 200]
    assert not is_signed_in(browser)
    assert owner.states == {"pending": 1}


@pytest.mark.parametrize("decision", ["deny", "not_me"])
def test_a_denied_push_lets_nobody_in_and_counts_as_a_miss(server: Server, decision: str) -> None:
    owner = an_owner(server)
    browser = owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()
    digits = digits_on(browser)

    denied = owner.phone.answer(prompt, decision)
    late = owner.phone.answer(prompt, "approve", digits)

    assert json.loads(denied.body)["state"] == "denied"
    assert code_of(late) == (409, "prompt_answered")
    assert owner.misses == 1
    finish(browser)
    assert not is_signed_in(browser)


def test_not_me_leads_to_a_page_that_freezes_the_account(server: Server) -> None:
    owner = an_owner(server)
    owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()

    url = json.loads(owner.phone.answer(prompt, "not_me").body)["freeze_url"]
    at_home = server.visitor()
    at_home.get(url)
    at_home.submit(url)

    assert owner.person.account["state"] == "frozen"
    assert owner.person.live_sessions == 0


def test_an_expired_push_takes_no_answer(server: Server) -> None:
    owner = an_owner(server)
    browser = owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()
    digits = digits_on(browser)

    server.move(90)

    assert code_of(owner.phone.answer(prompt, "approve", digits)) == (410, "prompt_expired")
    assert owner.phone.prompts() == []
    finish(browser)
    assert not is_signed_in(browser)


def test_three_wrong_digits_end_a_push(server: Server) -> None:
    owner = an_owner(server)
    browser = owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()
    right = digits_on(browser)
    wrong = f"{(int(right) + 1) % 10**6:06}"

    replies = rush(12, lambda _: owner.phone.answer(prompt, "approve", wrong))

    assert Counter(code_of(reply) for reply in replies) == {(422, "wrong_digits"): 3, (409, "prompt_answered"): 9}
    assert code_of(owner.phone.answer(prompt, "approve", right)) == (409, "prompt_answered")
    assert owner.misses == 3
    assert owner.person.told("wrong_factor") == {"email": 1}


def test_another_account_s_device_finds_nothing_to_answer(server: Server) -> None:
    owner, stranger = an_owner(server), an_owner(server)
    browser = owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()

    reply = stranger.phone.answer(prompt, "approve", digits_on(browser))

    assert stranger.phone.prompts() == []
    assert code_of(reply) == (404, "prompt_unknown")
    assert owner.states == {"pending": 1}


def test_an_answer_is_of_no_use_a_second_time_or_for_another_push(server: Server) -> None:
    owner = an_owner(server)
    browser = owner.give_password(server.visitor())
    [first] = owner.phone.prompts()
    text = (server.origin, first["id"], first["challenge"], digits_on(browser), "approve")
    signed = {"decision": "approve", "digits": text[3], "signature": owner.phone.sign("renumber-push-answer-v1", *text)}
    assert owner.phone.call("POST", f"/prompts/{first['id']}/answer", signed).status == 200

    owner.give_password(server.visitor())
    [second] = owner.phone.prompts()
    again = owner.phone.call("POST", f"/prompts/{first['id']}/answer", signed)
    other = owner.phone.call("POST", f"/prompts/{second['id']}/answer", signed)

    assert code_of(again) == (409, "prompt_answered")
    assert code_of(other) == (401, "device_signature_wrong")
    assert owner.states == {"approved": 1, "pending": 1}


def forged_calls(owner: Owner, other: Owner) -> dict[str, dict[str, str]]:
    """Headers that name the owner's device, and were signed for something else or by somebody else."""
    path, phone = f"{API}/prompts", owner.phone
    thief = Phone(phone.server, account_id=phone.account_id, device_id=phone.device_id)
    removed = Phone(phone.server, phone.key, phone.account_id, "0" * 32)
    moved = Phone(phone.server, phone.key, other.phone.account_id, phone.device_id)
    return {
        "another key": thief.credentials("GET", path, ""),
        "another path": phone.credentials("GET", f"{API}/subscription", ""),
        "another method": phone.credentials("DELETE", path, ""),
        "another body": phone.credentials("GET", path, "{}"),
        "too old": phone.credentials("GET", path, "", late=200),
        "from tomorrow": phone.credentials("GET", path, "", late=-86400),
        "no such device": removed.credentials("GET", path, ""),
        "another account": moved.credentials("GET", path, ""),
        "no signature": {"Authorization": "Renumber-Device"},
        "another scheme": {"Authorization": "Bearer abc"},
        "nothing": {},
    }


def test_a_call_that_the_device_did_not_sign_just_now_is_refused(server: Server) -> None:
    owner, other = an_owner(server), an_owner(server)

    replies = {
        name: owner.phone.send("GET", f"{API}/prompts", None, forged)
        for name, forged in forged_calls(owner, other).items()
    }

    assert {name: reply.status for name, reply in replies.items()} == dict.fromkeys(replies, 401)
    assert {reply.header("content-type") for reply in replies.values()} == {"application/problem+json"}
    now = json.loads(replies["too old"].body)["now"]
    assert abs(now - int(owner.phone.credentials("GET", "/", "")["Authorization"].split('at="')[1][:10])) < 30
    assert code_of(replies["no such device"]) == (401, "device_unknown")


def test_a_removed_phone_is_told_so_and_asked_no_more(server: Server) -> None:
    owner = an_owner(server)
    owner.browser.get(f"/profile/push/{owner.phone.device_id}")

    removed = owner.browser.post(f"/profile/push/{owner.phone.device_id}/remove")

    assert removed.location == "/profile?notice=device_removed"
    assert code_of(owner.phone.call("GET", "/prompts")) == (401, "device_unknown")
    assert owner.person.give_password(server.visitor()).location == "/sign-in/code"


def test_three_pushes_in_five_minutes_hold_across_processes_also_when_each_is_denied(server: Server) -> None:
    owner = an_owner(server)
    path = subscribe(server, owner.phone)
    browsers = [server.visitor() for _ in range(5)]

    rush(5, lambda turn: owner.give_password(browsers[turn]))
    [prompt] = owner.phone.prompts()
    owner.phone.answer(prompt, "deny")
    again = [browser.post("/sign-in/push/again").status for browser in browsers]

    server.await_sent(owner.person.account_id)
    assert set(again) == {429}
    assert owner.person.acts("push_asked") == 3
    assert len(server.sinks.push.at(path)) <= 3
    assert owner.states == {"replaced": 2, "denied": 1}
    server.move(301)
    assert browsers[0].post("/sign-in/push/again").location == "/sign-in/push"
    assert owner.person.acts("push_asked") == 4


def test_a_notification_says_nothing_but_that_there_is_something(server: Server) -> None:
    owner = an_owner(server)
    path = subscribe(server, owner.phone)
    browser = owner.give_password(server.visitor())
    digits, [prompt] = digits_on(browser), owner.phone.prompts()

    pushed = server.sinks.push.wait(path, 1)
    read = http_ece.decrypt(pushed.body, private_key=owner.phone.key, auth_secret=AUTH, version="aes128gcm")

    assert json.loads(read) == {"kind": "prompt", "id": prompt["id"]}
    assert (pushed.headers["topic"], pushed.headers["urgency"]) == (prompt["id"], "high")
    assert 0 < int(pushed.headers["ttl"]) <= 90
    seen = f"{pushed.path}{pushed.headers}".encode() + pushed.body + read
    for secret in (digits, prompt["challenge"], prompt["ip"], owner.person.email, owner.person.account_id):
        assert secret.encode() not in seen


def test_a_subscription_that_is_gone_is_dropped_and_the_phone_still_answers(server: Server) -> None:
    owner = an_owner(server)
    path = subscribe(server, owner.phone)
    server.sinks.push.gone.add(path)

    browser = owner.give_password(server.visitor())
    server.sinks.push.wait(path, 1)
    server.await_sent(owner.person.account_id)

    [device] = owner.person.rows("device")
    assert device["subscription"] is None
    [prompt] = owner.phone.prompts()
    assert owner.phone.answer(prompt, "approve", digits_on(browser)).status == 200
    assert finish(browser).location == "/profile"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/push",
        "http://127.0.0.1:1/push",
        "http://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com.evil.example/",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_push_service_that_the_operator_does_not_know_is_refused(server: Server, endpoint: str) -> None:
    owner = an_owner(server)
    keys = {"p256dh": owner.phone.point, "auth": b64u(AUTH)}

    reply = owner.phone.call("PUT", "/subscription", {"endpoint": endpoint, "keys": keys})

    assert code_of(reply) == (422, "endpoint_not_allowed")
    assert owner.person.rows("device")[0]["subscription"] is None


BODIES: list[Any] = [
    [],
    {},
    {"decision": "approve"},
    {"decision": "sent", "digits": "", "signature": "AA"},
    {"decision": "approve", "digits": "1234567", "signature": "AA"},
    {"decision": "approve", "digits": "1\n2", "signature": "AA"},
    {"decision": "approve", "digits": 123456, "signature": "AA"},
    {"decision": "approve", "digits": "123456", "signature": "A" * 200},
    {"decision": "approve", "digits": "123456", "signature": "not base64!"},
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_of_another_shape_is_a_problem_and_no_fault(server: Server, body: object) -> None:
    owner = an_owner(server)
    owner.give_password(server.visitor())
    [prompt] = owner.phone.prompts()

    reply = owner.phone.call("POST", f"/prompts/{prompt['id']}/answer", body)

    assert code_of(reply) == (400, "malformed")
    assert owner.states == {"pending": 1}


def test_bodies_are_bounded_and_no_reply_sets_a_cookie(server: Server) -> None:
    owner = an_owner(server)

    replies = [
        owner.phone.send("POST", f"{API}/enrol", {"token": "A" * 10_000}),
        owner.phone.send("POST", f"{API}/enrol", {"token": "A" * 22, "public_key": "", "name": "", "proof": ""}),
        owner.phone.send("POST", f"{API}/enrol", None),
        owner.phone.send("GET", f"{API}/enrol", None),
        owner.phone.send("GET", f"{API}/configuration", None),
        owner.phone.call("GET", "/prompts"),
    ]

    by_hand = server.visitor().send("GET", f"{API}/enrol")

    assert [reply.status for reply in replies] == [413, 410, 400, 405, 200, 200]
    assert {reply.header("content-type") for reply in (*replies[:4], by_hand)} == {"application/problem+json"}
    assert not any(reply.set_cookies for reply in replies)
