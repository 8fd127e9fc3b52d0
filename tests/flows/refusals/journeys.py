"""Refusals around journeys."""

from renumber.domain.applications.journey import Journey, JourneyKind
from renumber.domain.outcomes import Refusal
from renumber.flows.journey.begin import begin_for_application, begin_journey
from renumber.flows.journey.offer import offer_journey
from renumber.flows.sessions import sign_out
from tests.flows.person import Person
from tests.flows.refusals.accounts import freeze
from tests.flows.refusals.case import Cases, Refused, in_session

CASES = Cases()
TO_SHOP = Journey(JourneyKind.CHANGE_PHONE, "shop", "https://shop.example/number")


async def offered(erika: Person) -> str:
    step = await offer_journey(erika.world.services, erika.browser.client, erika.account_id, TO_SHOP)
    assert step.state is not None
    return step.state.token


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def offer_a_journey_to_a_frozen_account(erika: Person) -> Refused:
    await freeze(erika)
    return offer_journey(erika.world.services, erika.browser.client, erika.account_id, TO_SHOP)


@CASES.refused(Refusal.LINK_USED)
async def begin_a_journey_twice(erika: Person) -> Refused:
    token = await offered(erika)
    await begin_journey(erika.world.services, erika.browser.client, token)
    return begin_journey(erika.world.services, erika.browser.client, token)


@CASES.refused(Refusal.LINK_EXPIRED)
async def begin_a_journey_too_late(erika: Person) -> Refused:
    token = await offered(erika)
    erika.world.clock.move(minutes=5)
    return begin_journey(erika.world.services, erika.browser.client, token)


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def begin_a_journey_of_an_application_after_signing_out(erika: Person) -> Refused:
    await erika.sign_in()
    await in_session(erika.browser, sign_out)
    return in_session(erika.browser, begin_for_application, "shop")
