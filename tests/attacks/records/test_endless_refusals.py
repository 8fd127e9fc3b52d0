"""Threat: strangers who make a history grow for ever by posting what is refused (SECURITY.md row 49)."""

from collections import Counter

from harness.server import Server
from harness.visitor import rush
from renumber.domain.account import NOBODY
from renumber.policies.limits import Limits
from renumber.policies.tally import GUESSES

POSTS, AT_ONCE = 60, 10  # of each kind
GUESSED = {f"refused:{refusal}" for refusal in GUESSES}
MOST_GUESSES = Limits().free_sign_in_failures + 12  # what the delays let through in the time that the test takes


def refusals(server: Server, account_id: str) -> Counter[str]:
    """The rows of refusals in one history."""
    rows = server.rows(f"SELECT act FROM audit WHERE account_id = '{account_id}' AND act LIKE 'refus%'")  # noqa: S608
    return Counter(row["act"] for row in rows)


def test_hundreds_of_refused_posts_add_a_row_for_each_kind_and_one_count_for_the_hour(server: Server) -> None:
    person, stranger = server.person(), server.visitor()
    server.move(3601)  # what others were refused before is another hour's
    before = refusals(server, NOBODY)
    stranger.get("/sign-in")

    def post(turn: int) -> int:
        mine = stranger.copied()
        form = {"email": person.email, "password": f"guess number {turn}"}
        link = f"{turn:022d}"
        replies = [
            mine.post("/sign-in", form),
            mine.post("/sign-in/forgotten", {"email": person.email}),
            mine.post(f"/phone-change/link/{link}"),
            mine.post(f"/freeze/{link}"),
        ]
        return sum(reply.status >= 400 or reply.status == 303 for reply in replies)

    answered = sum(
        sum(rush(AT_ONCE, lambda turn, first=first: post(first + turn))) for first in range(0, POSTS, AT_ONCE)
    )
    person_s, nobodys = refusals(server, person.account_id), refusals(server, NOBODY) - before

    assert answered > 2 * POSTS
    assert all(times == 1 for act, times in person_s.items() if act not in GUESSED), person_s
    assert sum(times for act, times in person_s.items() if act in GUESSED) <= MOST_GUESSES
    assert all(times == 1 for act, times in nobodys.items() if act not in GUESSED), nobodys

    anchor = server.sign_history()
    assert refusals(server, person.account_id) - person_s == Counter(["refusals_counted"])
    assert refusals(server, NOBODY)["refusals_counted"] >= 1
    (count,) = server.rows(
        f"SELECT evidence FROM audit WHERE account_id = '{person.account_id}' AND act = 'refusals_counted'"  # noqa: S608
    )
    assert " more refused:too_many_sign_ins" in count["evidence"]
    assert "nothing was altered" in server.run("audit", "verify", "--after", anchor)
