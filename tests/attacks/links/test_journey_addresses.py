"""Threat: the address of a journey is guessed, used again, somebody else's, or leads away (SECURITY.md row 56)."""

import json
import secrets
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.person import Person
from harness.server import Server, new_number, quick_server
from harness.sinks import Sinks
from harness.visitor import Reply, Visitor, rush
from renumber.policies.operator.journeys import JOURNEY_FOR
from tests.web.api.operator_program import joins_file, shown

BACK = "https://shop.example/number"
BACK_TO_SHOP = "Back to Example Shop"


@pytest.fixture(scope="module")
def server(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("journeys")
    with quick_server(fresh_database("sqlite"), folder, sinks, joins_file=str(joins_file(folder))) as serving:
        yield serving


def ask(server: Server, *, key: str = "shop", **body: str) -> Reply:
    """Ask for an address, as the application's own server does."""
    headers = {
        "Authorization": f"Bearer {shown(key)}",
        "Content-Type": "application/json",
        "Idempotency-Key": secrets.token_hex(8),
    }
    sent = {"kind": "change_phone", "return_to": BACK, **body}
    return server.visitor().send("POST", "/api/v1/journeys", json.dumps(sent), headers)


def address_for(person: Person, **body: str) -> str:
    """The path of an address for this person."""
    answer = ask(person.server, account_id=person.account_id, **body)
    assert answer.status == 201, answer.text
    url: str = json.loads(answer.body)["url"]
    return urlsplit(url).path


def follow(browser: Visitor, address: str) -> Reply:
    """Open an address and press the button on its page."""
    browser.get(address)
    return browser.post(address)


def status_in(page: Reply) -> str:
    """What the link back tells the application."""
    [address] = [part.partition('"')[0] for part in page.text.split('<p class="way-back"><a href="')[1:]]
    assert urlsplit(address)[:3] == ("https", "shop.example", "/login")
    told = parse_qs(urlsplit(address).query)
    assert (told["target_link_uri"], told["action"]) == ([BACK], ["change_phone"])
    return told["action_status"][0]


def test_a_person_is_led_to_the_change_and_back_in_whichever_browser_they_end(server: Server) -> None:
    person = server.person()

    assert follow(person.browser, address_for(person)).location == "/sign-in"
    person.sign_in()
    arrived = person.browser.pages[-1]
    link = person.request_change()
    pending = person.browser.get("/profile")
    person.press(link)
    person.give_password()
    number = new_number()
    person.enter_number(number)
    person.prove_number(number)
    finished = person.browser.get("/phone-change/finished")

    assert arrived.path == "/phone-change/new"
    assert (status_in(pending), status_in(finished)) == ("pending", "done")
    assert BACK_TO_SHOP in finished.text


def test_whoever_gives_up_is_led_back_as_well(server: Server) -> None:
    person = server.person()
    person.sign_in()

    assert follow(person.browser, address_for(person)).location == "/journey"
    person.browser.get("/journey")
    left_at_once = person.browser.get("/profile")
    person.request_change()
    person.browser.post("/phone-change/cancel")
    cancelled = person.browser.get("/profile")

    assert (status_in(left_at_once), status_in(cancelled)) == ("cancelled", "cancelled")


def test_opening_an_address_does_nothing_and_shows_nobody_in_full(server: Server) -> None:
    person = server.person()
    address = address_for(person)
    before = server.snapshot(person)

    replies = rush(20, lambda turn: server.visitor().send("HEAD" if turn % 2 else "GET", address))

    assert server.snapshot(person).changes_since(before) == set()
    assert {reply.status for reply in replies} == {200}
    assert not [reply for reply in replies if person.email in reply.text or person.number in reply.text]
    assert not [cookie for reply in replies for cookie in reply.set_cookies if "browser" not in cookie]


def test_an_address_is_followed_once_whoever_tries_at_the_same_time(server: Server) -> None:
    person = server.person()
    address = address_for(person)
    browsers = [server.visitor() for _ in range(6)]

    replies = rush(6, lambda turn: follow(browsers[turn], address))

    assert sorted((reply.status, reply.location) for reply in replies) == [(303, "/sign-in"), *[(410, "")] * 5]
    assert server.visitor().get(address).status == 410


def test_an_address_ends_after_five_minutes(server: Server) -> None:
    person = server.person()
    address = address_for(person)
    browser = server.visitor()
    browser.get(address)

    server.move(JOURNEY_FOR.total_seconds())

    assert browser.get(address).status == 410
    assert browser.post(address).status == 410
    assert browser.press(address).location == address


def test_an_address_signs_nobody_in_and_is_no_other_link(server: Server) -> None:
    person, browser = server.person(), server.visitor()
    address = address_for(person)
    token = address.rpartition("/")[2]

    others = [browser.get(f"{path}/{token}").status for path in ("/phone-change/link", "/freeze", "/sign-in/mailbox")]
    follow(browser, address)
    inside = [browser.send("GET", path).location for path in ("/profile", "/journey", "/phone-change/new")]

    assert set(others) == {404}
    assert {urlsplit(location).path for location in inside} == {"/sign-in"}
    assert person.live_sessions == 0
    assert person.email not in browser.get("/sign-in").text


def test_somebody_else_is_told_so_and_changes_nothing(server: Server) -> None:
    person, other = server.person(), server.person()
    other.sign_in()

    follow(other.browser, address_for(person))
    page = other.browser.get("/journey")
    again = other.browser.get("/profile")
    other.browser.post("/journey/leave")
    stayed = other.browser.get("/profile")
    other.request_change()

    assert "This is for another account" in page.text
    assert person.email not in page.text
    assert again.path == "/journey"
    assert stayed.path == "/profile"
    assert [row["journey"] for row in other.rows("phone_change")] == [None]


@pytest.mark.parametrize("token", ["A" * 22, "A", "%00", "..%2fprofile", "A" * 500])
def test_a_guessed_address_leads_nowhere(server: Server, token: str) -> None:
    browser = server.visitor()

    assert browser.get(f"/journeys/{token}").status == 404
    assert browser.post(f"/journeys/{token}").status in (303, 404)
    assert "__Host-journey" not in browser.cookies


ELSEWHERE = [
    "",
    "https://shop.example/number/",
    "https://shop.example/number#there",
    "https://shop.example/Number",
    "https://shop.example/number?from=renumber&to=evil",
    "https://shop.example/number/../callback",
    "https://shop.example:443/number",
    "https://shop.example@evil.example/number",
    "https://shop.example.evil.example/number",
    "http://shop.example/number",
    "//shop.example/number",
    "https://shop.example/callback",
    "javascript:alert(1)",
    " https://shop.example/number",
    "https://shop.example/number\x1fhttps://evil.example",
]


def test_nobody_is_led_to_a_page_that_the_application_has_not_named(server: Server) -> None:
    person = server.person()

    answers = [ask(server, account_id=person.account_id, return_to=return_to) for return_to in ELSEWHERE]

    no_text = ask(server, account_id=person.account_id, return_to="https://shop.example/number\u0000")

    assert {(answer.status, json.loads(answer.body)["code"]) for answer in answers} == {(422, "return_to_not_allowed")}
    assert (no_text.status, json.loads(no_text.body)["code"]) == (422, "not_valid")
    assert person.rows("link") == []


def test_nobody_is_led_back_for_an_application_that_did_not_name_the_page(server: Server) -> None:
    person = server.person()

    assert ask(server, account_id=person.account_id, application="shop").status == 201
    assert ask(server, account_id=person.account_id, application="other").status == 422
    assert ask(server, email=person.email).status == 201
    assert ask(server, email="nobody@example.com").status == 404
    assert ask(server, account_id=person.account_id, email=person.email).status == 422
    assert ask(server, account_id=person.account_id, key="support").status == 403
