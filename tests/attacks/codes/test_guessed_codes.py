"""Threat: guessing a code by trying many, from everywhere, again and again (SECURITY.md rows 12, 13; NIST 3.2.2)."""

from typing import Any

from harness.person import Person
from harness.server import PROXY, Server, new_number
from harness.visitor import Reply, Visitor, rush

CROWD = 100
CHECKS, SUSPENDED_AT = 5, 10


def wrong(right: str) -> str:
    """A code that is not this one."""
    return f"{(int(right) + 1) % 1_000_000:06}"


def from_everywhere(server: Server, browser: Visitor, turn: int) -> Visitor:
    """The same sign-in, seen from one of two hundred addresses, every other one behind the trusted proxy."""
    if turn % 2:
        return browser.copied(server.visitor().ip)
    return browser.copied(PROXY, **{"X-Forwarded-For": f"198.51.100.{turn}, 203.0.113.{turn}"})


def guess(browser: Visitor, code: str) -> Reply:
    """Type one code."""
    return browser.post("/sign-in/code", {"code": code})


def guess_from_everywhere(person: Person, code: str) -> list[Reply]:
    """Type it a hundred times at once."""
    crowd = [from_everywhere(person.server, person.browser, turn) for turn in range(CROWD)]
    return rush(CROWD, lambda turn: guess(crowd[turn], code))


def challenge_of(person: Person) -> dict[str, Any]:
    """The code in flight."""
    return person.rows("challenge")[0]


def test_of_a_hundred_guesses_at_once_five_are_evaluated_and_then_the_right_code_is_refused(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    right = person.text(1).code

    replies = guess_from_everywhere(person, wrong(right))
    late = guess(person.browser, right)

    assert {reply.status for reply in replies} == {422, 429}
    assert challenge_of(person)["wrong_guesses"] == CHECKS
    assert person.rows("authenticator")[0]["wrong_in_a_row"] == CHECKS
    assert person.acts("refused:wrong_code") == CHECKS - 1
    assert person.times("refused:too_many_wrong_codes") == CROWD - CHECKS + 1 + 1
    assert late.status == 429
    assert person.rows("session") == []


def test_ten_wrong_codes_in_a_row_suspend_the_phone_across_codes_and_then_the_right_code_is_refused(
    server: Server,
) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    guess_from_everywhere(person, wrong(person.text(1).code))
    server.move(31)
    assert person.browser.post("/sign-in/code/again").location == "/sign-in/code?sent=1"
    right = person.text(2).code

    guess_from_everywhere(person, wrong(right))
    late = guess(person.browser, right)

    factor = person.rows("authenticator")[0]
    assert (factor["wrong_in_a_row"], factor["suspended_at"] is None) == (SUSPENDED_AT, False)
    assert late.status == 403
    assert person.rows("session") == []
    assert person.told("factor_suspended") == {"email": 1, "sms": 1}
    assert person.told("wrong_factor") == {"email": 1}


def test_a_suspended_phone_stays_suspended_in_a_new_sign_in_and_in_another_browser(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    guess_from_everywhere(person, wrong(person.text(1).code))
    server.move(31)
    person.browser.post("/sign-in/code/again")
    right = person.text(2).code
    guess_from_everywhere(person, wrong(right))
    elsewhere = server.visitor()

    reply = person.give_password(elsewhere)
    page = elsewhere.get(reply.location)
    late = guess(elsewhere, right)

    assert "There were too many wrong codes" in page.text
    assert late.status == 403
    assert person.told("sign_in_code") == {"sms": 2}
    assert person.rows("session") == []


def test_a_resend_does_not_reset_the_count_of_a_code(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    right = person.text(1).code
    for _ in range(2):
        guess(person.browser, wrong(right))

    server.move(31)
    person.browser.post("/sign-in/code/again")
    for _ in range(2):
        guess(person.browser, wrong(right))
    last = guess(person.browser, wrong(right))
    late = guess(person.browser, right)

    assert person.text(2).code == right
    assert (last.status, late.status) == (429, 429)
    assert challenge_of(person)["wrong_guesses"] == CHECKS
    assert person.rows("session") == []


def test_ever_new_sign_ins_get_no_more_guesses_than_suspend_the_phone(server: Server) -> None:
    person = server.person()
    doors = [server.visitor() for _ in range(4)]
    for door in doors:
        door.get(person.give_password(door).location)
    rights = [person.text(turn + 1).code for turn in range(len(doors))]

    rush(CROWD, lambda turn: guess(doors[turn % 4].copied(server.visitor().ip), wrong(rights[turn % 4])))
    late = [guess(door, right) for door, right in zip(doors, rights, strict=True)]

    assert sum(row["wrong_guesses"] for row in person.rows("challenge")) == SUSPENDED_AT
    assert max(row["wrong_guesses"] for row in person.rows("challenge")) <= CHECKS
    assert person.rows("authenticator")[0]["wrong_in_a_row"] == SUSPENDED_AT
    assert {reply.status for reply in late} <= {403, 429}
    assert person.rows("session") == []


def test_a_late_text_still_carries_the_live_code(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    first = person.text(1)
    server.move(31)
    person.browser.post("/sign-in/code/again")
    person.text(2)

    reply = guess(person.browser, first.code)

    assert reply.location == "/profile"


def test_loading_the_page_of_a_code_again_sends_nothing(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.text(1)

    for _ in range(20):
        person.browser.get("/sign-in/code")

    assert person.told("sign_in_code") == {"sms": 1}


def test_a_new_number_s_code_has_the_same_cap(server: Server) -> None:
    person, new = server.person(), new_number()
    browser = person.come_to_number()
    person.enter_number(new)
    browser.get("/sign-in/number/code")
    right = server.sinks.sms.find(new, "connect this number").code

    rush(CROWD, lambda _: browser.copied().post("/sign-in/number/code", {"code": wrong(right)}))
    late = browser.post("/sign-in/number/code", {"code": right})

    challenge = next(row for row in person.rows("challenge") if row["purpose"] == "new_number")
    assert challenge["wrong_guesses"] == CHECKS
    assert late.status == 429
    assert person.account["number"] is None


def lift(person: Person, browser: Visitor) -> Reply:
    """Open what is suspended by a code to the mailbox, as somebody who reads the mails would."""
    browser.get("/sign-in/lift")
    browser.post("/sign-in/lift/again")
    person.server.await_sent(person.account_id)
    return browser.post("/sign-in/lift", {"code": person.mail("Your code to go on").code})


def test_a_hundred_guesses_with_a_lift_after_every_tenth_close_the_phone_and_the_mailbox_opens_it_no_more(
    server: Server,
) -> None:
    person, thief = server.person(), server.visitor()
    replies: list[Reply] = []
    for _ in range(10):
        server.move(25 * 3600)
        person.give_password(thief)
        for turn in range(2):
            thief.get("/sign-in/code")
            server.move(turn * 31)
            thief.post("/sign-in/code/again")
            person.server.await_sent(person.account_id)
            code = [text.code for text in person.texts if "#" in text.text][-1]
            replies += [guess(thief, wrong(code)) for _ in range(5)]
        lift(person, thief)

    assert "stays closed until you sign in with another one" in replies[-1].text
    guesses = {row["factor"]: row["guesses"] for row in person.rows("authenticator")}
    assert (person.account["disabled"], guesses["phone"]) == ("phone", 100)
    server.move(30 * 86400)
    person.give_password(thief)
    lift(person, thief)
    assert "stays closed" in thief.get("/sign-in/code").text
    assert dict(person.told("factor_disabled")) == {"email": 1}
