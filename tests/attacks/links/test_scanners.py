"""Threat: mail scanners, previews and prefetchers that open every link, again and again (SECURITY.md row 18)."""

import pytest

from harness.person import NEW_PASSWORD, STOP, Person, digits_asked
from harness.server import Server, new_number
from harness.visitor import rush

TIMES = 50
SCANNERS = ("Mozilla/5.0 (compatible; SafeLinks)", "facebookexternalhit/1.1", "curl/8.5.0", "")


def links_of(person: Person) -> list[str]:
    """The three kinds of links there are, all of them live."""
    person.sign_in()
    change = person.request_change()
    stop = person.mail("Change your phone number").link(STOP)
    person.browser.get("/sign-in/forgotten")
    person.browser.post("/sign-in/forgotten", {"email": person.email})
    return [change, stop, person.mail("Choose a new password").link(NEW_PASSWORD)]


def open_by_scanners(server: Server, links: list[str]) -> set[int]:
    """Open each link fifty times by GET and fifty times by HEAD, from everywhere at once."""

    def scan(turn: int) -> set[int]:
        scanner = server.visitor()
        scanner.headers["User-Agent"] = SCANNERS[turn % len(SCANNERS)]
        return {scanner.send(method, link).status for link in links for method in ("GET", "HEAD")}

    return set().union(*rush(TIMES, scan))


def test_opening_live_links_fifty_times_changes_nothing_and_they_still_work(server: Server) -> None:
    person = server.person()
    links = links_of(person)
    before = server.snapshot(person)

    statuses = open_by_scanners(server, links)

    assert server.snapshot(person).changes_since(before) == set()
    assert statuses == {200}
    assert person.press(links[0]).location == "/phone-change/removed"


def test_opening_ended_links_fifty_times_changes_nothing(server: Server) -> None:
    person = server.person()
    links = links_of(person)
    person.press(links[0])
    person.press(links[1])
    before = server.snapshot(person)

    statuses = open_by_scanners(server, [links[0], links[2], "/phone-change/link/AAAAAAAAAAAAAAAAAAAAAA"])

    assert server.snapshot(person).changes_since(before) == set()
    assert statuses == {403, 404, 410}  # 403: a new password for a frozen account


def test_a_scanner_that_presses_does_what_the_owner_asked_for_and_no_more(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    scanner = server.visitor()

    pressed = person.press(link, scanner)

    assert pressed.location == "/phone-change/removed"
    assert [name for name in scanner.cookies if name in {"__Host-session", "__Host-sign-in"}] == []
    led = [scanner.get(page).path.partition("?")[0] for page in ("/profile", "/sign-in/number")]
    assert led == ["/sign-in", "/sign-in"]
    assert person.account["number"] is None


def test_the_owner_s_own_click_after_a_scanner_s_finds_the_way_to_the_new_number(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    person.press(link, server.visitor())
    new = new_number()

    clicked = person.browser.get(link)
    reply = person.give_password()
    person.browser.get(reply.location)
    person.browser.submit("/sign-in/email-code", {"code": person.mail("Your code").code})
    person.enter_number(new)
    finished = person.prove_number(new)

    assert clicked.status == 410
    assert '<a class="button main" href="/sign-in">' in clicked.text
    assert reply.location == "/sign-in/email-code"
    assert finished.location == "/phone-change/finished"


@pytest.mark.parametrize("channel", ["mail", "text"])
def test_a_scanner_that_presses_the_button_of_a_notice_freezes_nothing_and_a_person_does(
    server: Server, channel: str
) -> None:
    person = server.person()
    person.reset_number()
    told = person.mail("was reset") if channel == "mail" else server.sinks.sms.find(person.number, "was removed")
    stop, scanner = told.link(STOP), server.visitor()

    for typed in ({}, {"digits": ""}, {"digits": "test"}):
        page = scanner.get(stop)
        assert digits_asked(page)
        assert scanner.post(stop, typed).status == 422
        pressed = scanner.submit(stop, typed)
        assert "Please type the three digits" in pressed.text
        assert digits_asked(pressed) == digits_asked(page), "and whoever is a person reads them again"

    assert person.account["state"] == "active"
    assert person.told("account_frozen") == {}
    assert person.press(stop, server.visitor()).location == stop
    assert person.account["state"] == "frozen"


def test_in_the_owner_s_own_browser_one_press_is_enough(server: Server) -> None:
    person = server.person()
    person.reset_number()
    stop = person.mail("was reset").link(STOP)

    assert digits_asked(person.browser.get(stop)) == {}
    assert person.browser.post(stop).location == stop
    assert person.account["state"] == "frozen"
