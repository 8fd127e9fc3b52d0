"""A journey names a person, is begun once, and is remembered by the change that it led to."""

from renumber.domain.applications.journey import Journey, JourneyKind
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.journey.begin import begin_journey, look_at_journey
from renumber.flows.journey.offer import offer_journey
from renumber.flows.phone_change.request import request_change
from renumber.flows.services import NOWHERE
from renumber.policies.operator.journeys import JOURNEY_FOR
from tests.flows.person import a_person
from tests.flows.world import World

TO_SHOP = Journey(JourneyKind.CHANGE_PHONE, "shop", "https://shop.example/number")


async def offered(world: World, account_id: str) -> str:
    step = await offer_journey(world.services, NOWHERE, account_id, TO_SHOP)
    assert step.state is not None
    assert step.state.expires_at == world.clock.time + JOURNEY_FOR
    return step.state.token


async def test_a_journey_is_begun_once_and_the_change_remembers_it(either_world: World) -> None:
    world = either_world
    erika = await a_person(world)
    token = await offered(world, erika.account_id)

    seen = [await look_at_journey(world.services, token) for _ in range(3)]
    first, second = [await begin_journey(world.services, NOWHERE, token) for _ in range(2)]
    await erika.sign_in()
    await request_change(world.services, erika.browser.client, erika.browser.ticket, journey=TO_SHOP)
    change = await world.open_change(erika.account_id)

    assert {(view.refusal, view.journey) for view in seen} == {(None, TO_SHOP)}
    assert first.state is not None
    assert (first.state.account_id, first.state.journey) == (erika.account_id, TO_SHOP)
    assert (second.state, second.refusal) == (None, Refusal.LINK_USED)
    assert change is not None
    assert change.journey == TO_SHOP


async def test_a_frozen_account_is_offered_none_and_a_late_one_leads_nowhere(world: World) -> None:
    erika = await a_person(world)
    token = await offered(world, erika.account_id)
    world.clock.move(seconds=JOURNEY_FOR.total_seconds())
    await freeze_by_operator(world.services, NOWHERE, erika.account_id, "stolen")

    late = await begin_journey(world.services, NOWHERE, token)
    frozen = await offer_journey(world.services, NOWHERE, erika.account_id, TO_SHOP)

    assert (late.state, late.refusal) == (None, Refusal.LINK_EXPIRED)
    assert (frozen.state, frozen.refusal) == (None, Refusal.ACCOUNT_FROZEN)
