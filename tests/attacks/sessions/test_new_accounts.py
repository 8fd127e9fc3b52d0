"""Threat: whoever reads the mailbox of a new account takes it before its owner does (SECURITY.md rows 4, 46)."""

from itertools import count

from harness.person import NEW_PASSWORD
from harness.server import Server

numbers = count(1)
WORDS = "vurmix gapolde 27"


def test_the_mailbox_of_a_new_account_leads_to_a_password_and_then_to_a_wait(server: Server) -> None:
    email, thief = f"newcomer-{next(numbers)}-{server.port}@example.com", server.visitor()
    server.run("account", "create", "--email", email, "--name", "Nora Neu", "--locale", "en")

    link = server.sinks.mail.find(email, "Choose the password of your new account").link(NEW_PASSWORD)
    thief.get(link)
    chosen = thief.post(link, {"password": WORDS})
    thief.get("/sign-in")
    begun = thief.post("/sign-in", {"email": email, "password": WORDS})
    thief.get(begun.location)
    code = server.sinks.mail.find(email, "Your code to confirm").code
    proven = thief.post(begun.location, {"code": code})

    assert (chosen.location, begun.location) == ("/sign-in?notice=password_changed", "/sign-in/email-code")
    assert proven.location == "/sign-in/wait"
    assert thief.get("/profile").status == 403
    used = server.visitor()
    assert "used" in used.get(link).text
