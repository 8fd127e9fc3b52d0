"""Threat: an erased person whose cookies, links or address still open or tell something (SECURITY.md row 37)."""

from harness.person import STOP
from harness.server import Server
from renumber.domain.messages.message import Notice
from tests.attacks.full_life import Life


def test_nothing_of_an_erased_person_opens_or_tells_anything(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    stop = person.mail("Change your phone number").link(STOP)
    half, late = server.visitor(), server.visitor()
    server.move(60)
    half.get(person.give_password(half).location)
    late.get(link)

    server.run("account", "erase", person.email, "--yes")

    assert person.browser.get("/profile").path.startswith("/sign-in")
    assert half.post("/sign-in/code", {"code": "000000"}).location.startswith("/sign-in?")
    assert {late.get(path).status for path in (link, stop)} == {404}
    assert {late.post(path).status for path in (link, stop)} == {404}
    assert person.give_password(server.visitor()).status == 422
    assert person.live_sessions == 0


def test_the_history_still_verifies_after_lives_attacks_and_an_erasure(server: Server, life: Life) -> None:
    assert life.notices() == set(Notice)
    person = server.person()
    person.sign_in()
    server.run("account", "erase", person.email, "--yes")
    anchor = server.sign_history()

    said = server.run("audit", "verify", "--after", anchor)

    assert "nothing was altered" in said
    assert person.acts("account_erased") == 1
