"""The console's other pages in each state that no story comes to, in both languages and on every screen."""

import pytest

from harness.server import Server
from renumber.domain.support.staff import Role
from tests.journeys import words as w
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import FREEZE, OPEN_CASE, REASON
from tests.journeys.words import Words

REASON_TOO_LONG = "Far too long. " * 20
NOBODY = Words("Dazu gibt es kein Konto.", "No account is found for it.")
NO_SUCH = Words("Dieses Konto gibt es nicht", "There is no such account")
FROZEN = Words("Gesperrt", "Frozen")
NOT_YOURS = Words("Ihre Rolle umfasst das nicht", "Your role doesn't include this")
PROPOSE = Words("Vorschlagen", "Propose")
PROPOSED = Words("Vorgeschlagen:", "Proposed:")
NO_ACCOUNT = Words("Zu dieser Adresse gibt es kein Konto.", "There is no account with this address.")
UNKNOWN = "0" * 32


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_pages_of_agents_are_in_order_on_each_screen(server: Server, sit_down: SitDown, language: str) -> None:
    person, agent = server.person(locale=language), sit_down(Role.AGENT, language)
    seat = agent.seat

    seat.open("/console/cases")
    agent.finds("nobody@example.com", "They called.")
    seat.sees(NOBODY)
    agent.finds(person.email, REASON_TOO_LONG)
    agent.opens(f"/console/accounts/{UNKNOWN}", "They called.")
    seat.sees(NO_SUCH)
    agent.opens(f"/console/accounts/{person.account_id}", "They called.")
    seat.open(f"{agent.path}?after=0.0.0.0")
    account = agent.path
    agent.does(OPEN_CASE, "All is lost.")
    agent.adds("account_facts", "She knew the last payment.")
    seat.open("/console/cases")
    seat.open(account)
    agent.does(FREEZE, "It was stolen.")
    seat.sees(FROZEN)
    seat.open("/console/staff")
    seat.sees(NOT_YOURS)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_pages_of_administrators_are_in_order_on_each_screen(sit_down: SitDown, language: str) -> None:
    colleague = sit_down(Role.AGENT, language, name="Charlie Colleague")
    administrator = sit_down(Role.ADMINISTRATOR, language, name="Ada Administrator")
    seat = administrator.seat

    seat.open("/console")
    seat.is_at("/console/staff")
    for address, words in (("nobody@example.com", NO_ACCOUNT), (colleague.desk.person.email, PROPOSED)):
        seat.type(REASON, "She reviews now.")
        seat.type(w.EMAIL, address)
        seat.press(PROPOSE)
        seat.sees(words)
