"""Threat: the number that was just typed is read in full by whoever has a copied cookie (SECURITY.md row 22)."""

from base64 import urlsafe_b64decode

import pytest

from harness.person import Person
from harness.server import Server, new_number
from harness.visitor import Visitor

NUMBER, CODE, DONE = "/sign-in/number", "/sign-in/number/code", "/phone-change/finished"
TYPED = "__Host-number"
HALF_AN_HOUR = 30 * 60


def full(number: str) -> str:
    """As the pages write it."""
    return f"+49 {number[3:7]} {number[7:]}"


def masked(number: str) -> str:
    """As every other page writes it."""
    return f"+49 ••• ••• {number[-3:]}"


def who_typed(server: Server) -> tuple[Person, str]:
    """Somebody who has entered the new number and looks at the page of its code."""
    person, number = server.person(), new_number()
    person.come_to_number()
    assert person.enter_number(number).location == CODE
    return person, number


def another(person: Person) -> Visitor:
    """Another browser that goes on with all cookies of the first but the one that names it."""
    copied = person.browser.copied()
    copied.cookies["__Host-browser"] = "0" * 32
    return copied


def test_the_page_of_its_code_shows_it_in_full_in_the_browser_that_typed_it_alone(server: Server) -> None:
    person, number = who_typed(server)

    own, other = person.browser.get(CODE), another(person).get(CODE)

    assert (full(number) in own.text, own.path) == (True, CODE)
    assert (full(number) in other.text, masked(number) in other.text, other.path) == (False, True, CODE)


def test_the_form_is_filled_in_again_in_the_browser_that_typed_it_alone(server: Server) -> None:
    person, number = who_typed(server)
    national = f"0{number[3:7]} {number[7:]}"

    own, other = person.browser.get(NUMBER), another(person).get(NUMBER)

    assert national in own.text
    assert (national in other.text, number[-6:] in other.text, other.path) == (False, False, NUMBER)


def test_the_last_page_shows_it_in_full_there_also_when_loaded_again_and_every_other_page_masked(
    server: Server,
) -> None:
    person, number = who_typed(server)
    assert person.prove_number(number).location == DONE

    own, again, other = person.browser.get(DONE), person.browser.get(DONE), another(person).get(DONE)

    assert full(number) in own.text
    assert full(number) in again.text
    assert (full(number) in other.text, masked(number) in other.text, other.path) == (False, True, DONE)
    for path in ("/", "/profile"):
        assert number[-6:] not in person.browser.get(path).text


def test_it_is_shown_in_full_for_half_an_hour_and_masked_from_then_on(server: Server) -> None:
    person, number = who_typed(server)
    assert person.prove_number(number).location == DONE
    cookies = dict(person.browser.cookies)
    server.move(HALF_AN_HOUR + 1)
    person.browser.cookies |= {TYPED: cookies[TYPED]}  # also if a browser keeps it for longer than it should

    page = person.browser.get(DONE)

    assert (full(number) in page.text, masked(number) in page.text) == (False, True)


def test_the_cookie_says_nothing_and_is_closed_to_scripts(server: Server) -> None:
    person, number = who_typed(server)

    [cookie] = [each for page in person.browser.pages for each in page.set_cookies if each.startswith(TYPED)]
    sealed = urlsafe_b64decode(person.browser.cookies[TYPED])

    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert attributes == {"Max-Age=1800", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
    assert number[1:].encode() not in sealed


@pytest.mark.parametrize("value", ["x", "AAAA", "ä", "=", "A" * 400])
def test_one_that_was_tampered_with_shows_nothing(server: Server, value: str) -> None:
    person, number = who_typed(server)
    person.browser.cookies[TYPED] = value.encode().decode("latin-1")

    page = person.browser.get(CODE)

    assert (page.status, full(number) in page.text, masked(number) in page.text) == (200, False, True)


def test_a_number_that_another_sign_in_has_entered_meanwhile_stays_masked(server: Server) -> None:
    person, number = who_typed(server)
    kept = person.browser.cookies[TYPED]
    assert person.give_password().location == NUMBER
    person.browser.cookies[TYPED] = kept

    page = person.browser.get(NUMBER)

    assert (page.path, number[-6:] in page.text) == (NUMBER, False)


def test_the_old_number_is_named_as_such_and_kept_by_its_own_button(server: Server) -> None:
    person = server.person()
    person.come_to_number().get(NUMBER)

    told = person.browser.submit(NUMBER, {"country": "DE", "number": person.number})
    kept = person.browser.post(f"{NUMBER}/old", {"country": "DE", "number": person.number})

    assert "That's your old number." in told.text
    assert f'action="{NUMBER}/old"' in told.text
    assert kept.location == CODE
    assert full(person.number) in person.browser.get(CODE).text
    assert person.prove_number(person.number).location == DONE


@pytest.mark.parametrize(("picked", "shown"), [("AT", "DE"), ("DE", "DE")])
def test_a_refused_number_with_its_code_picks_its_country_so_that_the_next_is_not_misread(
    server: Server, picked: str, shown: str
) -> None:
    person = server.person()
    person.come_to_number().get(NUMBER)

    page = person.browser.submit(NUMBER, {"country": picked, "number": "0049 151 2345"})

    assert f'value="{shown}" selected' in page.text
    assert "For Germany it looks like" in page.text


def test_the_page_of_the_number_leads_to_help_and_out(server: Server) -> None:
    person = server.person()
    page = person.come_to_number().get(NUMBER)

    assert 'href="/sign-in/help"' in page.text
    assert f'href="{NUMBER}"' in person.browser.get("/sign-in/help").text
    person.browser.get(NUMBER)
    assert person.browser.post("/sign-out").location == "/sign-in?notice=signed_out"
    assert person.browser.get(NUMBER).path == "/sign-in?notice=number_removed"
