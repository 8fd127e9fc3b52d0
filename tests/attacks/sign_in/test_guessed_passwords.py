"""Threat: guessing a password, or shutting its owner out by doing so (SECURITY.md rows 24, 25; ASVS 6.3.8)."""

import math
import time

from harness.server import PROXY, Server
from harness.visitor import rush

CROWD = 100
FREE, FREE_OF_IP = 5, 20
LONGEST_DELAY = 5 * 60


def most_evaluated(free: int, seconds: float) -> int:
    """Each further guess waits twice as long as the one before: 1, 2, 4 … s."""
    return free + int(math.log2(seconds + 1)) + 1


def test_of_a_hundred_guesses_at_once_the_free_ones_are_evaluated_while_the_owner_signs_in(server: Server) -> None:
    person = server.person()
    owner = person.sign_in()
    server.move(60)
    owner.post("/sign-out")
    owner.get("/sign-in")
    crowd = [server.visitor() for _ in range(CROWD)]
    for browser in crowd:
        browser.get("/sign-in")
    begun = time.monotonic()

    def act(turn: int) -> tuple[int, str]:
        browser, word = (owner, person.password) if turn == CROWD else (crowd[turn], f"guess number {turn}")
        reply = browser.post("/sign-in", {"email": person.email, "password": word})
        return reply.status, reply.location

    *guesses, own = rush(CROWD + 1, act)

    evaluated = person.acts("refused:wrong_credentials")
    assert FREE <= evaluated <= most_evaluated(FREE, time.monotonic() - begun)
    assert [status for status, _ in guesses].count(429) == CROWD - evaluated
    assert own == (303, "/sign-in/code")


def test_guesses_never_lock_an_account_for_good(server: Server) -> None:
    person = server.person()
    for turn in range(FREE):
        person.give_password(server.visitor(), f"guess number {turn}")
    stranger = server.visitor()

    held = person.give_password(stranger)
    server.move(LONGEST_DELAY)
    later = person.give_password(stranger)

    assert held.status == 429
    assert "Too many" in held.text
    assert (later.status, later.location) == (303, "/sign-in/code")


def test_one_address_that_tries_many_accounts_is_slowed_too(server: Server) -> None:
    attacker = server.visitor()
    attacker.get("/sign-in")

    replies = [
        attacker.post("/sign-in", {"email": f"nobody-{turn}@example.com", "password": "guess"}).status
        for turn in range(FREE_OF_IP + 1)
    ]

    assert replies == [422] * FREE_OF_IP + [429]


def test_a_forged_forwarded_for_does_not_move_a_throttle(server: Server) -> None:
    attacker, behind = server.visitor(), server.visitor(PROXY)
    real = server.visitor().ip
    form = {"password": "guess"}
    attacker.get("/sign-in")
    behind.get("/sign-in")

    direct = [
        attacker.post(
            "/sign-in", {**form, "email": f"no-{turn}@example.com"}, {"X-Forwarded-For": f"198.51.100.{turn}"}
        ).status
        for turn in range(FREE_OF_IP + 1)
    ]
    proxied = [
        behind.post(
            "/sign-in", {**form, "email": f"nix-{turn}@example.com"}, {"X-Forwarded-For": f"198.51.100.{turn}, {real}"}
        ).status
        for turn in range(FREE_OF_IP + 1)
    ]

    assert direct == proxied == [422] * FREE_OF_IP + [429]
