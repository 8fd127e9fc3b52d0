"""Threat: strangers who make a history grow for ever by posting what is refused (SECURITY.md row 49)."""

from collections import Counter

from harness.server import Server
from harness.visitor import rush
from renumber.domain.account import NOBODY
from renumber.policies.limits import Limits
from renumber.policies.tally import GUESSES

POSTS, AT_ONCE = 60, 10  # of each kind
UNKNOWN = "A" * 22  # a link that nobody was sent
GUESSED = {f"refused:{refusal}" for refusal in GUESSES}
MOST_GUESSES = Limits().free_sign_in_failures + 12  # what the delays let through in the time that the test takes


NOBODYS = f"{NOBODY[:-2]}__"  # the ids of all that stand in for accounts that aren't there


def refusals(server: Server, whose: str) -> Counter[str]:
    """The rows of refusals in the histories of these accounts."""
    rows = server.rows(f"SELECT act FROM audit WHERE account_id LIKE '{whose}' AND act LIKE 'refus%'")  # noqa: S608
    return Counter(row["act"] for row in rows)


def test_hundreds_of_refused_posts_add_a_row_for_each_kind_and_one_count_for_the_hour(server: Server) -> None:
    person, stranger = server.person(), server.visitor()
    server.move(3601)  # what others were refused before is another hour's
    before = refusals(server, NOBODYS)
    stranger.get("/sign-in")

    def post(turn: int) -> int:
        mine = stranger.copied()
        mine.post("/sign-in", {"email": person.email, "password": f"guess number {turn}"})
        mine.post("/sign-in/forgotten", {"email": person.email})
        mine.post(f"/freeze/{UNKNOWN}")
        return mine.post(f"/phone-change/link/{UNKNOWN}").status

    statuses = {status for _ in range(POSTS // AT_ONCE) for status in rush(AT_ONCE, post)}
    person_s, nobodys = refusals(server, person.account_id), refusals(server, NOBODYS) - before

    assert statuses == {404}
    assert all(times == 1 for act, times in person_s.items() if act not in GUESSED), person_s
    assert sum(times for act, times in person_s.items() if act in GUESSED) <= MOST_GUESSES
    assert all(times == 1 for act, times in nobodys.items() if act not in GUESSED), nobodys

    anchor = server.sign_history()
    assert refusals(server, person.account_id) - person_s == Counter(["refusals_counted"])
    assert refusals(server, NOBODYS)["refusals_counted"] >= 1
    (count,) = server.rows(
        f"SELECT evidence FROM audit WHERE account_id = '{person.account_id}' AND act = 'refusals_counted'"  # noqa: S608
    )
    assert " more refused:too_many_sign_ins" in count["evidence"]
    assert "nothing was altered" in server.run("audit", "verify", "--after", anchor)
