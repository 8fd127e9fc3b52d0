"""A company with its people, each act one flow."""

from dataclasses import dataclass, field
from itertools import count

from renumber.domain.messages.message import Notice
from renumber.domain.organisations.organisation import Organisation
from renumber.domain.outcomes import Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.totp import TotpKey
from renumber.flows.organisations.answers import Answer, answer_change, answer_recovery
from renumber.flows.organisations.manage import add_organisation, join_organisation, name_administrator
from renumber.flows.organisations.opening import CompanyRequest
from renumber.flows.organisations.views import LINES, NEWEST, CompanyPage
from renumber.flows.services import Client
from renumber.store.organisations.company_views import StoredCompanyViews
from renumber.store.organisations.new_organisations import NewOrganisationStore
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World

OPERATOR = Client(operator="the-operator")
numbers = count(1)


@dataclass
class Company:
    """An organisation of an installation."""

    world: World
    organisation: Organisation
    apps: dict[str, TotpKey] = field(default_factory=dict)

    @property
    def organisation_id(self) -> str:
        return self.organisation.account_id

    async def member(self, person: Person) -> Person:
        """Let somebody belong to it."""
        joined = {"organisation_id": self.organisation_id}
        step = await join_organisation(self.world.services, OPERATOR, person.account_id, **joined)
        assert step.refusal is None, step.refusal
        return person

    async def employee(self, name: str = "") -> Person:
        """Somebody new who belongs to it."""
        serial = next(numbers)
        email = f"{name or 'employee'}-{serial}@company.example"
        return await self.member(await a_person(self.world, email, PhoneNumber(f"+49171396{serial:04}")))

    async def administrator(self, name: str = "administrator") -> Person:
        """Somebody who administers it, with an authenticator app, signed in and confirmed a moment ago."""
        person = await self.named(await self.employee(name))
        self.apps[person.account_id] = await add_app(person)
        await self.sign_in(person)
        return person

    async def sign_in(self, administrator: Person) -> None:
        """Sign an administrator in with the app, and confirm the session by the password."""
        browser = administrator.browser
        await browser.give_password(administrator.email, administrator.password)
        signed_in = await give_code(browser, shown(self.world, self.apps[administrator.account_id]))
        assert signed_in.signed_in, signed_in
        await administrator.prove_again()

    async def named(self, person: Person) -> Person:
        """Make one of its people an administrator."""
        step = await name_administrator(self.world.services, OPERATOR, person.account_id)
        assert step.refusal is None, step.refusal
        return person

    async def page(self) -> CompanyPage:
        """What its administrators see."""
        views = StoredCompanyViews(self.world.database, self.world.keys)
        page = await views.page(self.organisation_id, after=NEWEST, lines=LINES)
        assert page
        return page


async def a_company(world: World, *, changes_wait: bool = True) -> Company:
    """Add an organisation."""
    added = NewOrganisationStore(world.database, world.keys)
    name = f"Company {next(numbers)}"
    organisation = await add_organisation(world.services, OPERATOR, added, name=name, changes_wait=changes_wait)
    assert organisation
    return Company(world, organisation)


async def says(administrator: Person, answer: Answer, change: PhoneChange) -> Step[PhoneChange | None]:
    """Answer for somebody's change."""
    return await answer_change(
        administrator.world.services,
        administrator.browser.client,
        asked_by(administrator.browser, change.account_id, change.change_id),
        answer=answer,
    )


async def vouches(administrator: Person, answer: Answer, person: Person, case_id: str) -> object:
    """Say whether somebody who asks for recovery is a colleague, and give why not."""
    asked = asked_by(administrator.browser, person.account_id, case_id)
    step = await answer_recovery(administrator.world.services, administrator.browser.client, asked, answer=answer)
    return step.refusal


def asked_by(browser: Browser, account_id: str, subject: str) -> CompanyRequest:
    return CompanyRequest(holder=browser.ticket, account_id=account_id, subject=subject)


async def a_waiting_change(person: Person) -> PhoneChange:
    """Ask for a change, signed in by the phone."""
    await person.sign_in()
    return await person.ask_for_change()


async def asked_mails(administrator: Person) -> int:
    """How often an administrator was told that something waits."""
    return len(await administrator.mails(Notice.COMPANY_ASKED))
