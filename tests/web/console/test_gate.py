"""The console at an origin and in networks of its own: elsewhere it isn't there, and nothing else is there."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from renumber.domain.support.staff import Role
from renumber.web import console
from renumber.web.app import PAGES
from renumber.web.console.gate import HOMES, SHARED
from tests.flows.world import ORIGIN
from tests.web.console.desk import Desk, a_desk
from tests.web.oidc.party import Guest

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONSOLE = "https://console.company.example"
HERE, THERE = {"host": "console.company.example"}, {"host": "account.example.com"}
INSIDE, OUTSIDE = {"x-forwarded-for": "10.20.1.7"}, {"x-forwarded-for": "198.51.100.7"}
TOKENS = re.compile(r'value="[0-9a-f]{32}"|\b[0-9a-f]{12}\b|value="/[^"]*"')
API = ("/api/v1/openapi.json", "/.well-known/openid-configuration", "/oauth/jwks", "/metrics", "/device")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The service, whose console has an origin and networks of its own, behind a proxy."""
    path = tmp_path_factory.mktemp("gate") / "renumber.db"
    shutil.copyfile(sqlite_template, path)
    apart = {"console_origin": CONSOLE, "console_networks": "10.20.0.0/16", "trusted_proxies": "127.0.0.0/8"}
    async with a_desk(f"sqlite:///{path}", **apart) as sitting:
        yield sitting


def filled(path: str) -> str:
    return re.sub(r"\{\w+:\w+\}", "0" * 32, path)


async def ask(desk: Desk, method: str, path: str, **headers: str) -> httpx2.Response:
    """One request of a browser that has been here before."""
    browser = Guest(desk.guest._client, desk.guest.app)
    browser.cookies = {"__Host-browser": "b" * 32}
    return await browser.ask(method, path, headers=headers)


def seen(reply: httpx2.Response) -> tuple[object, ...]:
    """All that an outsider sees of a reply, but for tokens, ids and the address that was asked for."""
    headers = sorted(
        (name, value) for name, value in reply.headers.items() if name not in ("x-request-id", "content-length")
    )
    return reply.status_code, TOKENS.sub("", reply.text), headers


@pytest.mark.parametrize(
    "place", [{**THERE, **INSIDE}, {**HERE, **OUTSIDE}, {**THERE, **OUTSIDE}], ids=["elsewhere", "outside", "both"]
)
async def test_the_console_is_to_others_what_an_unknown_page_is(desk: Desk, place: dict[str, str]) -> None:
    """By every address and method, and by every spelling of it."""
    paths = {filled(route.path) for route in console.routes} | {
        "/console/",
        "/console//cases",
        "/console/sign-in",
        "/%63onsole",
    }
    told_apart = []

    for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT"):
        unknown = seen(await ask(desk, method, "/no-such-page", **place))
        told_apart += [(method, path) for path in paths if seen(await ask(desk, method, path, **place)) != unknown]

    assert not told_apart


async def test_nothing_of_a_person_s_answers_at_the_console_s_origin(desk: Desk) -> None:
    paths = {filled(page.path) for page in PAGES if page.method == "GET"} - HOMES | set(API)
    apart = {path for path in paths if not path.startswith(SHARED)}

    found = {path: (await ask(desk, "GET", path, **HERE, **INSIDE)).status_code for path in apart}

    assert set(found.values()) == {404}
    assert len(found) > 30


async def test_at_its_origin_and_from_its_networks_it_is_there(desk: Desk) -> None:
    reply = await ask(desk, "GET", "/console", **HERE, **INSIDE)
    home = await ask(desk, "GET", "/profile", **HERE, **INSIDE)

    assert (reply.status_code, reply.headers["location"].partition("?")[0]) == (303, "/sign-in")
    assert (home.status_code, home.headers["location"]) == (303, "/console")


async def test_pages_of_people_answer_at_theirs_from_anywhere(desk: Desk) -> None:
    for place in (INSIDE, OUTSIDE):
        assert (await ask(desk, "GET", "/sign-in", **THERE, **place)).status_code == 200


async def test_a_client_doesnt_choose_its_network(desk: Desk) -> None:
    """What stands to the left of the first address that isn't ours may be anybody's invention."""
    forged = {"x-forwarded-for": "10.20.1.7, 198.51.100.7"}

    assert (await ask(desk, "GET", "/console", **HERE, **forged)).status_code == 404


async def test_staff_works_there_and_posts_from_that_origin_alone(desk: Desk) -> None:
    agent, erika = await desk.staff(Role.AGENT), await desk.person()
    browser, form, here = agent.browser, {"search": erika.email, "reason": "They called."}, {**HERE, **INSIDE}

    replies = []
    for origin in (ORIGIN, CONSOLE):
        await browser.ask("GET", "/console", headers=here)
        replies.append(await browser.post("/console/find", form, origin=origin, **here))

    assert [reply.status_code for reply in replies] == [403, 303]
    assert (await browser.ask("GET", replies[1].headers["location"], headers=here)).status_code == 200
