"""Whatever ends a person's way in ends every token of theirs, at once and on every worker."""

from asyncio import gather
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from renumber.domain.number_history import Wanted
from renumber.domain.oidc.grant import PROGRESS, GrantState
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.flows.account.release import release_by_operator
from renumber.flows.oidc.access import find_access
from renumber.flows.oidc.authorize import Asked, due, give_code
from renumber.flows.oidc.client import Shown
from renumber.flows.oidc.end import revoke
from renumber.flows.oidc.key_proof import ProvenKey, spend_key_proof
from renumber.flows.oidc.tokens import Issued, redeem, refresh
from renumber.flows.services import NOWHERE, Services
from renumber.flows.views import find_visit
from renumber.policies.joins import Joins
from renumber.policies.oidc.onward import Onward
from renumber.store.database.open import counting
from tests.flows.oidc.endings import EVERYTHING, Ending, freeze, sign_out_everywhere, sign_out_here
from tests.flows.person import Person, a_person
from tests.flows.refusals.grants import ASKED, SHOP, SHOWN, bring, code_of
from tests.flows.world import StandingJoins, World, a_world

OFFLINE, ONLINE = ASKED, replace(ASKED, request=replace(ASKED.request, scopes=frozenset({"openid"})))
KEY, OTHER_KEY = "k" * 43, "o" * 43
JOINS = Joins((replace(SHOP, scopes=frozenset({"openid", "offline_access"})),))


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with a_world(database_url, joins=JOINS) as opened:
        yield opened


@pytest.fixture
async def other_worker(database_url: str, world: World) -> AsyncIterator[Services]:
    """Another process on the same database, at the same time."""
    async with a_world(database_url, joins=JOINS) as opened:
        yield replace(opened.services, clock=world.clock)


async def tokens_of(erika: Person, asked: Asked = OFFLINE, *, jkt: str = "") -> Issued:
    code = await code_of(erika, asked)
    step = await redeem(erika.world.services, erika.browser.client, Shown(SHOP, code, jkt), SHOWN)
    assert step.state
    return step.state


async def lives(services: Services, issued: Issued) -> bool:
    return await find_access(services, issued.access_token, issued.jkt) is not None


async def renewed(services: Services, issued: Issued) -> Step[Issued | None]:
    """Bring the refresh token, with the key that it came with."""
    token = Ticket.read(issued.refresh_token)
    assert token
    return await refresh(services, NOWHERE, Shown(SHOP, token, issued.jkt), frozenset())


@pytest.mark.parametrize("asked", [ONLINE, OFFLINE], ids=["in the session", "offline"])
@pytest.mark.parametrize("end", EVERYTHING)
async def test_an_end_of_all_ends_every_token_on_every_worker(
    world: World, other_worker: Services, end: Ending, asked: Asked
) -> None:
    erika = await a_person(world)
    issued = await tokens_of(erika, asked)
    assert await lives(other_worker, issued)

    await end(erika)

    assert not await lives(other_worker, issued)
    assert not await lives(world.services, issued)


async def test_signing_out_ends_what_was_given_in_the_session_and_not_what_outlasts_it(world: World) -> None:
    erika = await a_person(world)
    offline = await tokens_of(erika)
    world.clock.move(seconds=31)
    online = await tokens_of(erika, ONLINE)

    await sign_out_here(erika)

    assert not await lives(world.services, online)
    assert await lives(world.services, offline)


@pytest.mark.parametrize("end", [freeze, sign_out_everywhere])
async def test_no_refresh_token_outlives_an_end_of_all(world: World, end: Ending) -> None:
    erika = await a_person(world)
    token = Ticket.read((await tokens_of(erika)).refresh_token)
    assert token

    await end(erika)

    step = await refresh(world.services, NOWHERE, Shown(SHOP, token), frozenset())
    assert step.state is None


async def test_a_freeze_ends_all_kinds_of_tokens_within_one_request_on_every_worker(
    world: World, other_worker: Services
) -> None:
    erika, workers = await a_person(world), (world.services, other_worker)
    kinds = [await tokens_of(erika)]
    for asked, jkt in [(ONLINE, ""), (OFFLINE, KEY), (ONLINE, KEY)]:
        world.clock.move(seconds=31)
        kinds.append(await tokens_of(erika, asked, jkt=jkt))
    before = [await lives(services, issued) for issued in kinds for services in workers]

    await freeze(erika)

    assert before == [True] * 8
    assert [await lives(services, issued) for issued in kinds for services in workers] == [False] * 8
    offline = [issued for issued in kinds if issued.refresh_token]
    assert len(offline) == 2
    assert {(await renewed(services, issued)).state for issued in offline for services in workers} == {None}


