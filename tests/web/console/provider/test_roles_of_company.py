"""The role that follows the company's groups, and what it never allows: the own account, and a second self."""

import pytest

from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.flows.services import Client
from renumber.flows.support.staff import readmit, take_role
from renumber.policies.support.acts import MAY, ON_STAFF, may
from renumber.web import cookies
from tests.flows.support.company import Claims, Company, an_agent
from tests.web.console.desk import Colleague, Desk
from tests.web.console.provider.company import Newcomer, newcomer
from tests.web.console.test_roles import ON_ACCOUNTS, ROUTES, name_of, refusal_of, walk

pytestmark = pytest.mark.asyncio(loop_scope="module")
OPERATOR = Client(operator="the-operator")
GROUP = {Role.AGENT: "support", Role.REVIEWER: "leads", Role.ADMINISTRATOR: "it", Role.AUDITOR: "audit"}


async def entered(desk: Desk, company: Company, person: Claims) -> Newcomer:
    """Somebody of the company who was let in, with a form's token of a page that any role has."""
    company.person, anna = person, newcomer(desk, company)
    assert (await anna.sign_in()).headers["location"] == "/console"
    return anna


def account_id(anna: Newcomer) -> str:
    return anna.browser.cookies[cookies.STAFF].partition(".")[0]


async def seat_of(desk: Desk, anna: Newcomer) -> Colleague:
    """The same person as the tests of roles know colleagues; their browser loads a token from a page of theirs."""
    return Colleague(await desk.person(), anna.browser)


@pytest.mark.parametrize("role", Role)
async def test_each_role_of_the_company_enters_where_it_may_and_nowhere_else(
    desk: Desk, company: Company, role: Role
) -> None:
    erika, anna = await desk.person(), await entered(desk, company, an_agent(groups=[GROUP[role]]))

    seen = await walk(anna.browser, erika.account_id, home="/console/staff")

    allowed = {name for name, status in seen.items() if status != 403}
    assert allowed == {name_of(route) for route in ROUTES if may(role, route.act)}
    assert max(seen.values()) < 500


async def test_nobody_of_the_company_acts_on_the_account_with_their_own_address(desk: Desk, company: Company) -> None:
    """Whoever works here may be a customer as well, under the same address, written in whatever case."""
    seen = {}
    for role in Role:
        erika = await desk.person()
        address = erika.email.upper()
        anna = await entered(desk, company, an_agent(email=address, groups=[GROUP[role]]))
        seat = Colleague(erika, anna.browser)
        for route in ON_ACCOUNTS:
            if role in MAY[route.act]:
                seen[role, name_of(route)] = await refusal_of(seat, route, erika, home="/console/staff")

    assert set(seen.values()) == {Refusal.OWN_ACCOUNT}
    assert len(seen) > 20


async def test_nor_on_that_of_a_colleague_from_the_company(desk: Desk, company: Company) -> None:
    seen, erika = {}, await desk.person()
    await entered(desk, company, an_agent(email=erika.email))
    agents = [await desk.staff(Role.AGENT), await seat_of(desk, await entered(desk, company, an_agent()))]

    for place, agent in enumerate(agents):
        for route in ON_ACCOUNTS:
            if Role.AGENT in MAY[route.act] and route.act not in ON_STAFF:
                home = "/console/staff" if place else "/profile"
                seen[place, name_of(route)] = await refusal_of(agent, route, erika, home=home)

    assert set(seen.values()) == {Refusal.STAFF_ACCOUNT}


async def test_a_role_follows_the_groups_at_each_sign_in_and_ends_what_was_open(desk: Desk, company: Company) -> None:
    person = an_agent()
    first = await entered(desk, company, person)

    second = await entered(desk, company, {**person, "groups": ["audit"]})

    assert (await first.browser.get("/console")).headers["location"] == "/console/sign-in"
    assert (await second.browser.get("/console/cases")).status_code == 403
    assert (await second.browser.get("/console/staff")).status_code == 200


async def test_without_a_group_the_access_ends_with_the_next_sign_in(desk: Desk, company: Company) -> None:
    person = an_agent()
    first = await entered(desk, company, person)
    company.person, again = {**person, "groups": ["everybody"]}, newcomer(desk, company)

    page = await again.read(await again.sign_in())

    assert "You are in no group" in page
    assert (await first.browser.get("/console")).headers["location"] == "/console/sign-in"
    assert (await desk.world.history(account_id(first)))[-2:] == ["staff_role_removed", "refused:no_group_with_role"]


async def test_whoever_is_removed_is_out_at_once_and_stays_out_until_readmitted(desk: Desk, company: Company) -> None:
    person = an_agent()
    anna = await entered(desk, company, person)
    services, whose = desk.world.services, account_id(anna)

    await take_role(services, OPERATOR, whose)
    at_once = await anna.browser.get("/console")
    page = await anna.read(await anna.sign_in())
    await readmit(services, OPERATOR, whose)

    assert at_once.headers["location"] == "/console/sign-in"
    assert "Your access was taken away here" in page
    assert (await anna.sign_in()).headers["location"] == "/console"


async def test_an_administrator_blocks_a_colleague_from_the_company(desk: Desk, company: Company) -> None:
    agent = await entered(desk, company, an_agent())
    administrator = await entered(desk, company, an_agent(groups=["it"]))
    await administrator.browser.get("/console/staff")

    reply = await administrator.browser.post(f"/console/staff/{account_id(agent)}/remove", {"reason": "They left."})

    assert reply.status_code == 303
    assert (await agent.browser.get("/console")).headers["location"] == "/console/sign-in"


async def test_nobody_of_the_company_raises_themselves(desk: Desk, company: Company) -> None:
    """Not by the account of their own at the console, nor by a customer's account with their address."""
    erika = await desk.person()
    administrator = await entered(desk, company, an_agent(groups=["it"], email=erika.email))
    await administrator.browser.get("/console/staff")
    typed = {"email": erika.email, "role": "reviewer", "reason": "I should be."}

    await administrator.browser.post("/console/staff/propose", typed)
    page = (await administrator.browser.get("/console/staff")).text

    assert "Nobody helps themselves here" in page
    assert (await desk.world.history(erika.account_id))[-1] == "refused:own_account"


async def test_one_address_has_one_role_alone(desk: Desk, company: Company) -> None:
    """An agent from the company who is a reviewer by an account here would approve their own cases."""
    reviewer = await desk.staff(Role.REVIEWER)
    company.person, anna = an_agent(email=reviewer.person.email), newcomer(desk, company)

    page = await anna.read(await anna.sign_in())

    assert "has a role here already" in page


async def test_two_people_at_the_company_dont_share_an_address(desk: Desk, company: Company) -> None:
    first = an_agent()
    await entered(desk, company, first)
    company.person, second = an_agent(email=first["email"].upper()), newcomer(desk, company)

    assert "has a role here already" in await second.read(await second.sign_in())
