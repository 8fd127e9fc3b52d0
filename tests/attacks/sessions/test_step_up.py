"""Threat: a number changed with less than the account's highest level of proof (SECURITY.md rows 1, 3, 4, 8)."""

from harness.person import NEW_PASSWORD, Person
from harness.server import Server, new_number
from harness.visitor import Reply, Visitor

OTHER_PASSWORD = "chosen by a thief"


def take_over_by_mail(person: Person, thief: Visitor) -> None:
    """Choose a new password with nothing but the mailbox."""
    thief.get("/sign-in/forgotten")
    thief.post("/sign-in/forgotten", {"email": person.email})
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    thief.get(link)
    assert thief.post(link, {"password": OTHER_PASSWORD}).status == 303
    person.password = OTHER_PASSWORD


def test_a_mailbox_alone_gets_no_further_than_the_code_to_the_phone(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    take_over_by_mail(person, thief)

    reply = person.give_password(thief)

    assert reply.location == "/sign-in/code"
    assert thief.get("/phone-change/new").path == "/sign-in/code"
    assert thief.post("/phone-change").location == "/sign-in/code"
    assert person.rows("phone_change") == []


def test_a_mailbox_alone_can_not_lift_a_suspension_into_a_session(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    take_over_by_mail(person, thief)
    person.give_password(thief)
    thief.get("/sign-in/lift")
    thief.post("/sign-in/lift/again")

    reply = thief.post("/sign-in/lift", {"code": person.mail("Your code").code})

    assert reply.location == "/sign-in/code"
    assert person.live_sessions == 0


def wait_by_mail(person: Person, browser: Visitor) -> Reply:
    """Give the password, and the code that comes to the mailbox."""
    browser.get(person.give_password(browser).location)
    person.server.await_sent(person.account_id)
    return browser.post("/sign-in/email-code", {"code": person.mail("Your code").code})


def test_one_mailbox_is_not_counted_twice_after_the_reset(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    person.reset_number()
    take_over_by_mail(person, thief)

    reply = wait_by_mail(person, thief)

    assert reply.location == "/sign-in/wait"
    assert person.enter_number(new_number(), thief).location == "/sign-in/wait"
    assert person.told("number_wait") == {"email": 1, "sms": 1}
    assert person.told("new_number_code") == {}


def test_a_mailbox_alone_takes_nothing_though_its_owner_asked_and_the_thief_pressed(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    person.sign_in()
    assert person.press(person.request_change(), thief).location == "/phone-change/removed"
    take_over_by_mail(person, thief)

    reply = wait_by_mail(person, thief)

    assert reply.location == "/sign-in/wait"
    assert thief.get("/sign-in/number").path == "/sign-in/wait"
    assert person.account["number"] is None
    assert person.told("number_wait") == {"email": 1, "sms": 1}
    assert person.told("new_number_code") == {}


def test_the_owner_whose_browser_pressed_goes_on_although_the_password_was_reset(server: Server) -> None:
    person = server.person()
    person.reset_number()
    take_over_by_mail(person, server.visitor())

    assert person.give_password().location == "/sign-in/number"


def test_a_password_and_a_mailbox_do_not_start_a_change(server: Server) -> None:
    person, thief = server.person(), server.visitor()

    person.give_password(thief)
    thief.get("/sign-in/code")
    reply = thief.post("/phone-change")

    assert reply.location == "/sign-in/code"
    assert person.rows("phone_change") == []


def test_the_change_keeps_the_proof_that_it_was_asked_for_with(server: Server) -> None:
    person = server.person()
    person.sign_in()
    session_id = person.rows("session")[0]["session_id"]

    person.request_change()

    assert session_id in person.rows("phone_change")[0]["proof"]
    assert '"phone"' in person.rows("phone_change")[0]["proof"]


def test_asking_alone_changes_nothing_and_the_old_number_signs_in(server: Server) -> None:
    person = server.person()
    person.sign_in()
    number = person.account["number_key"]
    person.request_change()

    elsewhere = person.sign_in(server.visitor())

    assert elsewhere.get("/profile").path == "/profile"
    assert person.account["number_key"] == number


def test_after_the_reset_the_old_number_gets_no_code_any_more(server: Server) -> None:
    person = server.person()
    person.sign_in()
    person.press(person.request_change())
    elsewhere = server.visitor()

    person.give_password()
    person.enter_number(new_number())
    person.give_password(elsewhere)
    server.await_sent(person.account_id)

    codes = [text for text in person.texts if "is your code" in text.text]
    assert len(codes) == 1
    assert person.told("sign_in_code") == {"sms": 1}
    assert elsewhere.get("/sign-in/code").path == "/sign-in/email-code"


def test_a_code_to_the_old_number_from_before_the_reset_is_worth_nothing_after_it(server: Server) -> None:
    person = server.person()
    person.sign_in()
    server.move(60)
    half = server.visitor()
    person.give_password(half)
    half.get("/sign-in/code")
    code = person.text(2).code
    person.press(person.request_change())

    reply = half.post("/sign-in/code", {"code": code})

    assert reply.location.startswith("/sign-in?")
    assert person.live_sessions == 0


def test_the_new_number_in_another_browser_asks_for_the_mailbox_first(server: Server) -> None:
    person, elsewhere = server.person(), server.visitor()
    person.reset_number()

    reply = person.give_password(elsewhere)
    entered = person.enter_number(new_number(), elsewhere)

    assert reply.location == entered.location == "/sign-in/email-code"
    assert person.told("new_number_code") == {}


def test_the_mark_of_the_pressing_browser_lasts_for_a_day(server: Server) -> None:
    person = server.person()
    person.reset_number()
    kept = person.browser.cookies["__Host-reset"]
    server.move(24 * 3600 + 1)
    person.browser.cookies["__Host-reset"] = kept

    assert person.give_password().location == "/sign-in/email-code"
