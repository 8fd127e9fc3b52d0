"""Whoever changes their number sees on every page where they are, and whose account and which act it is about."""

import re
from html import unescape

import pytest

from harness.person import STOP, Person
from harness.recovery_codes import come_to_codes, make_codes
from harness.server import Server, new_number
from harness.visitor import Reply, Visitor

STEP = re.compile(r'<li class="now" aria-current="step">.*?<span>([^<]*)</span>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="notice" value="([^"]*)">')
DONE = re.compile(r'<li class="done">')
ROW = re.compile(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", re.DOTALL)
CONFIRM, REMOVE, ENTER = "Confirm by e-mail", "Remove old number", "New number"
AFTER_RESET = "/sign-in?notice=number_removed"
WAITING = "/phone-change/waiting"


def step(page: Reply) -> str:
    """The one step that is marked as the present one."""
    assert page.status == 200, page.path
    [found] = STEP.findall(page.text)
    return str(found)


def rows(page: Reply) -> dict[str, str]:
    """The details of a page, without their tags."""
    return {name: unescape(re.sub(r"<[^>]*>", " ", text)) for name, text in ROW.findall(page.text)}


def with_link(server: Server) -> tuple[Person, str]:
    person = server.person()
    person.sign_in()
    return person, person.request_change()


def test_every_page_on_the_way_marks_the_step_that_is_being_taken(server: Server) -> None:
    person = server.person()
    browser = person.sign_in()
    seen = [step(browser.get("/profile")), step(browser.get("/phone-change/new"))]
    link = person.request_change()
    seen += [step(browser.get("/profile")), step(browser.get(link))]
    person.press(link)
    seen += [step(browser.get("/phone-change/removed")), step(browser.get(AFTER_RESET))]
    form = {
        "email": person.email,
        "password": "no such word",
        "notice": HIDDEN.findall(browser.get(AFTER_RESET).text)[0],
    }
    refused = browser.press("/sign-in", form)
    seen += [step(browser.get(refused.location))]
    person.give_password()
    seen += [step(browser.get("/sign-in/number")), step(browser.get("/sign-in/help"))]
    number = new_number()
    person.enter_number(number)
    seen += [step(browser.get("/sign-in/number/code"))]
    person.prove_number(number)

    assert seen == [CONFIRM, CONFIRM, CONFIRM, REMOVE, *[ENTER] * 6]
    assert len(DONE.findall(browser.get("/phone-change/finished").text)) == 3


def test_the_sign_in_page_says_what_comes_next_however_the_browser_that_asked_comes_to_it(server: Server) -> None:
    person, link = with_link(server)
    person.press(link, server.visitor())

    page = person.browser.get("/sign-in")

    assert step(page) == ENTER
    assert "Your number has been removed. Next: sign in and enter your new number." in page.text
    assert not STEP.findall(server.visitor().get("/sign-in").text)


def test_the_question_for_the_password_before_a_change_is_its_first_step(server: Server) -> None:
    person = server.person()
    person.sign_in()
    server.move(16 * 60)

    asked = [person.browser.get(f"/reauthenticate?next={path}") for path in ("/phone-change/new", "/profile")]

    assert [STEP.findall(page.text) for page in asked] == [[CONFIRM], []]


@pytest.mark.parametrize("is_pressed_here", [True, False])
def test_the_page_that_waits_is_led_on_by_the_press_wherever_it_is(server: Server, *, is_pressed_here: bool) -> None:
    person, link = with_link(server)
    before = person.browser.send("GET", WAITING)

    person.press(link, person.browser if is_pressed_here else server.visitor())

    assert (before.status, before.body) == (204, b"")
    assert person.browser.send("GET", WAITING).location == AFTER_RESET
    assert person.browser.send("GET", "/profile").location == AFTER_RESET


def test_the_page_that_waits_is_led_to_the_profile_once_nothing_is_waited_for(server: Server) -> None:
    person, _ = with_link(server)
    person.browser.get("/profile")
    person.browser.post("/phone-change/cancel")

    assert person.browser.send("GET", WAITING).location == "/profile"


def test_a_browser_whose_session_ended_before_the_press_hears_nothing_of_it(server: Server) -> None:
    person, other = server.person(), server.visitor()
    person.sign_in()
    person.sign_in(other)
    person.browser.get("/profile")
    person.browser.post("/sessions/end-others")
    person.press(person.request_change())

    assert other.send("GET", "/profile").location == "/sign-in?notice=session_ended"


def test_a_method_that_is_asked_for_amid_the_change_says_so_and_leads_on_to_the_number(
    server: Server,
) -> None:
    person = server.person()
    person.sign_in_to_manage()
    make_codes(person)
    person.press(person.request_change())

    browser = come_to_codes(person, server.visitor())
    page = browser.get("/sign-in/recovery-code")

    assert "You're changing your number" in page.text
    assert 'action="/sign-in/method/phone"' in page.text
    assert browser.press("/sign-in/method/phone").location == "/sign-in/email-code"


def test_the_page_of_the_link_names_the_account_and_where_it_was_asked_for(server: Server) -> None:
    person, link = with_link(server)

    shown = rows(server.visitor().get(link))

    assert shown["Account"] == f"{person.email[0]}…@{person.email.partition('@')[2]}"
    assert "Firefox on" in shown["Asked for"]


def test_the_page_that_freezes_names_the_account_and_the_act_that_the_message_told_of(server: Server) -> None:
    person = server.person()
    person.change_number(new_number())
    subjects = ("Change your phone number", "Your phone number was reset", "Your phone number was changed")

    shown = [rows(stop_page(server, person, subject)) for subject in subjects]

    assert {each["Account"][1:3] for each in shown} == {"…@"}
    assert [re.sub(r"\s*\d.*", "", each["What happened"], flags=re.DOTALL).strip() for each in shown] == [
        "A change of the phone number was asked for",
        "The phone number was removed",
        "The phone number was changed",
    ]


def stop_page(server: Server, person: Person, subject: str) -> Reply:
    """The page behind "This wasn't me" of a mail."""
    stranger: Visitor = server.visitor()
    return stranger.get(person.mail(subject).link(STOP))
