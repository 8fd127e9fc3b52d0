"""Threat: an application's link to one thing to do signs somebody in, acts for another person, or leads away.

Each of the last pages leads back to the application, and only there (SECURITY.md row 56).
"""

import html
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from harness.person import Person
from harness.server import Server, new_number, quick_server
from harness.sinks import Sinks
from harness.visitor import Reply, Visitor
from tests.attacks.links.test_other_browser import sign_in_by_mail
from tests.web.api.operator_program import joins_file

CALLBACK = "https://shop.example/callback"
WAY_BACK = '<p class="way-back"><a href="'


@pytest.fixture(scope="module")
def server(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("deep-links")
    with quick_server(fresh_database("sqlite"), folder, sinks, joins_file=str(joins_file(folder))) as serving:
        yield serving


def authorize(action: str = "change_phone", **more: str) -> str:
    """The address to which the application sends somebody."""
    asked = {
        "client_id": "shop",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "state": "the-state",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "action": action,
        **more,
    }
    return f"/oauth/authorize?{urlencode(asked)}"


def told(page: Reply) -> dict[str, str]:
    """What the way back on a page tells the application."""
    [address] = [html.unescape(part.partition('"')[0]) for part in page.text.split(WAY_BACK)[1:]]
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "shop.example", "/login")
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def back(server: Server, action: str, status: str) -> dict[str, str]:
    """What it should tell: who asks it to begin a sign-in, and what became of what."""
    return {"iss": server.origin, "action": action, "action_status": status}


@pytest.mark.parametrize(
    ("action", "place", "status"),
    [
        ("change_phone", "/phone-change/new", "cancelled"),
        ("manage_factors", "/profile", "done"),
        ("recovery_codes", "/profile/recovery-codes", "done"),
    ],
)
def test_an_action_leads_whoever_is_signed_in_to_its_place_and_back(
    server: Server, action: str, place: str, status: str
) -> None:
    person = server.person()
    person.sign_in()

    arrived = person.browser.get(authorize(action))
    left = person.browser.get("/profile")

    assert arrived.path == place
    assert told(left) == back(server, action, status)


def test_whoever_is_not_signed_in_signs_in_first_and_is_led_there_then(server: Server) -> None:
    person = server.person()

    asked = person.browser.get(authorize())
    reply = person.browser.post("/sign-in", {"email": person.email, "password": person.password, **request_in(asked)})
    assert reply.location == "/sign-in/code"
    person.browser.get("/sign-in/code")
    reply = person.browser.post("/sign-in/code", {"code": person.text(1).code, **request_in(asked)})

    assert urlsplit(asked.path).path == "/sign-in"
    assert person.browser.get(reply.location).path == "/phone-change/new"


def request_in(page: Reply) -> dict[str, str]:
    """The hidden field of the sign-in page that names the request."""
    return {"request": page.text.partition('name="request" value="')[2].partition('"')[0]}


Reach = Callable[[Person], Reply]


def _asked(person: Person) -> str:
    person.browser.get(authorize())
    return person.request_change()


def open_change(person: Person) -> Reply:
    _asked(person)
    return person.browser.get("/profile")


def open_change_from_before(person: Person) -> Reply:
    person.request_change()
    return person.browser.get(authorize())


def cancelled_change(person: Person) -> Reply:
    _asked(person)
    person.browser.post("/phone-change/cancel")
    return person.browser.get("/profile")


def link_of_a_cancelled_change(person: Person) -> Reply:
    link = _asked(person)
    person.browser.post("/phone-change/cancel")
    return person.browser.get(link)


def removed_number(person: Person) -> Reply:
    person.press(_asked(person))
    return person.browser.get("/phone-change/removed")


def used_link_elsewhere(person: Person) -> Reply:
    link = _asked(person)
    person.press(link)
    return person.server.visitor().get(link)


def wait_in_another_browser(person: Person) -> Reply:
    elsewhere: Visitor = person.server.visitor()
    person.press(_asked(person))
    assert sign_in_by_mail(person, elsewhere).location == "/sign-in/wait"
    return elsewhere.get("/sign-in/wait")


def new_number_bound(person: Person) -> Reply:
    person.press(_asked(person))
    person.give_password()
    number = new_number()
    person.enter_number(number)
    person.prove_number(number)
    return person.browser.get("/phone-change/finished")


def link_of_a_finished_change(person: Person) -> Reply:
    link = _asked(person)
    person.press(link)
    person.give_password()
    number = new_number()
    person.enter_number(number)
    person.prove_number(number)
    return person.server.visitor().get(link)


def codes_looked_at(person: Person) -> Reply:
    return person.browser.get(authorize("recovery_codes"))


LAST_PAGES: list[tuple[Reach, str]] = [
    (open_change, "pending"),
    (open_change_from_before, "pending"),
    (cancelled_change, "cancelled"),
    (link_of_a_cancelled_change, "cancelled"),
    (removed_number, "pending"),
    (used_link_elsewhere, "pending"),
    (wait_in_another_browser, "pending"),
    (new_number_bound, "done"),
    (link_of_a_finished_change, "done"),
    (codes_looked_at, "done"),
]


@pytest.mark.parametrize(("reach", "status"), LAST_PAGES)
def test_every_last_page_leads_back_with_what_became_of_it(server: Server, reach: Reach, status: str) -> None:
    person = server.person()
    person.sign_in()

    page = reach(person)

    action = "recovery_codes" if reach is codes_looked_at else "change_phone"
    assert told(page) == back(server, action, status)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"action": "delete_account"}, "invalid_request"),
        ({"action": "change_phone manage_factors"}, "invalid_request"),
        ({"prompt": "none"}, "interaction_required"),
    ],
)
def test_what_is_no_action_for_a_person_is_told_to_the_application(
    server: Server, more: dict[str, str], error: str
) -> None:
    reply = server.visitor().send("GET", authorize(**{"action": "change_phone", **more}))

    query = parse_qs(urlsplit(reply.location).query)
    assert reply.location.startswith(f"{CALLBACK}?")
    assert (query["error"], query["state"]) == ([error], ["the-state"])


def test_an_action_gives_no_code_and_its_address_signs_nobody_in(server: Server) -> None:
    person, stranger = server.person(), server.visitor()
    person.sign_in()

    arrived = person.browser.get(authorize())
    stranger.get(authorize())
    stranger.get("/account?action=change_phone")

    assert "code=" not in arrived.text
    assert person.rows("oauth_grant") == []
    assert urlsplit(stranger.send("GET", "/phone-change/new").location).path == "/sign-in"


@pytest.mark.parametrize("hint", ["", "no.id.token", "eyJhbGciOiJub25lIn0.{}."])
def test_the_address_of_account_management_leads_to_a_place_and_back_to_nobody(server: Server, hint: str) -> None:
    person = server.person()
    person.sign_in()
    forged = urlsafe_b64encode(json.dumps({"sub": "b" * 32, "aud": "shop"}).encode()).rstrip(b"=").decode()

    arrived = person.browser.get(f"/account?action=change_phone&id_token_hint={hint.format(forged)}")
    left = person.browser.get("/profile")
    anywhere = person.browser.send("GET", "/account?action=https://evil.example")

    assert (arrived.path, left.path, anywhere.location) == ("/phone-change/new", "/profile", "/profile")
    assert WAY_BACK not in left.text
