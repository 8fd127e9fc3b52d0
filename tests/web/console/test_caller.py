"""The check of a caller: red at the console until it is proven, on a page that tells strangers nothing."""

import re

from structlog.testing import capture_logs

from renumber.domain.messages.message import Notice
from renumber.domain.support.staff import Role
from renumber.policies.support.caller import CALLER_METHODS
from renumber.web import cookies
from tests.flows.factors.totp import add_app
from tests.flows.person import Person
from tests.web.console.desk import Colleague, Desk
from tests.web.oidc.party import Guest

READ_OUT = re.compile(r"<dd>([\d\u2009\u00a0 ]+)</dd>")


async def ask(agent: Colleague, erika: Person, by: str = "caller") -> str:
    """Begin a check on the account's page; the number that stands there to be read out."""
    await agent.find(erika.email)
    page = await agent.send(f"/console/accounts/{erika.account_id}/{by}")
    assert "Caller not proven" in page.text
    found = READ_OUT.search(page.text)
    return "".join(filter(str.isdigit, found[1])) if found else ""


def somebody(desk: Desk) -> Guest:
    """A browser in which nobody is signed in."""
    browser = Guest(desk.guest._client, desk.guest.app)
    browser.cookies[cookies.LANGUAGE] = "en"
    return browser


async def typed(desk: Desk, number: str) -> Guest:
    """A browser in which somebody has typed the number."""
    browser = somebody(desk)
    await browser.get("/caller")
    await browser.post("/caller", {"number": number})
    return browser


async def test_the_console_is_red_until_the_caller_has_proven_themselves(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    here = f"/console/accounts/{erika.account_id}"
    number = await ask(agent, erika)
    assert len(number) == 12

    browser = await typed(desk, number)
    opened = (await agent.browser.get(here)).text
    await browser.get("/caller/check")
    await browser.post("/caller/check/method/phone", {})
    await browser.get("/caller/check")
    await browser.post("/caller/check/code", {"code": (await erika.texts(Notice.CALLER_CODE))[-1].code})
    done, proven = (await browser.get("/caller/check")).text, (await agent.browser.get(here)).text

    assert "Caller not proven" in opened
    assert number not in "".join(filter(str.isdigit, opened))
    assert "that's proven" in done.replace("&#39;", "'")
    assert "Caller proven" in proven
    assert "Proven by Phone at" in proven
    assert "Caller not proven" not in proven


async def test_another_agent_sees_no_number(desk: Desk) -> None:
    erika, agent, other = await desk.person(), await desk.staff(Role.AGENT), await desk.staff(Role.AGENT)
    await ask(agent, erika)

    page = await other.find(erika.email)

    assert "A colleague has asked for a check." in page.text
    assert not READ_OUT.search(page.text)


async def test_a_mailed_check_has_no_number_and_its_link_does_nothing_until_it_is_pressed(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    assert await ask(agent, erika, "caller/mail") == ""
    [mail] = await erika.mails(Notice.CALLER_LINK)
    browser = somebody(desk)

    for _ in range(3):
        assert (await browser.get(f"/caller/link/{mail.action}")).status_code == 200
    reply = await browser.post(f"/caller/link/{mail.action}", {})

    assert reply.headers["location"] == "/caller/check"
    assert (await somebody(desk).get(f"/caller/link/{mail.action}")).status_code == 410


async def test_a_number_of_no_check_says_nothing_more_than_one_that_is_used(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    used = await ask(agent, erika)
    await typed(desk, used)
    seen = set()

    for tried in ("000000000000", "1", "0 1 2 x", "9" * 60, used):
        browser = await typed(desk, tried)
        page = await browser.get("/caller")
        text = re.sub(r'value="[^"]*"', "", page.text)
        seen.add((page.status_code, re.sub(r"[0-9a-f]{32}", "", text)))
        assert (await browser.get("/caller/check")).status_code == 404

    assert len(seen) == 1
    assert "isn&#39;t right, or is no longer valid" in seen.pop()[1]


async def test_the_page_is_the_same_for_every_account(desk: Desk) -> None:
    whole, bare, agent = await desk.person(), await desk.person(), await desk.staff(Role.AGENT)
    await add_app(whole)
    seen = []

    for person in (whole, bare):
        browser = await typed(desk, await ask(agent, person))
        pages = [(await browser.get("/caller/check")).text]
        for method in CALLER_METHODS:
            await browser.post(f"/caller/check/method/{method}", {})
            pages.append((await browser.get("/caller/check")).text)
            desk.world.clock.move(seconds=31)
        await browser.post("/caller/check/method/app", {})
        await browser.post("/caller/check/code", {"code": "000000"})
        pages.append((await browser.get("/caller/check")).text)
        seen.append([shape_of(page) for page in pages])
        assert not [page for page in pages for said in (person.email, "Erika") if said in page]

    assert seen[0] == seen[1]


def shape_of(page: str) -> str:
    """A page without what is new on each: times, digits, the token of its forms."""
    return re.sub(r"\d+( \d+)*", "#", re.sub(r"[0-9a-f]{32}", "#", page))


async def test_this_is_not_me_ends_it_and_the_console_says_so(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    browser = await typed(desk, await ask(agent, erika))
    await browser.get("/caller/check")

    await browser.post("/caller/check/not-me", {})

    assert "Customer relations have been told" in (await browser.get("/caller/check")).text
    assert "help whoever is on the phone" in (await agent.browser.get(f"/console/accounts/{erika.account_id}")).text


async def test_no_log_line_has_the_number_or_the_code(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    with capture_logs() as logged:
        number = await ask(agent, erika)
        browser = await typed(desk, number)
        await browser.get("/caller/check")
        await browser.post("/caller/check/method/phone", {})
        code = (await erika.texts(Notice.CALLER_CODE))[-1].code
        await browser.post("/caller/check/code", {"code": code})

    assert logged
    assert not [line for line in map(str, logged) if number in line or code in line]


async def test_a_check_opens_no_session_and_no_console(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    browser = await typed(desk, await ask(agent, erika))
    await browser.get("/caller/check")
    await browser.post("/caller/check/method/phone", {})
    await browser.get("/caller/check")
    await browser.post("/caller/check/code", {"code": (await erika.texts(Notice.CALLER_CODE))[-1].code})

    profile, console = await browser.get("/profile"), await browser.get("/console")

    assert (profile.status_code, console.status_code) == (303, 303)
    assert await desk.world.live_sessions(erika.account_id) == []
