"""A person sees which applications hold what, and takes it back: at once, from one application alone."""

from dataclasses import replace

from renumber.domain.facts import Fact
from renumber.flows.oidc.access import find_access
from renumber.flows.oidc.authorize import Asked, agree, due
from renumber.flows.oidc.client import Shown
from renumber.flows.oidc.tokens import Issued, redeem
from renumber.flows.oidc.withdraw import held_by_applications, withdraw
from renumber.flows.services import NOWHERE
from renumber.flows.views import find_visit
from renumber.policies.joins import Joins
from renumber.policies.oidc.onward import Onward
from tests.flows.oidc.endings import sign_out_here
from tests.flows.person import Person, a_person
from tests.flows.refusals.grants import ASKED, SHOP, SHOWN, code_of
from tests.flows.world import a_world

BANK = replace(SHOP, client_id="bank", name="Bank", is_foreign=True)
IN_SESSION = frozenset({"openid"})
FOR_BANK = Asked(request=replace(ASKED.request, client_id="bank", scopes=IN_SESSION), application=BANK)


async def signed_in(erika: Person, asked: Asked) -> Issued:
    """Sign in to an application, as the one before may already have been."""
    erika.world.clock.move(seconds=31)
    await erika.sign_in()
    services, browser = erika.world.services, erika.browser
    if asked.application.is_foreign:
        await agree(services, browser.client, browser.ticket, asked)
    code = await code_of(erika, asked)
    shown = replace(SHOWN, client_id=asked.application.client_id)
    issued = (await redeem(services, NOWHERE, Shown(asked.application, code), shown)).state
    assert issued
    return issued


async def held(erika: Person) -> list[tuple[str, frozenset[str]]]:
    """What the page shows."""
    visit = await find_visit(erika.world.services, erika.browser.ticket)
    assert visit
    found = await held_by_applications(erika.world.services, visit)
    return [(each.name, each.holding.scopes) for each in found]


async def test_what_is_withdrawn_from_one_application_ends_at_once_and_the_other_keeps_its_own(
    database_url: str,
) -> None:
    async with a_world(database_url, joins=Joins((SHOP, BANK))) as world:
        erika, services = await a_person(world), world.services
        of_shop, of_bank = await signed_in(erika, ASKED), await signed_in(erika, FOR_BANK)
        before = await held(erika)

        for _ in range(2):
            await withdraw(services, erika.browser.client, erika.browser.ticket, "bank")

        visit = await find_visit(services, erika.browser.ticket)
        assert before == [("Bank", IN_SESSION), ("Shop", ASKED.request.scopes)]
        assert await held(erika) == [("Shop", ASKED.request.scopes)]
        assert await find_access(services, of_shop.access_token)
        assert await find_access(services, of_bank.access_token) is None
        assert await due(services, FOR_BANK, visit) is Onward.CONSENT
        assert (await world.history(erika.account_id)).count(Fact.ACCESS_WITHDRAWN) == 1


async def test_a_session_that_is_over_leaves_only_what_outlasts_it_and_an_application_that_left_its_id(
    sqlite_url: str,
) -> None:
    async with a_world(sqlite_url, joins=Joins((BANK,))) as world:
        erika = await a_person(world)
        await signed_in(erika, ASKED)
        online = replace(ASKED, request=replace(ASKED.request, scopes=IN_SESSION))
        await signed_in(erika, online)
        await sign_out_here(erika)
        world.clock.move(seconds=31)
        await erika.sign_in()

        assert await held(erika) == [("shop", ASKED.request.scopes)]
