"""Callers: somebody who impersonates the owner, and an owner whose account has to be frozen at once."""

from playwright.sync_api import expect

from renumber.domain.support.staff import Role
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import APPROVE, ASK_FOR_REVIEW, OPEN_CASE
from tests.journeys.console.test_coming_back import OPENED
from tests.journeys.phone_change.test_not_me import release_at_sign_in
from tests.journeys.words import Words

TOO_LITTLE = Words("Die Nachweise reichen", "The evidence isn't enough for a review yet.")
FROZEN = Words("Gesperrt", "Frozen")
TOLD = Words("Ihr Konto ist gesperrt", "Your account is frozen")


def test_a_caller_who_impersonates_the_owner_learns_and_gets_nothing(travel: Travel, sit_down: SitDown) -> None:
    someone, agent = travel("en"), sit_down(Role.AGENT)
    number = someone.person.number

    agent.finds(someone.person.email, "He knows name, address and birthday.")
    shown = agent.seat.page.content().replace(" ", "")
    assert number[3:] not in shown, "“Which number have you got for me?”"
    assert someone.person.email not in shown
    fields = agent.seat.page.locator(".card input:not([type=hidden]), .card select")
    expect(fields).to_have_count(1)  # “Take down my new number”: there is a field for the reason alone

    agent.does(OPEN_CASE, "He says that all is lost.")
    agent.adds("account_facts", "He knew the last payment.")
    agent.does(ASK_FOR_REVIEW, "He is in a hurry.")
    agent.seat.sees(TOO_LITTLE)
    assert not agent.offers(APPROVE)

    someone.open_mail(someone.mail(OPENED), w.NOT_ME)
    someone.freeze()
    expect(agent.seat.page.locator("[data-part=case]")).to_contain_text("Cancelled")


def test_an_account_is_frozen_on_the_phone_and_released_by_its_owner(travel: Travel, sit_down: SitDown) -> None:
    someone, agent = travel("de"), sit_down(Role.AGENT, "de")
    someone.arrive()
    agent.finds(someone.person.email, "Das Telefon wurde gestohlen.")
    agent.seat.page.keyboard.press("f")
    agent.seat.page.keyboard.type("Der Anrufer bittet darum.")
    with agent.seat.page.expect_navigation():
        agent.seat.page.keyboard.press("Enter")
    expect(agent.seat.page.locator("[data-part=state]")).to_have_text(agent.seat.said(FROZEN))
    someone.mail(TOLD)
    someone.open("/profile")
    someone.is_at("/sign-in")

    release_at_sign_in(someone)

    expect(agent.seat.page.locator("[data-part=state]")).not_to_have_text(agent.seat.said(FROZEN))
