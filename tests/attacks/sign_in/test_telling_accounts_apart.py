"""Threat: a stranger who learns whether an address or a number is known here (SECURITY.md rows 9, 25; ASVS 6.3.8)."""

import re
import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median

import pytest

from harness.person import Person
from harness.server import Server, new_number, quick_server
from harness.sinks import Sinks
from harness.visitor import Reply, Visitor
from renumber.settings import Argon2

TRIES = 40
DEFAULT = Argon2()
strangers = count(1)
ROUNDS = 3  # a busy machine may spoil one, a difference in the work spoils all
VARIABLE = re.compile(
    r'name="csrf" value="[^"]*"|(?:person|stranger)-\d+@example\.com|•+\d{3}|<time [^>]*>|data-countdown="\d+"'
    r'|(?s:<div role="status" data-delivery.*?</p>)'
    r'|"request_id": "[0-9a-f]+"'
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def costly_server(
    request: pytest.FixtureRequest,
    fresh_database: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    sinks: Sinks,
) -> Iterator[Server]:
    """A server whose passwords cost what they do by default: where time is measured, that is most of it."""
    url, folder = fresh_database(request.param), tmp_path_factory.mktemp("costly")
    cost = {"argon2_memory": str(DEFAULT.memory), "argon2_time": str(DEFAULT.time)}
    with quick_server(url, folder, sinks, workers=2, **cost) as serving:
        yield serving


def essence(reply: Reply) -> tuple[int, str, list[tuple[str, str]], str]:
    """A reply without what differs from one request to the next."""
    changing = {"date", "x-request-id", "set-cookie", "content-length", "server-timing"}
    headers = sorted((name, value) for name, value in reply.headers if name not in changing)
    cookies = ",".join(cookie.partition("=")[0] for cookie in reply.set_cookies)
    return reply.status, cookies, headers, VARIABLE.sub("", reply.body.decode())


def timed(act: Callable[[], Reply]) -> tuple[float, Reply]:
    """How long the reply took."""
    begun = time.perf_counter()
    reply = act()
    return time.perf_counter() - begun, reply


def try_password(browser: Visitor, email: str) -> Reply:
    """Enter a wrong password."""
    return browser.post("/sign-in", {"email": email, "password": "no such word"})


def ask_for_link(browser: Visitor, email: str) -> Reply:
    """Say that the password is forgotten."""
    return browser.post("/sign-in/forgotten", {"email": email})


def compared(server: Server, path: str, act: Callable[[Visitor, str], Reply]) -> tuple[list[float], list[float]]:
    """The times for known and for unknown addresses, one after the other; every reply must be the same."""
    known = [person.email for person in server.people(TRIES)]
    unknown = [f"stranger-{next(strangers)}@example.com" for _ in range(TRIES)]
    times: tuple[list[float], list[float]] = ([], [])
    essences = set()
    for turn, pair in enumerate(zip(known, unknown, strict=True)):
        for kind, email in list(enumerate(pair))[:: 1 - turn % 2 * 2]:  # each comes as often after either
            browser = server.visitor()
            browser.get(path)
            took, reply = timed(lambda browser=browser, email=email: act(browser, email))  # type: ignore[misc]  # bound
            times[kind].append(took)
            essences.add(repr(essence(reply)))
    assert len(essences) == 1, essences
    return times


def is_one_class(measure: Callable[[], tuple[list[float], list[float]]], within: float) -> bool:
    """Whether neither kind takes so many times as long as the other, in one of a few rounds."""
    ratios = (median(first) / median(second) for first, second in (measure() for _ in range(ROUNDS)))
    return any(1 / within < ratio < within for ratio in ratios)


def test_a_wrong_password_gets_the_same_bytes_and_time_for_known_and_unknown_addresses(costly_server: Server) -> None:
    assert is_one_class(lambda: compared(costly_server, "/sign-in", try_password), 1.4)  # without its hash: 0.2


def test_a_forgotten_password_gets_the_same_bytes_and_time_for_known_and_unknown_addresses(
    costly_server: Server,
) -> None:
    assert is_one_class(lambda: compared(costly_server, "/sign-in/forgotten", ask_for_link), 2.0)


def test_the_delay_after_too_many_guesses_looks_the_same_for_known_and_unknown_addresses(server: Server) -> None:
    held = []
    for email in (server.person().email, f"stranger-{next(strangers)}@example.com"):
        for _ in range(5):
            browser = server.visitor()
            browser.get("/sign-in")
            try_password(browser, email)
        late = server.visitor()
        late.get("/sign-in")
        held.append(try_password(late, email))

    assert held[0].status == 429
    assert essence(held[0])[:3] == essence(held[1])[:3]
    assert re.sub(r"\d\d:\d\d", "", repr(essence(held[0]))) == re.sub(r"\d\d:\d\d", "", repr(essence(held[1])))


def at_number(server: Server) -> Person:
    """Somebody who is about to enter a new number."""
    person = server.person()
    person.come_to_number()
    return person


def test_a_taken_and_a_free_number_get_the_same_bytes_and_time(server: Server) -> None:
    assert is_one_class(lambda: compared_numbers(server), 2.5)


def compared_numbers(server: Server) -> tuple[list[float], list[float]]:
    """The times for taken and for free numbers, one after the other; every reply must be the same."""
    times: dict[bool, list[float]] = {True: [], False: []}
    pages: dict[bool, set[str]] = {True: set(), False: set()}
    for _ in range(5):
        for is_taken in (True, False):
            person, other = at_number(server), server.person()
            number = other.number if is_taken else new_number()
            person.browser.get("/sign-in/number")
            took, entered = timed(
                lambda person=person, number=number: person.browser.post(  # type: ignore[misc]  # bound
                    "/sign-in/number", {"country": "DE", "number": number}
                )
            )
            times[is_taken].append(took)
            shown = person.browser.get(entered.location)
            same = re.sub(r"\+49[ \d]+", "the number that was typed", re.sub(r"\d\d:\d\d", "", repr(essence(shown))))
            pages[is_taken] |= {repr(essence(entered)), same}
    assert len(pages[True]) == 2
    assert pages[True] == pages[False]
    return times[True], times[False]


def rows_of(server: Server, person: Person) -> set[bytes]:
    """All that is kept of a person; what is kept of nobody is tidied up beside it."""
    return {row for row in server.snapshot(person).rows if person.account_id.encode() in row}


def test_a_number_that_is_taken_can_be_bound_and_its_other_account_is_not_touched(server: Server) -> None:
    owner, other = server.person(), server.person()
    owner.sign_in()
    before = rows_of(server, owner)

    other.come_to_number()
    server.move(11 * 60)
    other.give_password()
    other.enter_number(owner.number)
    finished = other.prove_number(owner.number)

    assert finished.location == "/phone-change/finished"
    assert owner.account["number_key"] == other.account["number_key"]
    assert rows_of(server, owner) == before
    assert owner.browser.get("/profile").path == "/profile"
