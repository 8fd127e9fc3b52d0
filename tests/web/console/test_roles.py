"""Every address of the console and every kind of visitor: each does what the table of acts says, and nothing else."""

import re

from structlog.testing import capture_logs

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.policies.support.acts import MAY, ON_ANYBODY, may
from renumber.web import console
from renumber.web.console.routes import ConsoleRoute
from tests.flows.person import Person
from tests.web.console.desk import Colleague, Desk
from tests.web.console.test_cases import a_case
from tests.web.oidc.party import Guest

ROUTES = [route for route in console.routes if isinstance(route, ConsoleRoute)]
ON_ACCOUNTS = [route for route in ROUTES if route.method == "POST" and "{account_id" in route.path]
# What these forms ask for beside the reason.
FIELDS = {"kind": "document", "role": "agent", "confirmed": "agent"}
Seen = dict[str, int]


def name_of(route: ConsoleRoute) -> str:
    return f"{route.method} {route.path}"


def path_of(route: ConsoleRoute, account_id: str, case_id: str = "0" * 32) -> str:
    """The address of a route for one account and one case."""
    filled = route.path.replace("{account_id:str}", account_id).replace("{case_id:str}", case_id)
    return re.sub(r"\{\w+:str\}", "x", filled)


async def walk(browser: Guest, account_id: str, case_id: str = "0" * 32, *, home: str = "/profile") -> Seen:
    """Open every page and post every form, without a reason, so that nothing is done; the status of each.

    `home` is a page that the browser may always open, for the token of its forms.
    """
    seen = {}
    for route in ROUTES:
        await browser.get(home)
        path = path_of(route, account_id, case_id)
        reply = await (browser.post(path, FIELDS) if route.method == "POST" else browser.get(path))
        seen[name_of(route)] = reply.status_code
    return seen


def test_every_address_of_the_console_names_its_act() -> None:
    assert len(ROUTES) == len(console.routes) >= 18


async def test_each_role_enters_where_it_may_and_nowhere_else(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    colleagues = {role: await desk.staff(role) for role in Role}
    *_, case_id = (await a_case(agent, erika)).split("/")
    before = await desk.world.history(erika.account_id)

    seen = {role: await walk(each.browser, erika.account_id, case_id) for role, each in colleagues.items()}

    entered = {(role, name) for role, statuses in seen.items() for name, status in statuses.items() if status != 403}
    done = (await desk.world.history(erika.account_id))[len(before) :]
    assert entered == {(role, name_of(route)) for role in Role for route in ROUTES if may(role, route.act)}
    assert not [(role, statuses) for role, statuses in seen.items() if max(statuses.values()) >= 500]
    assert {act for act in done if not act.startswith("refused:")} == set()


async def test_nobody_else_enters_anywhere(desk: Desk) -> None:
    erika, customer, agent = await desk.person(), await desk.person(), await desk.staff(Role.AGENT)
    await customer.sign_in()
    await agent.person.browser.give_password(agent.person.email, agent.person.password)
    await agent.person.browser.choose(Factor.PHONE)
    assert await agent.person.sign_in_with_phone()
    kinds = {
        "nobody": (Guest(desk.guest._client, desk.guest.app), 303),
        "a customer": (desk.browser_of(customer), 404),
        "staff signed in by a text": (desk.browser_of(agent.person), 403),
    }
    before = await desk.world.history(erika.account_id)

    seen = {kind: set((await walk(browser, erika.account_id)).values()) for kind, (browser, _) in kinds.items()}

    assert seen == {kind: {status} for kind, (_, status) in kinds.items()}
    assert await desk.world.history(erika.account_id) == before


async def test_the_act_of_a_route_is_the_act_of_its_flow(desk: Desk) -> None:
    colleagues = {role: await desk.staff(role) for role in Role}
    refused: set[tuple[Role, str]] = set()

    for route in ON_ACCOUNTS:
        for role in MAY[route.act]:
            erika = await desk.person()
            if await refusal_of(colleagues[role], route, erika) == Refusal.NOT_YOUR_ROLE:
                refused.add((role, name_of(route)))

    assert refused == set()


async def refusal_of(
    colleague: Colleague, route: ConsoleRoute, person: Person, *, home: str = "/profile"
) -> str | None:
    """Post a form about somebody's account, for a reason; why it is refused, if it is."""
    await colleague.browser.get(home)
    with capture_logs() as logged:
        path = path_of(route, person.account_id)
        reply = await colleague.browser.post(path, {**FIELDS, "reason": "They called."})
    assert reply.status_code == 303, (route.path, reply.status_code)
    return logged[-1].get("refusal")


async def test_nobody_acts_on_the_own_account_or_a_colleague_s_by_any_address(desk: Desk) -> None:
    colleagues = {role: await desk.staff(role) for role in Role}
    other = await desk.staff(Role.AGENT)
    seen: dict[tuple[str, Role, str], str | None] = {}

    for route in ON_ACCOUNTS:
        for role in MAY[route.act]:
            seen["own", role, name_of(route)] = await refusal_of(colleagues[role], route, colleagues[role].person)
            if route.act not in ON_ANYBODY:
                seen["other", role, name_of(route)] = await refusal_of(colleagues[role], route, other.person)

    expected = {"own": Refusal.OWN_ACCOUNT, "other": Refusal.STAFF_ACCOUNT}
    assert not {place: refusal for place, refusal in seen.items() if refusal != expected[place[0]]}
    assert len(seen) > 20


async def test_a_colleague_isnt_found_by_the_search_either(desk: Desk) -> None:
    agent, other = await desk.staff(Role.AGENT), await desk.staff(Role.REVIEWER)

    pages = [await agent.find(each.person.email) for each in (agent, other)]

    assert ["Nobody helps themselves" in pages[0].text, "This is a colleague" in pages[1].text] == [True, True]
