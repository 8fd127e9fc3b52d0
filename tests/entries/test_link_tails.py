"""Links as mail programs and people hand them on: with something behind the token, within it, or encoded once more."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.person import NEW_PASSWORD, RELEASE, STOP, Person, digits_asked
from harness.server import Server
from harness.visitor import Reply
from renumber.web import pages
from tests.attacks.customer_relations import help_with_a_case

Carry = Callable[[str], str]
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
BEHIND = (
    *(".", ")", ",", ";", "!", "]", "%7D", "'", "*"),
    *("_", "-", "...", "&data=05%7C02%7Cx", "&amp;utm_source=mail", "%20", "%22", "%3E", "%29."),
    *("%C2%A0", "%E2%80%9D", "%E2%80%8B", "%0D%0A", "=", "=%0D%0A", "%2E", "%253E", "~x"),
    *("|x", "?utm_source=newsletter", "?", "/", "%EF%BB%BF", "%3C/a%3E"),
)


def within(mark: str) -> Carry:
    """Break the token by a mark."""
    return lambda token: f"{token[:9]}{mark}{token[9:]}"


CARRIED: dict[str, Carry] = {
    **{f"behind: {tail}": (lambda token, tail=tail: token + tail) for tail in BEHIND},  # type: ignore[misc]
    "soft break": within("=%0D%0A"),
    "soft break without its line end": within("="),
    "line break and indent": within("%0A%20%20"),
    "zero-width space": within("%E2%80%8B"),
    "before: <": lambda token: f"%3C{token}%3E",
    "each letter encoded": lambda token: "".join(f"%{ord(each):02X}" for each in token),
    "each letter encoded twice": lambda token: "".join(f"%25{ord(each):02x}" for each in token),
}


def links_of(person: Person) -> dict[str, str]:
    """One live link to each page behind one, by its path."""
    server, browser = person.server, person.browser
    person.sign_in()
    change = person.request_change()
    browser.get("/sign-in/forgotten")
    browser.post("/sign-in/forgotten", {"email": person.email})
    found = [
        change,
        person.mail("Change your phone number").link(STOP),
        person.mail("Choose a new password").link(NEW_PASSWORD),
    ]
    frozen, suspended = server.person(), server.person()
    server.run("account", "freeze", frozen.email, "--reason", "asked to")
    frozen.browser.get("/sign-in/forgotten")
    frozen.browser.post("/sign-in/forgotten", {"email": frozen.email})
    found += [frozen.mail(RELEASE).link(RELEASE), mailbox_link(suspended), *recovery_links(server.person())]
    return {link.rpartition("/")[0]: link for link in found}


def recovery_links(person: Person) -> list[str]:
    """Ask for recovery, and let two people agree to it."""
    person.browser.get(person.give_password().location)
    person.browser.get("/sign-in/help")
    person.browser.post("/sign-in/recovery")
    request = person.mail("Confirm that you want your account back").link("/recovery/request")
    help_with_a_case(person.server, person)
    return [request, person.mail("Your way back to your account").link("/recovery/link")]


def mailbox_link(person: Person) -> str:
    """Guess at the mailbox's code until its link is sent."""
    person.reset_number()
    strange = person.server.visitor()
    for _ in range(2):
        person.give_password(strange)
        strange.get("/sign-in/email-code")
        code = person.mail("Your code").code
        for _ in range(5):
            strange.post("/sign-in/email-code", {"code": f"{(int(code) + 1) % 1_000_000:06}"})
        person.server.move(600)
    return person.mail("/sign-in/mailbox/").link("/sign-in/mailbox")


def seen(reply: Reply) -> tuple[int, str]:
    """What a page is."""
    title = TITLE.search(reply.body.decode())
    return reply.status, title[1] if title else ""


def test_every_page_behind_a_link_is_the_same_whatever_was_added_to_it(server: Server) -> None:
    links, stranger = links_of(server.person()), server.visitor()
    whole = {path: seen(stranger.send("GET", link)) for path, link in links.items()}

    for path, link in links.items():
        assert whole[path][0] == 200, path
        for name, carry in CARRIED.items():
            got = stranger.send("GET", f"{path}/{carry(link.rpartition('/')[2])}")
            assert (name, seen(got)) == (name, whole[path])


def test_all_pages_behind_links_were_tried() -> None:
    """Journeys are behind the same rule, and their address is made by an application."""
    sources = "".join(each.read_text() for each in Path(pages.__path__[0]).rglob("*.py"))

    routes = set(re.findall(r'"(/\S+)/\{token:path\}"', sources))
    own = {"/phone-change/link", STOP, NEW_PASSWORD, RELEASE, "/sign-in/mailbox", "/journeys"}
    assert routes == own | {"/recovery/request", "/recovery/link", "/caller/link"}
    assert 'param("token")' not in sources


def test_looking_at_them_uses_nothing_up_and_the_button_works_there(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    before, scanner = server.snapshot(person), server.visitor()

    for carry in CARRIED.values():
        path, _, token = link.rpartition("/")
        for method in ("GET", "HEAD"):
            assert scanner.send(method, f"{path}/{carry(token)}").status == 200
    page = person.browser.get(f"{link}%3E.")

    assert server.snapshot(person).changes_since(before) == set()
    assert person.browser.post(f"{link}%3E.", digits_asked(page)).location == "/phone-change/removed"


@pytest.mark.parametrize(
    "change", [lambda token: token + "A", lambda token: token[:-1], lambda token: token.swapcase()]
)
def test_a_token_that_was_mistyped_stays_unknown(server: Server, change: Carry) -> None:
    person = server.person()
    person.sign_in()
    path, _, token = person.request_change().rpartition("/")

    assert server.visitor().send("GET", f"{path}/{change(token)}").status == 404


def test_a_host_in_capitals_and_an_encoded_path_lead_to_the_page(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()

    shouted = server.visitor().send("GET", link, headers={"Host": f"LOCALHOST:{server.port}"})
    encoded = server.visitor().send("GET", link.replace("link", "%6Cink"))

    assert (shouted.status, encoded.status) == (200, 200)
