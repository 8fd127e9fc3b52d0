"""An account at the console: in one query, with one sentence on top and every line of its timeline once."""

from datetime import timedelta

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.support.staff import Role
from renumber.flows.ports.store import AuditEntry
from renumber.flows.support.account_view import NEWEST, AccountFacts, Line, MessageLine, TimelinePlace, account_view
from renumber.flows.support.accounts import look, note
from renumber.flows.support.cases import open_case
from renumber.policies.support.advice import Stand
from renumber.store.database.open import counting
from renumber.store.support.account_views import StoredAccountViews
from tests.flows.factors.totp import add_app
from tests.flows.person import Person, a_person
from tests.flows.support.staff import a_colleague
from tests.flows.world import World


def views(world: World) -> StoredAccountViews:
    return StoredAccountViews(world.database, world.keys)


async def read(world: World, erika: Person, *, lines: int = 200, after: TimelinePlace = NEWEST) -> AccountFacts:
    now = world.clock.time
    idle_since = now - timedelta(hours=1)
    found = await views(world).account(erika.account_id, now, idle_since=idle_since, after=after, lines=lines)
    assert found
    return found


async def test_one_query_brings_all_that_the_page_shows(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    await erika.sign_in()
    await add_app(erika)
    await erika.ask_for_change()
    await agent.do(open_case, erika)

    with counting() as counted:
        view = await account_view(either_world.services, views(either_world), erika.account_id)

    assert view
    facts = view.facts
    assert counted.statements == 1
    assert facts.account == await either_world.account(erika.account_id)
    assert facts.change
    assert facts.case
    assert [item.factor for item in facts.factor_list.items] == [Factor.TOTP]
    assert len(facts.sessions) == 1
    assert view.advice.stand is Stand.CASE_COLLECTING
    acts = [line.act for line in facts.timeline if isinstance(line, AuditEntry)]
    assert {"case_opened", "change_requested", "factor_added", "signed_in"} <= set(acts)
    assert Notice.CHANGE_REQUESTED in facts.deliveries


async def test_the_timeline_masks_where_a_message_goes_and_forgets_it_once_it_was_sent(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.sign_in()
    await erika.ask_for_change()

    before = [line for line in (await read(either_world, erika)).timeline if isinstance(line, MessageLine)]

    assert {line.to for line in before if line.channel is Channel.EMAIL} == {"e…@example.com"}
    assert all(line.to.startswith("+49 ••• ••• ") for line in before if line.channel is Channel.SMS and line.to)


async def test_page_by_page_every_line_is_shown_once_and_in_order(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    await erika.sign_in()
    await erika.ask_for_change()
    for _ in range(3):
        await agent.do(look, erika)
        either_world.clock.move(seconds=1)
    await agent.do(note, erika)
    whole = list((await read(either_world, erika)).timeline)

    paged: list[Line] = []
    after: TimelinePlace | None = NEWEST
    while after is not None:
        page = await read(either_world, erika, lines=3, after=after)
        assert len(page.timeline) <= 3
        paged += page.timeline
        after = page.older

    assert paged == whole
    assert [line.at for line in whole] == sorted((line.at for line in whole), reverse=True)


async def test_an_account_that_is_not_there_is_none(either_world: World) -> None:
    assert await account_view(either_world.services, views(either_world), "f" * 32) is None
