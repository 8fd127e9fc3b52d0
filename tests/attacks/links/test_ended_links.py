"""Threat: a link that lives longer, or opens more, than it should (SECURITY.md row 17; NIST 4.2.1.2)."""

import base64
import time
from collections.abc import Callable

import pytest

from harness.person import LINK, NEW_PASSWORD, STOP, Person
from harness.server import Server
from tests.attacks.full_life import ANOTHER_PASSWORD

HERE = "Remove the number"


def show_at(person: Person, link: str, seconds: float, ends_at: int) -> str:
    """Open a link so many seconds after its end (or before it, if negative), by a clock that is put right first."""
    server = person.server
    while True:
        set_to = ends_at / 1000 + seconds
        server.move(set_to - time.time() - server.offset)  # noqa: TID251 - the server's clock is the machine's, moved
        asked = time.monotonic()
        reply = server.visitor().get(link)
        if time.monotonic() - asked < abs(seconds):
            return reply.text


def ends_at(person: Person) -> int:
    """When the newest link ends, in milliseconds."""
    return int(person.rows("phone_change")[-1]["link_expires_at"])


def test_a_link_works_until_its_last_second_and_not_a_second_longer(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    change = person.rows("phone_change")[0]

    last = show_at(person, link, -1, ends_at(person))
    after = show_at(person, link, +1, ends_at(person))

    assert change["link_expires_at"] - change["link_sent_at"] == 24 * 3600 * 1000
    assert HERE in last
    assert "has expired. Your current number still works." in after


def test_pressing_an_expired_link_resets_nothing_and_the_old_number_still_works(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    late = server.visitor()
    late.get(link)
    server.move(24 * 3600 + 1)

    reply = late.post(link)

    assert reply.status == 410
    assert person.rows("phone_change")[0]["state"] == "expired"
    assert person.account["number"] is not None
    assert "__Host-session" in person.sign_in(server.visitor()).cookies


def test_a_link_works_in_its_last_minute(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    server.move(24 * 3600 - 60)

    assert person.press(link, server.visitor()).location == "/phone-change/removed"


def cancel(person: Person) -> None:
    person.browser.get("/profile")
    assert person.browser.post("/phone-change/cancel").location == "/profile?notice=change_cancelled"


def send_again(person: Person) -> None:
    person.server.move(61)
    person.browser.get("/profile")
    assert person.browser.post("/phone-change/again").location == "/profile?notice=sent_again"
    person.link(2)


def choose_password(person: Person) -> None:
    person.browser.get("/sign-in/forgotten")
    person.browser.post("/sign-in/forgotten", {"email": person.email})
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    person.browser.get(link)
    assert person.browser.post(link, {"password": ANOTHER_PASSWORD}).status == 303


def freeze(person: Person) -> None:
    stop = person.mail("Change your phone number").link(STOP)
    assert person.press(stop, person.server.visitor()).location == stop


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (cancel, "This change was cancelled"),
        (send_again, "There is a newer link"),
        (choose_password, "This change was cancelled"),
        (freeze, "This change was stopped"),
    ],
)
def test_a_cancel_a_newer_link_a_new_password_and_a_freeze_end_a_link(
    server: Server, act: Callable[[Person], None], words: str
) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    late = server.visitor()
    late.get(link)

    act(person)
    shown, told, pressed = server.visitor().get(link), late.post(link), late.submit(link)

    assert (shown.status, told.status, pressed.status) == (410, 410, 410)
    assert words in shown.text
    assert words in pressed.text
    assert person.account["number"] is not None


def test_the_newer_link_works_after_the_older_was_replaced(server: Server) -> None:
    person = server.person()
    person.sign_in()
    person.request_change()
    send_again(person)

    assert person.press(person.link(2)).location == "/phone-change/removed"


def test_a_link_serves_one_purpose(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    stop = person.mail("Change your phone number").link(STOP)
    person.browser.get("/sign-in/forgotten")
    person.browser.post("/sign-in/forgotten", {"email": person.email})
    tokens = {
        LINK: link.removeprefix(f"{LINK}/"),
        STOP: stop.removeprefix(f"{STOP}/"),
        NEW_PASSWORD: person.mail("Choose a new password").link(NEW_PASSWORD).removeprefix(f"{NEW_PASSWORD}/"),
    }

    statuses = {
        (path, made_for): server.visitor().get(f"{path}/{token}").status
        for path in tokens
        for made_for, token in tokens.items()
    }

    works = {pair for pair, status in statuses.items() if status == 200}
    assert works == {(path, path) for path in tokens} | {(STOP, LINK)}  # the first mail's page has both buttons
    assert {status for pair, status in statuses.items() if pair not in works} == {404}


def test_a_token_has_128_bits_and_only_its_keyed_hash_is_kept(server: Server) -> None:
    person = server.person()
    person.sign_in()
    token = person.request_change().rpartition("/")[2]

    decoded = base64.urlsafe_b64decode(token + "==")

    assert len(decoded) * 8 >= 128
    assert {len(row["token_key"]) for row in person.rows("link")} == {32}
    assert not [row for row in person.rows("link") if decoded in row["token_key"]]


def test_a_password_link_works_for_an_hour_and_once(server: Server) -> None:
    person, late = server.person(), server.person()
    for each in (person, late):
        each.browser.get("/sign-in/forgotten")
        each.browser.post("/sign-in/forgotten", {"email": each.email})
    used = person.mail("Choose a new password").link(NEW_PASSWORD)
    old = late.mail("Choose a new password").link(NEW_PASSWORD)
    for each in (person, late):
        each.browser.get(used if each is person else old)
    person.browser.post(used, {"password": ANOTHER_PASSWORD})

    again = person.press(used)
    server.move(3601)
    expired = late.browser.post(old, {"password": ANOTHER_PASSWORD})

    assert (again.status, expired.status) == (410, 410)
    assert late.acts("password_changed") == 0
