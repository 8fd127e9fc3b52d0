"""What open pages of the console follow: each change of an account or a case is another mark, on either database."""

from datetime import timedelta

from renumber.domain.support.staff import Role
from renumber.flows.sessions import end_other_sessions
from renumber.flows.support.accounts import note
from renumber.flows.support.cases import cancel_case, open_case
from renumber.flows.support.live import MOST_AT_ONCE, LiveList, Mark, Marks, Onlooker
from renumber.store.support.changes import StoredChanges
from tests.flows.person import Browser, Person, a_person
from tests.flows.support.staff import a_colleague
from tests.flows.world import World


async def look(world: World, *onlookers: Onlooker) -> Marks:
    now = world.clock.now()
    return await StoredChanges(world.database).marks(onlookers, now, idle_since=now - timedelta(hours=1))


def onlooker(person: Person, account_id: str = "") -> Onlooker:
    ticket = person.browser.ticket
    return Onlooker(staff_id=ticket.account_id, session_id=ticket.id, account_id=account_id)


async def test_whatever_happens_to_an_account_is_another_mark_and_nothing_is_the_same(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    sitting = await a_person(either_world, "staff@support.example")
    await sitting.sign_in()
    seen: list[Mark] = []

    async def note_mark() -> None:
        seen.append((await look(either_world, onlooker(sitting, erika.account_id))).of_accounts[erika.account_id])

    await note_mark()
    await note_mark()
    either_world.clock.move(seconds=5)
    await agent.do(note, erika)
    await note_mark()
    await erika.browser.give_password(erika.email, "wrong password")
    await note_mark()
    await erika.sign_in()
    await note_mark()

    assert seen[0] == seen[1]
    assert len({mark.text for mark in seen}) == 4
    assert seen[0].at < seen[2].at == either_world.clock.now()


async def test_the_queues_have_another_mark_with_each_case(either_world: World) -> None:
    erika, agent = await a_person(either_world), await a_colleague(either_world, Role.AGENT)
    texts = [(await look(either_world)).of_lists[LiveList.QUEUES].text]
    for act in (open_case, cancel_case):
        await agent.do(act, erika)
        texts.append((await look(either_world)).of_lists[LiveList.QUEUES].text)

    assert texts[0] == texts[2] != texts[1]


async def test_a_session_that_is_over_sees_nothing_any_more(either_world: World) -> None:
    sitting = await a_person(either_world)
    await sitting.sign_in()
    ended = onlooker(sitting)
    before = (await look(either_world, ended)).seen_by(ended)
    sitting.browser = Browser(either_world)
    await sitting.sign_in()
    await end_other_sessions(either_world.services, sitting.browser.client, sitting.browser.ticket)
    live = onlooker(sitting)

    marks = await look(either_world, ended, live)
    either_world.clock.move(hours=1)
    idle = (await look(either_world, live)).seen_by(live)

    assert before
    assert marks.seen_by(ended) is None
    assert marks.seen_by(live)
    assert idle is None


async def test_as_many_are_looked_after_at_once_as_there_are_places(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.sign_in()
    others = [Onlooker(staff_id="0" * 32, session_id=f"{number:032}") for number in range(MOST_AT_ONCE - 1)]

    marks = await look(either_world, *others, onlooker(erika, erika.account_id))

    assert set(marks.of_accounts) == {erika.account_id}
    assert marks.sessions == {erika.browser.ticket.id}
