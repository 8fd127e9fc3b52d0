"""Names from the operator's command line to the page and the mail: kept, set apart, or refused."""

import pytest

from harness.server import Server

KEPT = [
    "علی\u200cرضا محمدی",
    "יוסף כהן",
    "ශ්\u200dරී",
    "Jose\u0301 Müller",
    "O’Connor",
    "王小明",
    "Erika\u3000\u00a0Muster",
]
HARMFUL = ["Eva \u202etxet", "Eva\u2066x", "Eva\nBcc: a@example.com", "Eva\u2028x", "\u200d", "x" * 201]


def create(server: Server, name: str, turn: int) -> tuple[int, str]:
    email = f"named-{turn}@example.com"
    ran = server.tries("account", "create", "--email", email, "--name", name, "--phone", "+4915123456789")
    return ran.returncode, email


def test_names_are_kept_and_those_that_turn_words_around_are_refused(server: Server) -> None:
    for turn, name in enumerate(KEPT):
        code, email = create(server, name, turn)
        assert (code, name) == (0, name)
        assert "Jose\u0301" not in server.run("account", "show", email)
    for turn, name in enumerate(HARMFUL):
        assert create(server, name, 100 + turn)[0] != 0, name


@pytest.mark.parametrize("name", ["علی\u200cرضا محمدی", "יוסף כהן", "\u0301Eva"])
def test_a_name_is_set_apart_on_the_page_and_in_a_mail(server: Server, name: str) -> None:
    person = server.person(name)
    person.sign_in()
    person.request_change()

    page, mail = person.browser.get("/profile"), person.mail("Change your phone number")

    assert f"<span><bdi>{name}</bdi></span>" in page.body.decode()
    assert f"<dd><bdi>{name}</bdi></dd>" in page.body.decode()
    assert f"Hello \u2068{name}\u2069," in mail.text
    assert f"Hello <bdi>{name}</bdi>," in mail.rendered
