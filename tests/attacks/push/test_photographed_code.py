"""Threat: a stranger who photographs the QR code, scans it first, and confirms the owner's sign-ins (row 53)."""

import json

from harness.owner import an_owner, confirm, digits_on, finish, invited, reject, waiting_at
from harness.person import Person
from harness.phone import Phone, b64u
from harness.server import Server
from harness.visitor import Reply, rush


def code_of(reply: Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["code"]


def photographed(server: Server) -> tuple[Person, Phone, str]:
    """Somebody whose code a stranger has scanned first."""
    person, stranger = server.person(), Phone(server)
    person.sign_in()
    token = invited(person)
    assert stranger.enrol(token, "iPhone of a stranger").status == 201
    return person, stranger, token


def tries(stranger: Phone) -> list[Reply]:
    """All that a device can ask for."""
    keys = {"p256dh": stranger.point, "auth": b64u(b"0123456789abcdef")}
    prompt = {"id": "0" * 32, "challenge": "A"}
    return [
        stranger.call("GET", "/prompts"),
        stranger.call("PUT", "/subscription", {"endpoint": "https://fcm.googleapis.com/x", "keys": keys}),
        stranger.call("DELETE", "/subscription"),
        stranger.answer(prompt, "approve", "123456"),
        stranger.answer(prompt, "not_me"),
    ]


def test_a_stranger_who_scans_first_gets_nothing_without_the_owner_s_press(server: Server) -> None:
    person, stranger, _ = photographed(server)

    replies = tries(stranger)

    assert {code_of(reply) for reply in replies} == {(403, "device_not_confirmed")}
    said = b"".join(reply.body for reply in stranger.visitor.pages)
    assert person.email[:1].encode() + "…".encode() not in said, "not even whose code it was"
    assert person.email.encode() not in said
    assert person.told("factor_added") == {}
    assert [row["factor"] for row in person.rows("authenticator") if row["factor"] == "push"] == []
    assert person.give_password(server.visitor()).location == "/sign-in/code", "no push is asked for"


def test_the_owner_sees_the_stranger_s_name_and_that_there_are_two_and_sends_them_away(server: Server) -> None:
    person, stranger, token = photographed(server)
    own, page = Phone(server), stranger.confirm_url

    late = own.enrol(token, "Pixel 9")
    shown = person.browser.get(page)
    fresh = reject(person.browser, page)

    assert code_of(late) == (409, "another_device_waits")
    assert "iPhone of a stranger" in shown.text
    assert "Another device has scanned the same code since." in shown.text
    assert {code_of(reply) for reply in tries(stranger)} == {(401, "device_unknown")}
    assert stranger.enrol(token).status == 410
    assert token not in fresh.text
    assert own.enrol(fresh.text.partition("/device#enrol=")[2][:22]).status == 201
    confirm(person.browser, own.confirm_url)
    assert own.prompts() == []
    assert person.told("factor_added") == {"email": 1, "sms": 1}


def test_nobody_presses_for_the_owner(server: Server) -> None:
    person, stranger, _ = photographed(server)
    path, form = f"{stranger.confirm_url}/confirm", {"device": stranger.device_id}
    other = an_owner(server)
    elsewhere = server.visitor()

    replies = [
        other.browser.post(path, form),
        elsewhere.post(path, form),
        person.browser.copied(**{"Sec-Fetch-Site": "cross-site"}).post(path, form),
    ]

    assert not any(reply.location.startswith("/profile?notice=push_added") for reply in replies)
    assert code_of(stranger.call("GET", "/prompts")) == (403, "device_not_confirmed")


def test_many_presses_at_once_add_one_device_and_tell_it_once(server: Server) -> None:
    person, phone, _ = photographed(server)
    device = waiting_at(person.browser, phone.confirm_url)

    rush(8, lambda _: person.browser.copied().post(f"{phone.confirm_url}/confirm", {"device": device}))

    assert person.told("factor_added") == {"email": 1, "sms": 1}
    assert person.acts("factor_added") == 1
    browser = server.visitor()
    assert person.give_password(browser).location == "/sign-in/push"
    browser.get("/sign-in/push")
    [prompt] = phone.prompts()
    assert phone.answer(prompt, "approve", digits_on(browser)).status == 200
    assert finish(browser).location == "/profile"


def test_a_device_that_nobody_confirmed_is_over_with_its_code(server: Server) -> None:
    person, stranger, _ = photographed(server)
    device = waiting_at(person.browser, stranger.confirm_url)

    server.move(600)

    late = person.browser.post(f"{stranger.confirm_url}/confirm", {"device": device})
    assert not late.location.startswith("/profile?notice=push_added")
    assert {code_of(reply) for reply in tries(stranger)} == {(401, "device_unknown")}
