"""A recovery case at both of its ends: who has lost everything comes back by it, and nobody else does."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from renumber.domain.support.staff import Role
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import APPROVE, ASK_FOR_REVIEW, OPEN_CASE, TAKE, Colleague, let_pass
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

WAIT = timedelta(hours=72, minutes=1)
REQUEST = Words("Wiederherstellung beantragen", "Request recovery")
CONFIRM_IT = Words("Bestätigen Sie, dass Sie wieder in Ihr Konto möchten", "Confirm that you want your account back")
OPENED = Words("Für Ihr Konto wurde eine Wiederherstellung beantragt", "The recovery of your account was requested")
SOON = Words("Ihr Konto wird bald wiederhergestellt", "Your account will soon be recovered")
BACK = Words("Ihr Weg zurück in Ihr Konto", "Your way back to your account")
RECOVER = Words("Konto wiederherstellen", "Recover account")
WAITS = Words("Zugestimmt, die Wartezeit läuft", "Approved, the waiting period runs")
CANCELLED = Words("Abgebrochen", "Cancelled")
FROZEN = Words("Ihr Konto ist gesperrt", "Your account is frozen")
CHECKING = Words("Wir prüfen Ihren Fall", "We are checking your case")
NOT_YOURS = Words("Ihre Rolle umfasst das nicht", "Your role doesn't include this")


def asks_for_recovery(someone: Traveller) -> None:
    """Give the password, have none of the methods, and confirm it in the mailbox."""
    someone.open("/sign-in")
    someone.give_password()
    someone.follow(w.OTHER_METHOD)
    someone.follow(w.NONE_OF_THESE)
    someone.press(REQUEST)
    someone.open_mail(someone.mail(CONFIRM_IT), REQUEST)
    someone.press(REQUEST)


def opens_a_case(agent: Colleague, someone: Traveller, reason: str) -> str:
    """Open a case for somebody; its address is given back."""
    agent.finds(someone.person.email, reason)
    agent.does(OPEN_CASE, reason)
    return agent.path


def approves(reviewer: Colleague, path: str) -> None:
    """Look at a case and decide on it."""
    reviewer.opens(path, "I review it.")
    reviewer.does(APPROVE, "Both are on record.")
    reviewer.seat.sees(WAITS)


def ready_to_approve(agent: Colleague, someone: Traveller) -> str:
    """A case with evidence for which a review is asked."""
    path = opens_a_case(agent, someone, "She says that she has lost everything.")
    agent.adds("document", "Reference 4711")
    agent.adds("call_back", "Reference 4712")
    agent.does(ASK_FOR_REVIEW, "It is complete.")
    return path


def test_the_phone_is_lost_with_everything_and_two_people_agree(travel: Travel, sit_down: SitDown) -> None:
    someone, agent, reviewer = travel("en"), sit_down(Role.AGENT), sit_down(Role.REVIEWER, name="Robin Reviewer")
    agent.seat.open("/console/cases")
    asks_for_recovery(someone)

    row = agent.seat.page.locator(f".rows a[href*='{someone.person.account_id}']")
    expect(row.first).to_be_visible()  # the queue was open all the time
    path = urlsplit(row.first.get_attribute("href") or "").path
    agent.opens(path, "She has called about it.")
    agent.does(TAKE, "I have her on the phone.")
    agent.adds("document", "Reference 4711")
    agent.does(ASK_FOR_REVIEW, "Document and mailbox fit.")
    assert not agent.offers(APPROVE)
    approves(reviewer, path)
    reviewer.seat.sees("Alex Agent")
    let_pass(someone.server, WAIT, someone.person)

    someone.open_mail(someone.mail(BACK), RECOVER)
    someone.press(RECOVER)
    someone.follow(w.SIGN_IN)
    someone.give_password()
    someone.is_at("/sign-in/number")
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")


def test_an_agent_alone_gets_nowhere(travel: Travel, sit_down: SitDown) -> None:
    someone, agent = travel("en"), sit_down(Role.AGENT)
    path = ready_to_approve(agent, someone)

    assert not agent.offers(APPROVE)
    token = agent.seat.page.locator("input[name=csrf]").first.input_value()
    form: dict[str, str | float | bool] = {"csrf": token, "reason": "Nobody will see it."}
    origin = {"Origin": someone.server.origin}
    answer = agent.seat.page.request.post(f"{someone.server.origin}{path}/approve", form=form, headers=origin)
    assert answer.status == 403
    assert agent.seat.said(NOT_YOURS) in answer.text()
    agent.finds(agent.desk.person.email, "My own account.")
    agent.seat.sees("Nobody helps themselves here.")
    someone.mail(OPENED)
    let_pass(someone.server, WAIT, someone.person)

    assert not [mail for mail in someone.person.mails if mail.subject == BACK.en]


@pytest.mark.parametrize("way", ["text", "mail"])
def test_the_owner_stops_two_who_agree_in_the_waiting_period(travel: Travel, sit_down: SitDown, way: str) -> None:
    language = "de" if way == "mail" else "en"
    someone = travel(language)
    agent, reviewer = sit_down(Role.AGENT, language), sit_down(Role.REVIEWER, language, name="Robin Reviewer")
    path = ready_to_approve(agent, someone)
    approves(reviewer, path)

    told = someone.mail(SOON)
    if way == "mail":
        someone.open_mail(told, w.NOT_ME)
    else:
        someone.text(code=False)
        someone.open(someone.text(code=False).link("/freeze"))
    someone.freeze()
    someone.sees(FROZEN)
    expect(reviewer.seat.page.locator("[data-part=case]")).to_contain_text(reviewer.seat.said(CANCELLED))
    let_pass(someone.server, WAIT, someone.person)

    assert not [mail for mail in someone.person.mails if mail.subject == someone.said(BACK)]
    assert {someone.person.acts(act) for act in ("case_approved", "case_cancelled", "account_frozen")} == {1}
