"""Refusals of people who come from the company's identity provider; each case is about their account at the console."""

from dataclasses import replace
from functools import partial

from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.flows.services import Client
from renumber.flows.support.accounts import look
from renumber.flows.support.ports import SupportServices
from renumber.flows.support.provider import sign_out_of_console
from renumber.flows.support.staff import confirm_role, give_role, propose_role, readmit, take_role
from renumber.store.support.staff_identities import StoredStaffIdentities
from tests.flows.person import Person
from tests.flows.refusals.case import Case, Cases, Refused
from tests.flows.support.company import CLIENT_ID, Claims, an_agent, signed
from tests.flows.support.nearby import BROWSER, FromCompany, from_company
from tests.flows.support.staff import Colleague, a_colleague

CASES = Cases()
OPERATOR = Client(operator="the-operator")
# Of somebody who was here before, what they bring now, and why it isn't enough.
COMING_AGAIN: dict[str, tuple[Claims, Refusal]] = {
    "without_a_second_factor": ({"amr": ["pwd"]}, Refusal.PROVIDER_FACTOR_MISSING),
    "without_an_address": ({"email": None}, Refusal.PROVIDER_ADDRESS_MISSING),
    "without_a_group": ({"groups": []}, Refusal.NO_GROUP_WITH_ROLE),
}


async def has_entered(erika: Person) -> tuple[FromCompany, Claims]:
    """Let somebody of the company in, whose account the case is about."""
    company, person = from_company(erika.world), an_agent()
    erika.account_id = await company.enter(person)
    return company, person


async def _come_again(erika: Person, *, brings: Claims) -> Refused:
    company, person = await has_entered(erika)
    return company.come({**person, **brings})


for word, (brings, refusal) in COMING_AGAIN.items():
    CASES.append(Case(f"coming_again_{word}", refusal, partial(_come_again, brings=brings)))


@CASES.refused(Refusal.STAFF_BLOCKED)
async def coming_again_once_the_role_was_taken(erika: Person) -> Refused:
    company, person = await has_entered(erika)
    await take_role(erika.world.services, OPERATOR, erika.account_id)
    return company.come(person)


@CASES.refused(Refusal.STAFF_ADDRESS_TAKEN)
async def coming_again_with_an_address_that_has_a_role_here(erika: Person) -> Refused:
    colleague = await a_colleague(erika.world, Role.REVIEWER)
    account = await erika.world.account(colleague.staff.account_id)
    company, person = await has_entered(erika)
    return company.come({**person, "email": account.email.text})


class SeesNobody(StoredStaffIdentities):
    """Looks just before somebody else comes with the same address."""

    async def of_address(self, _email: EmailAddress) -> str | None:
        return None


class InAHurry(FromCompany):
    """Two who come at the same moment."""

    @property
    def support(self) -> SupportServices:
        return replace(super().support, identities=SeesNobody(self.world.database, self.world.keys))


@CASES.refused(Refusal.STAFF_ADDRESS_TAKEN, of_nobody=True)
async def coming_at_the_same_moment_with_one_address(erika: Person) -> Refused:
    company, person = await has_entered(erika)
    return InAHurry(erika.world, company.company).come({**person, "sub": "somebody-else"})


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def signing_out_of_the_console_twice(erika: Person) -> Refused:
    company, person = from_company(erika.world), an_agent()
    ticket = (await company.come(person)).state
    assert ticket is not None
    erika.account_id = ticket.account_id
    await sign_out_of_console(erika.world.services, BROWSER, ticket)
    return sign_out_of_console(erika.world.services, BROWSER, ticket)


@CASES.refused(Refusal.GRANT_USED)
async def being_signed_out_by_a_token_that_was_taken(erika: Person) -> Refused:
    company, person = await has_entered(erika)
    now = int(erika.world.clock.now().timestamp())
    claims: Claims = {
        "iss": company.company.issuer,
        "aud": CLIENT_ID,
        "sub": person["sub"],
        "iat": now,
        "exp": now + 60,
    }
    event = "http://schemas.openid.net/event/backchannel-logout"
    token = signed(company.company, {**claims, "jti": "once", "events": {event: {}}})
    await company.end(token)
    return company.end(token)


@CASES.refused(Refusal.ROLE_OF_PROVIDER)
async def role_given_to_somebody_of_the_company(erika: Person) -> Refused:
    await has_entered(erika)
    return give_role(erika.world.services, OPERATOR, erika.account_id, Role.ADMINISTRATOR)


@CASES.refused(Refusal.ROLE_OF_PROVIDER)
async def role_proposed_for_somebody_of_the_company(erika: Person) -> Refused:
    await has_entered(erika)
    return (await a_colleague(erika.world, Role.ADMINISTRATOR)).do(propose_role, erika, Role.ADMINISTRATOR)


@CASES.refused(Refusal.NOT_NOW)
async def readmission_of_somebody_who_isnt_blocked(erika: Person) -> Refused:
    await has_entered(erika)
    return readmit(erika.world.services, OPERATOR, erika.account_id)


async def _namesake(erika: Person) -> Colleague:
    """Let somebody of the company come in with the address that Erika's account has, and an administrator be there."""
    administrator = await a_colleague(erika.world, Role.ADMINISTRATOR)
    await from_company(erika.world).enter(an_agent(email=erika.email))
    return administrator


@CASES.refused(Refusal.STAFF_ADDRESS_TAKEN)
async def second_role_for_an_address_by_the_operator(erika: Person) -> Refused:
    await _namesake(erika)
    return give_role(erika.world.services, OPERATOR, erika.account_id, Role.REVIEWER)


@CASES.refused(Refusal.STAFF_ADDRESS_TAKEN)
async def second_role_for_an_address_by_an_administrator(erika: Person) -> Refused:
    return (await _namesake(erika)).do(propose_role, erika, Role.REVIEWER)


@CASES.refused(Refusal.STAFF_ADDRESS_TAKEN)
async def second_role_for_an_address_once_it_was_proposed(erika: Person) -> Refused:
    first = await a_colleague(erika.world, Role.ADMINISTRATOR, "first")
    await first.do(propose_role, erika, Role.REVIEWER)
    return (await _namesake(erika)).do(confirm_role, erika, Role.REVIEWER)


@CASES.refused(Refusal.STAFF_ACCOUNT)
async def account_with_the_address_of_a_colleague_from_the_company(erika: Person) -> Refused:
    agent = await a_colleague(erika.world, Role.AGENT)
    await from_company(erika.world).enter(an_agent(email=erika.email))
    return agent.do(look, erika)
