"""The check of a caller on a page of their own: who has no method of the account fails, and its owner proves it."""

from playwright.sync_api import expect

from renumber.domain.support.staff import Role
from tests.journeys.conftest import Travel
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import CONTINUE, Colleague
from tests.journeys.handset import DONE, PUSH, QUIET, Connected, Handset, shown_digits
from tests.journeys.traveller import Traveller
from tests.journeys.words import PHONE, Words

CHECK_CALLER = Words("Anruf prüfen", "Check caller")
NUMBER_OF_CALL = Words("Nummer des Anrufs", "Number of the call")
NOT_PROVEN, PROVEN = Words("Anruf nicht bestätigt", "Caller not proven"), Words("Anruf bestätigt", "Caller proven")
TOO_MANY = Words("Zu viele falsche Antworten", "Too many wrong answers")
THANKS = Words("Danke, das ist nachgewiesen", "Thank you, that's proven")
NO_PROOF = Words("Das war kein Nachweis", "That didn't prove it")
TOLD = Words("Der Kundenservice weiß Bescheid", "Customer relations have been told")
NOT_ME = Words("Das bin ich nicht", "This isn't me")
ON_THE_PHONE = Words("Ich bin am Telefon", "I'm on the phone")
DENIED = Words("„Das bin ich nicht“", "“This isn't me”, was the answer")
CALLS, SIGN_INS = Words("Anruf bestätigen", "Confirm a call"), Words("Anmeldungen bestätigen", "Confirm sign-ins")
CONFIRMED = Words("Bestätigt", "Confirmed")
WRONG = "000000"


def begins_check(agent: Colleague, someone: Traveller, reason: str) -> str:
    """Find the account and begin a check; the number that the page shows is given back."""
    agent.finds(someone.person.email, reason)
    agent.does(CHECK_CALLER, reason)
    is_red(agent)
    return agent.seat.page.locator(".read-out dd").last.inner_text()


def is_red(agent: Colleague) -> None:
    """The console says that the caller isn't proven."""
    caller = agent.seat.page.locator("[data-part=caller]")
    expect(caller.locator(".tag.bad")).to_have_text(agent.seat.said(NOT_PROVEN))
    expect(caller.locator(".tag.good")).to_have_count(0)


def is_told(agent: Colleague, words: Words) -> None:
    """The console says by itself what became of the check."""
    expect(agent.seat.page.locator("[data-part=caller]")).to_contain_text(agent.seat.said(words))


def opens_check(caller: Traveller, number: str, method: Words) -> None:
    """Open the page, type the number that was read out, and choose a method."""
    caller.open("/caller")
    caller.type(NUMBER_OF_CALL, number)
    caller.press(CONTINUE)
    caller.press(method)
    caller.is_at("/caller/check")


def test_who_impersonates_the_owner_fails_on_the_caller_s_page_and_the_console_stays_red(
    travel: Travel, sit_down: SitDown
) -> None:
    owner, caller, agent = travel("en"), travel("en"), sit_down(Role.AGENT)
    number = begins_check(agent, owner, "He knows name and address, and calls from another number.")

    opens_check(caller, number, PHONE)
    sent = owner.text()
    assert sent.code != WRONG
    shown = caller.page.content().replace(" ", "")
    assert owner.person.email not in shown
    assert owner.person.number[3:] not in shown, "the page doesn't say whose account it is"
    for _ in range(3):
        is_red(agent)
        caller.give_code(WRONG)
    caller.sees(NO_PROOF)

    is_told(agent, TOO_MANY)
    is_red(agent)
    caller.open("/caller")
    caller.type(NUMBER_OF_CALL, number)
    caller.press(CONTINUE)
    caller.is_at("/caller")  # a number is good once
    assert not owner.sent("caller_proven")
    assert {owner.person.acts(act) for act in ("signed_in", "caller_proven")} == {0}


def test_the_true_owner_proves_it_and_the_console_turns_green(travel: Travel, sit_down: SitDown) -> None:
    owner, agent = travel("de"), sit_down(Role.AGENT, "de")
    number = begins_check(agent, owner, "Sie ruft wegen ihrer Nummer an.")

    opens_check(owner, number, PHONE)
    is_red(agent)
    owner.give_code(owner.text().code)
    owner.sees(THANKS)

    is_told(agent, PROVEN)
    expect(agent.seat.page.locator("[data-part=caller] .tag.bad")).to_have_count(0)
    owner.open("/profile")
    owner.is_at("/sign-in")  # it signs nobody in


def is_called(phone: Handset, words: Words) -> None:
    """The page on the phone is named by what it shows."""
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(phone.traveller.said(words))
    assert phone.page.title().startswith(phone.traveller.said(words))


def asks_about_call(phone: Handset) -> None:
    """The question on the phone is about a call, and the page is named so."""
    asked = phone.page.locator("[data-state=call]")
    expect(asked).to_be_visible()
    is_called(phone, CALLS)
    phone.traveller.watch.look(phone.page)


def test_the_owner_confirms_the_call_on_a_device(connected: Connected, sit_down: SitDown) -> None:
    (phone, owner), agent = connected("en"), sit_down(Role.AGENT)
    is_called(phone, SIGN_INS)
    number = begins_check(agent, owner, "She calls from home.")

    opens_check(owner, number, PUSH)
    asks_about_call(phone)
    phone.page.locator("input.code").fill(shown_digits(owner))
    phone.tap(ON_THE_PHONE)

    phone.shows(CONFIRMED)
    is_called(phone, CALLS)
    expect(owner.page.get_by_role("heading", name=THANKS.en)).to_be_visible()
    is_told(agent, PROVEN)
    phone.tap(DONE)
    phone.shows(QUIET)
    is_called(phone, SIGN_INS)


def test_the_owner_who_hasn_t_called_says_so_on_a_device(
    connected: Connected, travel: Travel, sit_down: SitDown
) -> None:
    (phone, owner), caller, agent = connected("de"), travel("de"), sit_down(Role.AGENT, "de")
    number = begins_check(agent, owner, "Er weiß Name und Adresse.")

    opens_check(caller, number, PUSH)
    asks_about_call(phone)
    phone.tap(NOT_ME)

    phone.shows(TOLD)
    expect(caller.page.get_by_role("heading", name=TOLD.de)).to_be_visible()
    is_told(agent, DENIED)
    is_red(agent)
