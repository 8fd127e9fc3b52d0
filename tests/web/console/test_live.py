"""Pages of the console that stay open: told of what is new, by one look for all, until their session is over."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from renumber.domain.support.staff import Role
from renumber.flows.services import Client
from renumber.flows.support.live import MOST_AT_ONCE, LiveList, Onlooker
from renumber.flows.support.staff import take_role
from renumber.store.database.interface import counting
from renumber.store.support.changes import StoredChanges
from renumber.web.streams.events import Seats
from renumber.web.streams.pulse import OVER, Listener, Pulse
from tests.flows.person import Person
from tests.web.console.desk import Colleague, Desk


def a_pulse(desk: Desk) -> Pulse:
    return Pulse(StoredChanges(desk.world.database), desk.world.services)


def at(colleague: Colleague, person: Person | None = None) -> Onlooker:
    ticket = colleague.person.browser.ticket
    shown = person.account_id if person else ""
    return Onlooker(staff_id=ticket.account_id, session_id=ticket.id, account_id=shown)


@contextmanager
def listening(desk: Desk, pulse: Pulse, onlooker: Onlooker, known: str = "") -> Iterator[Listener]:
    with pulse.listening(onlooker, known=known, since=desk.world.clock.now()) as listener:
        yield listener


async def next_of(listener: Listener) -> str:
    """What the page hears next, if it is written already."""
    async with asyncio.timeout(5):
        return await anext(listener.heard())


async def test_a_page_hears_of_what_happened_since_it_was_made_and_of_each_change_after(desk: Desk) -> None:
    erika, agent, pulse = await desk.person(), await desk.staff(Role.AGENT), a_pulse(desk)
    desk.world.clock.move(seconds=1)

    with listening(desk, pulse, at(agent, erika)) as listener:
        begun = await next_of(listener)
        await agent.find(erika.email)
        await pulse.look()
        changed = await next_of(listener)
    with listening(desk, pulse, at(agent, erika)) as late:
        at_once = await next_of(late)
    with listening(desk, pulse, at(agent, erika), known=changed.split()[1]) as again:
        await pulse.look()
        await erika.sign_in()
        await pulse.look()
        heard = await next_of(again)

    assert ("changed" in begun, "changed" in changed, "changed" in at_once) == (False, True, True)
    assert heard.startswith("id: ")
    assert heard.split()[1] != changed.split()[1]


async def test_all_pages_of_a_process_share_one_query(desk: Desk) -> None:
    erika, agent, pulse = await desk.person(), await desk.staff(Role.AGENT), a_pulse(desk)
    pages = [at(agent, erika) if number % 2 else at(agent) for number in range(MOST_AT_ONCE)]

    with ExitStack() as stack:
        for page in pages:
            stack.enter_context(listening(desk, pulse, page))
        with counting() as count:
            await pulse.look()
        stack.enter_context(listening(desk, pulse, pages[0]))
        with counting() as count_of_more:
            await pulse.look()

    assert (count.statements, count_of_more.statements) == (1, 2)


async def test_the_page_of_staff_hears_of_a_role_that_is_proposed_and_of_one_that_is_taken_away(desk: Desk) -> None:
    administrator, agent, pulse = await desk.staff(Role.ADMINISTRATOR), await desk.staff(Role.AGENT), a_pulse(desk)
    ticket = administrator.person.browser.ticket
    page = Onlooker(staff_id=ticket.account_id, session_id=ticket.id, shows=LiveList.STAFF)
    desk.world.clock.move(seconds=1)

    with listening(desk, pulse, page) as listener:
        begun = await next_of(listener)
        await administrator.browser.get("/console/staff")
        proposal = {"email": agent.person.email, "role": "reviewer"}
        await administrator.send("/console/staff/propose", "She reviews now.", **proposal)
        await pulse.look()
        proposed = await next_of(listener)
    with listening(desk, pulse, page) as late:
        await administrator.press("/console/staff", "Take the role away", "He has left.")
        await pulse.look()
        removed = await next_of(late)

    assert ["changed" in heard for heard in (begun, proposed, removed)] == [False, True, True]


async def test_it_is_over_with_the_role_and_with_the_session(desk: Desk) -> None:
    erika, agent, pulse = await desk.person(), await desk.staff(Role.AGENT), a_pulse(desk)

    with listening(desk, pulse, at(agent, erika)) as listener:
        await next_of(listener)
        await take_role(desk.world.services, Client(operator="the-operator"), agent.person.account_id)
        await pulse.look()
        heard = [event async for event in listener.heard()]

    assert heard == [OVER]


async def test_a_look_that_fails_ends_every_page_that_waits_for_it(desk: Desk) -> None:
    agent = await desk.staff(Role.AGENT)
    pulse = Pulse(StoredChanges(None), desk.world.services)  # type: ignore[arg-type]  # a database that isn't there

    with listening(desk, pulse, at(agent)) as listener:
        async with asyncio.timeout(5):
            try:
                await anext(listener.heard())
            except AttributeError:
                return

    raise AssertionError("it went on")


async def test_whoever_opens_the_address_of_a_stream_is_led_to_its_page(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    here = f"/console/accounts/{erika.account_id}"

    unseen = await agent.browser.ask("GET", f"{here}/live", headers={"accept": "text/event-stream"})
    await agent.find(erika.email)
    replies = [await agent.browser.get(f"{path}/live") for path in (here, "/console/cases")]
    auditor = await desk.staff(Role.AUDITOR)
    replies.append(await auditor.browser.get("/console/staff/live"))

    assert [reply.headers["location"] for reply in (unseen, *replies)] == [
        here,
        here,
        "/console/cases",
        "/console/staff",
    ]


async def test_a_page_that_loads_itself_takes_no_message_and_keeps_no_session_alive(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await agent.find(erika.email)
    here = f"/console/accounts/{erika.account_id}"
    await agent.browser.post(f"{here}/note", {"reason": ""})

    by_itself = await agent.browser.ask("GET", here, headers={"x-by-itself": "yes"})
    asked_for = await agent.browser.get(here)
    desk.world.clock.move(minutes=20)
    await agent.browser.get(here)
    desk.world.clock.move(minutes=29)
    replies = []
    for _ in range(3):
        desk.world.clock.move(minutes=10)
        replies.append(await agent.browser.ask("GET", here, headers={"x-by-itself": "yes"}))

    assert 'id="reason-problem"' not in by_itself.text
    assert 'id="reason-problem"' in asked_for.text
    assert [reply.status_code for reply in replies] == [200] * 3
    desk.world.clock.move(minutes=2)
    assert (await agent.browser.ask("GET", here, headers={"x-by-itself": "yes"})).status_code == 303


def test_nobody_holds_more_than_their_share_of_streams() -> None:
    seats = Seats(4, for_the_same=3)

    with ExitStack() as stack:
        found = [stack.enter_context(seats.seat(session)) for session in "aaaabb"]

    assert found == [True, True, True, False, True, False]