@pytest.mark.parametrize("uses", [1, 2, 5])
async def test_a_refresh_token_from_however_long_ago_ends_its_grant(
    world: World, other_worker: Services, uses: int
) -> None:
    erika = await a_person(world)
    issued = [await tokens_of(erika)]
    for _ in range(uses):
        world.clock.move(seconds=5)
        issued.append((await renewed(world.services, issued[-1])).state or issued[-1])
    assert len({each.refresh_token for each in issued}) == uses + 1

    again = await renewed(other_worker, issued[0])

    assert again.refusal is Refusal.GRANT_USED
    assert not await lives(world.services, issued[-1])
    assert (await renewed(world.services, issued[-1])).state is None


async def test_nobody_makes_up_a_refresh_token_and_a_guess_ends_nothing(world: World) -> None:
    issued = (await renewed(world.services, await tokens_of(await a_person(world)))).state
    token = Ticket.read(issued.refresh_token) if issued else None
    assert issued
    assert token
    counted, made_up = [f"{number:06x}" for number in (0, 1, 3)], f"000002{'a' * 26}"
    guesses = [*(f"{number}{token.token[6:]}" for number in counted), made_up, "f" * 32, f"x00002{token.token[6:]}"]

    steps = [
        await refresh(world.services, NOWHERE, Shown(SHOP, replace(token, token=guess)), frozenset())
        for guess in guesses
    ]

    assert {step.refusal for step in steps} == {Refusal.GRANT_NOT_VALID}
    assert (await renewed(world.services, issued)).state


async def test_a_proof_that_one_worker_has_taken_is_taken_by_no_other(world: World, other_worker: Services) -> None:
    await a_person(world)
    proof, of_another_key = ProvenKey(KEY, "proof"), ProvenKey(OTHER_KEY, "proof")

    first = await spend_key_proof(world.services, NOWHERE, proof)
    again = [await spend_key_proof(services, NOWHERE, proof) for services in (other_worker, world.services)]
    race = await gather(*(spend_key_proof(one, NOWHERE, of_another_key) for one in (world.services, other_worker)))

    assert (first, again, sorted(race)) == (True, [False, False], [False, True])


async def test_a_released_account_does_not_bring_tokens_back(world: World) -> None:
    erika = await a_person(world)
    issued = await tokens_of(erika)

    await freeze(erika)
    await release_by_operator(world.services, NOWHERE, erika.account_id, "a test", wanted=Wanted.PRESENT)

    assert not await lives(world.services, issued)


async def test_a_token_lives_for_ten_minutes_also_while_the_session_goes_on(world: World) -> None:
    issued = await tokens_of(await a_person(world), ONLINE)

    world.clock.move(minutes=9, seconds=59)
    before = await lives(world.services, issued)
    world.clock.move(seconds=1)

    assert before
    assert not await lives(world.services, issued)


async def test_an_application_that_was_removed_has_no_tokens(world: World) -> None:
    issued = await tokens_of(await a_person(world))
    gone = replace(world.services, joins=StandingJoins(Joins()))

    assert not await lives(gone, issued)


async def test_a_revoked_access_token_ends_alone_and_a_refresh_token_ends_all(world: World) -> None:
    erika = await a_person(world)
    issued = await tokens_of(erika)
    access, token = Ticket.read(issued.access_token), Ticket.read(issued.refresh_token)
    assert access
    assert token
    second = await refresh(world.services, NOWHERE, Shown(SHOP, token), frozenset())
    assert second.state

    await revoke(world.services, NOWHERE, Shown(SHOP, access))
    after_one = [await lives(world.services, each) for each in (issued, second.state)]
    newest = Ticket.read(second.state.refresh_token)
    assert newest
    await revoke(world.services, NOWHERE, Shown(SHOP, newest))

    assert after_one == [False, True]
    assert not await lives(world.services, second.state)
    assert (await world.history(erika.account_id))[-1] == "grant_ended"


async def test_what_is_given_and_ended_stands_in_the_history_with_the_application(world: World) -> None:
    erika = await a_person(world)
    code = await code_of(erika)
    await redeem(world.services, NOWHERE, Shown(SHOP, code), SHOWN)
    await redeem(world.services, NOWHERE, Shown(SHOP, code), SHOWN)

    assert (await world.history(erika.account_id))[-4:] == [
        "grant_given",
        "tokens_given",
        "grant_ended",
        "refused:grant_used",
    ]


async def test_each_step_costs_few_statements(world: World) -> None:
    erika = await a_person(world)
    await erika.sign_in()
    services, browser = world.services, erika.browser

    with counting() as authorizing:
        visit = await find_visit(services, browser.ticket)
        assert await due(services, OFFLINE, visit) is Onward.CODE
        code = (await give_code(services, browser.client, browser.ticket, OFFLINE)).state
    assert code
    with counting() as exchanging:
        step = await bring(erika, code)
    assert step
    assert isinstance(step.state, Issued)
    with counting() as asking:
        assert await find_access(services, step.state.access_token)

    assert (authorizing.statements, exchanging.statements, asking.statements) == (3, 3, 1)


def test_no_grant_comes_back() -> None:
    assert PROGRESS[GrantState.ENDED] == frozenset()
    assert set(PROGRESS) == set(GrantState)
