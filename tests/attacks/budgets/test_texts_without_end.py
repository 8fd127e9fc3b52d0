"""Threat: an act that is repeated until somebody has a bill for text messages (SECURITY.md row 44)."""

from collections import Counter
from datetime import timedelta

from harness.passkeys import give_passkey, sign_in_alone
from harness.person import STOP, Person
from harness.server import Server
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import rush
from renumber.policies.limits import Limits

BUDGET = Limits().texts_told_per_day
DAY = timedelta(days=1).total_seconds()
ANOTHER = "f" * 32


def notices(person: Person) -> list[str]:
    """What the phone was told, apart from codes."""
    person.server.await_sent(person.account_id)
    return [text.text for text in person.texts if "#" not in text.text]


def joined(person: Person) -> str:
    """The text that comes the next day for all that had no room."""
    person.server.move(DAY)
    return person.server.sinks.sms.find(person.number, "more since").text


def rest_of(person: Person, notice: str, told: int) -> str:
    """How many of a notice were not told by a text of their own."""
    return f"{told - person.told(notice)['sms']} more since"


def test_sixty_answers_of_a_copied_passkey_make_a_few_texts_and_sixty_mails(server: Server) -> None:
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    copy = authenticator.clone()
    assert sign_in_alone(person.browser, authenticator).location == "/profile"
    thief = server.visitor()

    statuses = Counter(sign_in_alone(thief, copy.clone()).status for _ in range(60))

    assert statuses == {422: 60}
    assert person.told("passkey_cloned")["email"] == 60
    assert 1 <= len(notices(person)) <= BUDGET
    assert rest_of(person, "passkey_cloned", 60) in joined(person)


def test_ending_other_sessions_forty_times_makes_a_few_texts_and_forty_mails(server: Server) -> None:
    person = server.person()
    thief = person.sign_in().copied()
    person.server.write(_another_session(person))

    for _ in range(40):
        person.server.write(f"UPDATE session SET ended_at = NULL WHERE session_id = '{ANOTHER}'")  # noqa: S608 - ours
        thief.get("/profile")
        assert thief.post("/sessions/end-others").status == 303

    assert person.told("sessions_ended")["email"] == 40
    assert 1 <= len(notices(person)) <= BUDGET
    assert rest_of(person, "sessions_ended", 40) in joined(person)


def _another_session(person: Person) -> str:
    """A session beside this one, which the thief opens again each time: they have the password and the phone."""
    columns = ", ".join(column for column in person.rows("session")[0] if column not in {"session_id", "token_key"})
    own = f"SELECT '{ANOTHER}', token_key, {columns} FROM session WHERE account_id = '{person.account_id}'"  # noqa: S608
    return f"INSERT INTO session (session_id, token_key, {columns}) {own}"


def test_at_once_from_two_processes_the_texts_stay_within_the_budget(server: Server) -> None:
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    copy = authenticator.clone()
    assert sign_in_alone(person.browser, authenticator).location == "/profile"

    rush(20, lambda _: sign_in_alone(server.visitor(), copy.clone()))

    assert person.told("passkey_cloned")["email"] == 20
    assert 1 <= len(notices(person)) <= BUDGET
    assert rest_of(person, "passkey_cloned", 20) in joined(person)


def test_the_joined_text_stops_what_it_tells_of(server: Server) -> None:
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    copy = authenticator.clone()
    assert sign_in_alone(person.browser, authenticator).location == "/profile"
    for _ in range(10):
        sign_in_alone(server.visitor(), copy.clone())
    server.await_sent(person.account_id)
    server.move(DAY)

    stop = server.sinks.sms.find(person.number, "more since").link(STOP)

    assert person.press(stop).location == stop
    assert person.account["state"] == "frozen"
