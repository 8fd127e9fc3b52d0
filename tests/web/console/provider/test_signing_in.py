"""Staff comes in with the company account: with the role of their groups, and to the console alone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from renumber.domain.email_address import EmailAddress
from renumber.store.audit.entries import AuditEntries, unsealed
from renumber.web import cookies
from tests.flows.support.company import Company, an_agent
from tests.web.console.desk import Desk
from tests.web.console.provider.company import newcomer

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_agent_of_the_company_comes_in_and_finds_an_account(desk: Desk, company: Company) -> None:
    erika, anna = await desk.person(), newcomer(desk, company)
    company.person = an_agent()

    entered = await anna.sign_in()
    await anna.browser.get("/console")
    found = await anna.browser.post("/console/find", {"search": erika.email, "reason": "They called."})

    assert (entered.status_code, entered.headers["location"]) == (303, "/console")
    assert found.headers["location"] == f"/console/accounts/{erika.account_id}"
    assert "Anna Agent" in (await anna.browser.get(found.headers["location"])).text


async def test_the_provider_is_asked_by_code_with_a_challenge(desk: Desk, company: Company) -> None:
    company.person = an_agent()

    asked = parse_qs(urlsplit(await newcomer(desk, company).sent()).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["https://account.example.com/console/sign-in/done"]
    assert asked["scope"] == ["openid profile email"]
    assert all(len(asked[name][0]) >= 32 for name in ("state", "nonce", "code_challenge"))


async def test_the_history_names_them_by_an_account_of_their_own(desk: Desk, company: Company) -> None:
    erika, anna = await desk.person(), newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()
    await anna.browser.get("/console")
    await anna.browser.post("/console/find", {"search": erika.email, "reason": "They called."})

    own_id = anna.browser.cookies[cookies.STAFF].partition(".")[0]
    [row] = await AuditEntries(desk.world.database).newest_of(erika.account_id, 1)

    assert unsealed(row, desk.world.keys).evidence == f"agent {own_id}"
    assert await desk.world.history(own_id) == [
        "staff_entered",
        "staff_role_given",
        "staff_signed_in",
        "staff_searched",
    ]


async def test_whoever_comes_again_is_the_same_person(desk: Desk, company: Company) -> None:
    company.person, ids = an_agent(), set()
    for name in ("Anna Agent", "Anna Married"):
        anna = newcomer(desk, company)
        company.person["name"] = name
        await anna.sign_in()
        ids.add(anna.browser.cookies[cookies.STAFF].partition(".")[0])

    assert len(ids) == 1
    assert (await desk.world.account(ids.pop())).name == "Anna Married"


async def test_their_session_opens_no_page_of_a_person(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()
    token = anna.browser.cookies[cookies.STAFF]

    anna.browser.cookies[cookies.SESSION] = token
    reply = await anna.browser.get("/profile")

    assert (reply.status_code, reply.headers["location"].partition("?")[0]) == (303, "/sign-in")


async def test_a_session_of_a_person_is_none_at_the_console(desk: Desk, company: Company) -> None:
    erika, browser = await desk.person(), newcomer(desk, company).browser
    await erika.sign_in()
    browser.cookies[cookies.STAFF] = erika.browser.ticket.text

    reply = await browser.get("/console")

    assert (reply.status_code, reply.headers["location"]) == (303, "/console/sign-in")


async def test_their_account_has_no_password_and_no_address_that_finds_it(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()

    account = await desk.world.account(anna.browser.cookies[cookies.STAFF].partition(".")[0])

    assert (account.password_hash, account.second_factors) == ("", frozenset())
    assert await desk.world.services.store.credentials(EmailAddress(company.person["email"]).key, "") is None


async def test_signing_out_ends_the_session(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()
    token = anna.browser.cookies[cookies.STAFF]
    await anna.browser.get("/console")

    reply = await anna.browser.post("/console/sign-out", {})
    anna.browser.cookies[cookies.STAFF] = token

    assert reply.headers["location"] == "/console/sign-in?signed=out"
    assert (await anna.browser.get("/console")).headers["location"] == "/console/sign-in"


@pytest.mark.parametrize(("hours", "is_in"), [(7.9, True), (8.1, False)])
async def test_such_a_session_lasts_for_a_working_day(
    desk: Desk, company: Company, hours: float, *, is_in: bool
) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()
    for _ in range(int(hours * 2)):
        desk.world.clock.move(minutes=30)
        await anna.browser.get("/console")
    desk.world.clock.move(hours=hours % 0.5)

    assert (await anna.browser.get("/console")).status_code == (200 if is_in else 303)


async def test_a_page_costs_three_statements_as_for_others(desk: Desk, company: Company) -> None:
    anna = newcomer(desk, company)
    company.person = an_agent()
    await anna.sign_in()

    with capture_logs() as logged:
        await anna.browser.get("/console/cases")

    assert [line["statements"] for line in logged] == [3]


async def test_claims_may_come_from_the_userinfo_endpoint(desk: Desk, company: Company) -> None:
    company.person = an_agent(email=None, groups=None)
    company.told_apart = {**an_agent(groups=["audit"]), "sub": company.person["sub"]}

    entered = await newcomer(desk, company).sign_in()

    assert entered.headers["location"] == "/console"


async def test_nobody_else_answers_for_a_person_there(desk: Desk, company: Company) -> None:
    company.person = an_agent(groups=None)
    company.told_apart = {"sub": "somebody-else", "groups": ["audit"]}

    anna = newcomer(desk, company)

    assert "You are in no group" in await anna.read(await anna.sign_in())
