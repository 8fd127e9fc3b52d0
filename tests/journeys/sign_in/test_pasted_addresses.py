"""People paste addresses as they find them: signing in and a forgotten password find the account all the same."""

from harness.server import Server

SPELLINGS = (
    "mailto:{}",
    "Erika Muster <{}>",
    "<{}>",
    "{}.",
    '"{}"',
    "\ufeff{}\u200b",
    "\u2068{}\u2069",
)


def test_an_address_that_was_pasted_signs_in(server: Server) -> None:
    person = server.person()
    whole = person.email.replace("@", "\uff20")

    for spelling in (*(each.format(person.email) for each in SPELLINGS), whole):
        browser = server.visitor()
        browser.get("/sign-in")
        reply = browser.post("/sign-in", {"email": spelling, "password": person.password})
        assert (reply.status, reply.location) == (303, "/sign-in/code"), ascii(spelling)
        server.move(3600)


def test_two_addresses_in_one_field_are_nobodys(server: Server) -> None:
    person, other = server.person(), server.person()
    browser = server.visitor()
    browser.get("/sign-in")

    reply = browser.post("/sign-in", {"email": f"{other.email} <{person.email}>", "password": person.password})

    assert reply.status == 422
