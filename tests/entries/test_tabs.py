"""What is sent from a tab that was left open, after another one has gone on: right for where the sign-in stands now."""

import pytest

from harness.person import Person
from harness.recovery_codes import make_codes
from harness.server import Server, new_number
from harness.visitor import Reply, Visitor

ANEW = "Meanwhile you have begun to sign in again in this browser"
OVER = "for a step that is over meanwhile"
VOUCHED = {"Sec-Fetch-Site": "same-origin"}


def send_from(tab: str, browser: Visitor, path: str, form: dict[str, str]) -> Reply:
    """Send the form of a page that was opened a while ago, and follow where it leads."""
    browser.csrf = tab
    reply = browser.press(path, form, VOUCHED)
    return browser.get(reply.location) if reply.status == 303 else reply


def is_given_back(page: Reply, path: str, typed: str) -> bool:
    """Whether this is the page, tells what happened, and has what was typed."""
    return (page.path, ANEW in page.text, f'value="{typed}"' in page.body.decode()) == (path, True, True)


def tab_at(person: Person, path: str) -> str:
    """Give the password and open a page; gives what its form holds."""
    person.give_password()
    page = person.browser.get(path)
    assert page.path == path, page.path
    return str(page.csrf)


def test_a_code_of_the_newer_sign_in_typed_in_the_older_tab_is_one_press_from_signing_in(server: Server) -> None:
    person = server.person()
    older = tab_at(person, "/sign-in/code")
    newer = tab_at(person, "/sign-in/code")
    code = person.text(2).code

    page = send_from(older, person.browser, "/sign-in/code", {"code": code})

    assert (older != newer, page.path) == (True, "/sign-in/code")
    assert ANEW in page.text
    assert f'value="{code}"' in page.body.decode()
    assert all(row["wrong_guesses"] == 0 for row in person.rows("challenge"))
    assert person.browser.post("/sign-in/code", {"code": code}).location == "/profile"


def test_a_code_typed_after_the_newer_tab_has_signed_in_leads_to_the_profile(server: Server) -> None:
    person = server.person()
    older = tab_at(person, "/sign-in/code")
    tab_at(person, "/sign-in/code")
    assert person.browser.post("/sign-in/code", {"code": person.text(2).code}).location == "/profile"

    assert send_from(older, person.browser, "/sign-in/code", {"code": person.text(1).code}).path == "/profile"


def test_a_recovery_code_typed_in_the_older_tab_stays(server: Server) -> None:
    person = server.person()
    person.sign_in()
    code = make_codes(person).codes[0]
    tabs = []
    for _ in range(2):
        person.give_password()
        person.browser.get("/sign-in/method")
        person.browser.post("/sign-in/method/recovery-code")
        tabs.append(str(person.browser.get("/sign-in/recovery-code").csrf))

    page = send_from(tabs[0], person.browser, "/sign-in/recovery-code", {"code": code})

    assert (page.path, ANEW in page.text, f'value="{code}"' in page.body.decode()) == (
        "/sign-in/recovery-code",
        True,
        True,
    )
    assert person.browser.post("/sign-in/recovery-code", {"code": code}).status == 303


def test_a_number_and_its_code_typed_in_the_older_tab_stay(server: Server) -> None:
    person, number = server.person(), new_number()
    person.reset_number()
    older = tab_at(person, "/sign-in/number")
    tab_at(person, "/sign-in/number")

    page = send_from(older, person.browser, "/sign-in/number", {"country": "DE", "number": number})
    assert is_given_back(page, "/sign-in/number", number)

    older = str(page.csrf)
    assert person.enter_number(number).location == "/sign-in/number/code"
    tab_at(person, "/sign-in/number")
    person.server.move(61)
    assert person.enter_number(number).location == "/sign-in/number/code"
    person.browser.get("/sign-in/number/code")
    person.server.await_sent(person.account_id)
    code = [each.code for each in person.server.sinks.sms.to(number) if each.is_code][-1]
    page = send_from(older, person.browser, "/sign-in/number/code", {"code": code})
    assert (page.path, ANEW in page.text, f'value="{code}"' in page.body.decode()) == (
        "/sign-in/number/code",
        True,
        True,
    )
    assert person.browser.post("/sign-in/number/code", {"code": code}).location == "/phone-change/finished"


def test_the_mailbox_s_code_typed_in_the_older_tab_stays(server: Server) -> None:
    person = server.person()
    person.reset_number()
    strange = person.browser = server.visitor()
    older = tab_at(person, "/sign-in/email-code")
    tab_at(person, "/sign-in/email-code")
    person.server.await_sent(person.account_id)
    code = person.mail("Your code").code

    page = send_from(older, strange, "/sign-in/email-code", {"code": code})

    assert (page.path, ANEW in page.text, f'value="{code}"' in page.body.decode()) == (
        "/sign-in/email-code",
        True,
        True,
    )
    assert strange.post("/sign-in/email-code", {"code": code}).location == "/sign-in/wait"


def test_a_code_for_a_method_that_was_left_in_another_tab_is_told_so_and_costs_nothing(server: Server) -> None:
    person = server.person()
    person.sign_in()
    make_codes(person)
    tab = tab_at(person, "/sign-in/code")
    person.browser.get("/sign-in/method")
    person.browser.post("/sign-in/method/recovery-code")

    page = send_from(tab, person.browser, "/sign-in/code", {"code": person.text(2).code})

    assert (page.path, OVER in page.text) == ("/sign-in/recovery-code", True)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_what_another_site_sends_is_neither_read_nor_given_back(server: Server, site: str) -> None:
    person = server.person()
    tab_at(person, "/sign-in/code")

    reply = person.browser.press("/sign-in/code", {"csrf": "x" * 32, "code": "123456"}, {"Sec-Fetch-Site": site})

    assert (reply.status, "123456" in reply.text) == (403, False)
