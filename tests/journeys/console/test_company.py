"""A company's administrator confirms and refuses: a recovery that is asked for, and a change that waits for them."""

from itertools import count

import pytest
from playwright.sync_api import expect

from harness.server import Server
from renumber.domain.support.staff import Role
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.office import (
    ANSWER,
    ASKED_OF_CASE,
    ASKED_OF_CHANGE,
    COLLEAGUE,
    DECIDE,
    NO,
    Administrator,
    a_company,
)
from tests.journeys.console.team import ADD_EVIDENCE, APPROVE, ASK_FOR_REVIEW, REFUSE
from tests.journeys.console.test_callers import TOO_LITTLE
from tests.journeys.console.test_coming_back import approves, opens_a_case
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

names = count(1)
THANKS = Words("Unser Kundenservice kennt Ihre Antwort", "Customer relations has your word, and decides.")
HEARD = Words("Unser Kundenservice sieht, dass die Person nicht", "Customer relations sees that it isn't a colleague.")
WORD = Words("Wort des Unternehmens", "Word of the company")
DENIES = Words("Das Unternehmen sagt: gehört nicht zu uns", "The company says: not a colleague")
THEY_SAY_YES = Words("Ihr Unternehmen sagt, dass Sie es sind", "Your company says that it's you")
THEY_SAY_NO = Words("Ihr Unternehmen sagt, dass Sie es nicht sind", "Your company says that it isn't you")
WAITS = Words("Nummernänderung: wartet auf Ihr Unternehmen", "Number change: waiting for your company")
IS_SENT = Words("Der Link ist unterwegs zum Postfach der Person.", "The link is on its way to the person's mailbox.")
IS_REFUSED = Words("Die Nummer bleibt, wie sie ist", "The number stays as it is, and the person is told.")
REFUSED = Words("Ihr Unternehmen hat die Nummernänderung abgelehnt", "Your company has refused the number change")

in_german = pytest.mark.parametrize("language", ["de"])
in_english = pytest.mark.parametrize("language", ["en"])


def an_office(
    server: Server, travel: Travel, language: str, *, wait: bool = False, scripts: bool = True
) -> tuple[Traveller, Administrator]:
    """Somebody who belongs to a company, and its administrator before a window."""
    someone = travel(language)
    kim = server.person("Kim Company", number=None, locale=language)
    seat = travel(language, person=kim, scripts=scripts)
    name = f"Nordwind {next(names)} GmbH"
    a_company(server, name, administrator=seat.person, people=someone.person, changes_wait=wait)
    seat.name = "Kim Company"
    seat.go_on()
    return someone, Administrator(seat)


@in_german
def test_the_company_says_that_it_is_a_colleague_and_it_counts(
    travel: Travel, sit_down: SitDown, server: Server, language: str
) -> None:
    someone, administrator = an_office(server, travel, language)
    agent = sit_down(Role.AGENT, language)
    reviewer = sit_down(Role.REVIEWER, language, name="Robin Reviewer")
    path = opens_a_case(agent, someone, "She says that she has lost everything.")
    agent.adds("call_back", "Reference 4712")
    agent.does(ASK_FOR_REVIEW, "It is all that there is.")
    agent.seat.sees(TOO_LITTLE)
    assert not agent.seat.page.locator("#kind option[value=company]").count(), "no agent gives the company's word"

    administrator.comes_by_mail(ASKED_OF_CASE)
    administrator.takes_up(ANSWER, someone)
    administrator.answers(COLLEAGUE, THANKS)

    expect(agent.seat.page.locator("[data-part=case]")).to_contain_text(agent.seat.said(WORD))
    someone.mail(THEY_SAY_YES)
    agent.does(ASK_FOR_REVIEW, "The company knows her.")
    approves(reviewer, path)


