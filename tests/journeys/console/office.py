"""A company in real browsers: its people, and an administrator who sits before its page and is signed in by an app."""

import asyncio
from dataclasses import dataclass

from harness.person import Person
from harness.postgres import in_a_thread
from harness.server import Server
from renumber.flows.organisations.manage import add_organisation, join_organisation, name_administrator
from renumber.store.organisations.new_organisations import NewOrganisationStore
from tests.journeys import words as w
from tests.journeys.console.team import OPERATOR, core_of, equip, signed_in
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

ASKED_OF_CHANGE = Words(
    "Eine Nummernänderung in Ihrem Unternehmen wartet auf Sie", "A number change of your company waits for you"
)
ASKED_OF_CASE = Words(
    "Möchte da wirklich jemand von Ihnen wieder ins Konto?", "Is it your colleague who wants an account back?"
)
TO_PAGE = Words("Zur Seite Ihres Unternehmens", "To your company's page")
DECIDE, ANSWER = Words("Entscheiden", "Decide"), Words("Antworten", "Answer")
COLLEAGUE, NO = Words("Ja, gehört zu uns", "Yes, that's our colleague"), Words("Nein", "No")


@dataclass(frozen=True)
class Administrator:
    """Somebody who answers for their people; `seat` is the window."""

    seat: Traveller

    def comes_by_mail(self, subject: Words) -> None:
        """Follow the mail that says that something waits."""
        self.seat.open_mail(self.seat.mail(subject), TO_PAGE)
        self.seat.is_at("/company")

    def takes_up(self, lead: Words, person: Traveller) -> None:
        """Open the question about somebody, which asks for the password before."""
        self.seat.press(f"{self.seat.said(lead)}: {person.name}")
        self.seat.prove_again(w.CONFIRM)

    def answers(self, words: Words, then: Words) -> None:
        """Press a button of the question, and read what has come of it."""
        self.seat.press(words)
        self.seat.is_at("/company")
        self.seat.sees(then)


def a_company(server: Server, name: str, *, administrator: Person, people: Person, changes_wait: bool) -> None:
    """Add a company with one administrator, signed in by an app, and one of its people."""
    in_a_thread(asyncio.run, _found(server, name, administrator, people, changes_wait=changes_wait))
    signed_in(server, administrator)


async def _found(server: Server, name: str, administrator: Person, people: Person, *, changes_wait: bool) -> None:
    async with core_of(server) as core:
        added = NewOrganisationStore(core.database, core.keys)
        company = await add_organisation(core.services, OPERATOR, added, name=name, changes_wait=changes_wait)
        assert company, "there is one of this name"
        for person in (administrator, people):
            await join_organisation(core.services, OPERATOR, person.account_id, company.account_id)
        await equip(core, administrator)
        await name_administrator(core.services, OPERATOR, administrator.account_id)