def test_the_company_says_that_it_is_no_colleague_which_closes_nothing_and_is_seen(
    travel: Travel, sit_down: SitDown, server: Server
) -> None:
    someone, administrator = an_office(server, travel, "en")
    agent, reviewer = sit_down(Role.AGENT), sit_down(Role.REVIEWER, name="Robin Reviewer")
    path = opens_a_case(agent, someone, "He says that he is her.")

    administrator.comes_by_mail(ASKED_OF_CASE)
    administrator.takes_up(ANSWER, someone)
    administrator.answers(NO, HEARD)

    expect(agent.seat.page.locator("[data-part=case]")).to_contain_text(DENIES.en)
    someone.mail(THEY_SAY_NO)
    agent.adds("document", "Reference 4711")
    agent.does(ASK_FOR_REVIEW, "The document looks right.")
    agent.seat.sees(TOO_LITTLE)  # it weighs nothing
    assert agent.offers(ADD_EVIDENCE), "and closes nothing"
    agent.adds("call_back", "Reference 4712")
    agent.does(ASK_FOR_REVIEW, "She answered on the number on record.")
    reviewer.opens(path, "I review it.")
    reviewer.seat.sees(DENIES)
    assert reviewer.offers(APPROVE), "two people decide, and not the company"
    reviewer.does(REFUSE, "Her company doesn't know of it.")
    assert not reviewer.offers(APPROVE)
    assert someone.person.acts("case_refused") == 1


def ask_and_wait(someone: Traveller) -> None:
    """Ask for a change, which waits for the company before there is a link."""
    someone.arrive()
    someone.ask_for_change()
    someone.sees(WAITS)
    assert not someone.sent("change_requested")


@in_german
def test_a_change_goes_on_once_the_company_confirms_it(travel: Travel, server: Server, language: str) -> None:
    someone, administrator = an_office(server, travel, language, wait=True)
    ask_and_wait(someone)

    administrator.comes_by_mail(ASKED_OF_CHANGE)
    administrator.takes_up(DECIDE, someone)
    assert someone.person.number[3:] not in administrator.seat.page.content().replace(" ", "")
    assert someone.person.email not in administrator.seat.page.content()
    administrator.answers(w.CONFIRM, IS_SENT)

    someone.open_mail(someone.mail(w.MAIL_1), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.is_at("/phone-change/removed")


@in_english
def test_a_change_ends_when_the_company_refuses_it_by_a_page_without_scripts(
    travel: Travel, server: Server, language: str
) -> None:
    someone, administrator = an_office(server, travel, language, wait=True, scripts=False)
    ask_and_wait(someone)

    administrator.comes_by_mail(ASKED_OF_CHANGE)
    administrator.takes_up(DECIDE, someone)
    administrator.answers(REFUSE, IS_REFUSED)

    someone.mail(REFUSED)
    someone.reload()
    assert not someone.page.get_by_text(someone.said(WAITS)).count()
    expect(someone.button(w.CHANGE_NUMBER)).to_be_visible()
    assert not someone.sent("change_requested")
    assert {someone.person.acts(act) for act in ("change_waits", "change_refused")} == {1}


def test_open_pages_of_a_company_take_over_what_is_new(travel: Travel, server: Server) -> None:
    someone, administrator = an_office(server, travel, "en", wait=True)
    seat, waiting = administrator.seat, administrator.seat.page.locator("[data-part=waiting]")
    seat.open("/company")
    expect(waiting).to_contain_text("Nothing waits for you.")
    expect(seat.page.locator("#live")).to_have_text("Live")

    ask_and_wait(someone)
    expect(waiting).to_contain_text(someone.name)
    expect(seat.page.locator("#live-said")).to_have_text("What waits for you has changed.")
    seat.watch.look(seat.page)
    administrator.takes_up(DECIDE, someone)
    expect(seat.button(w.CONFIRM)).to_be_visible()
    someone.press(w.CANCEL_CHANGE)

    expect(seat.page.get_by_role("heading", level=1)).to_have_text("Change of a phone number")
    expect(seat.page.locator("[data-part=over]")).to_contain_text("This change no longer waits: Cancelled.")
    expect(seat.button(w.CONFIRM)).to_have_count(0)
    seat.watch.look(seat.page)
