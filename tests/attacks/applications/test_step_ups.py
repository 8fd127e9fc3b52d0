"""Attack: get more out of a step-up than the one factor that is proven in it, or prove it as somebody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.oidc.request import AuthorizationRequest
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session
from renumber.domain.sign_in import SignInState
from renumber.domain.totp import STEP, TotpKey
from renumber.flows.factors.lost import report_at_sign_in
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from renumber.flows.factors.totp import begin_totp
from renumber.flows.oidc.authorize import Asked, give_code
from renumber.flows.oidc.step_up import begin_step_up
from renumber.flows.support.own_request import request_recovery
from renumber.flows.views import find_visit
from renumber.policies.joins import Application, Joins
from renumber.policies.oidc.assurance import Acr, acr_of
from tests.flows.factors.totp import add_app, shown
from tests.flows.factors.totp import give_code as give_app_code
from tests.flows.oidc.endings import EVERYTHING, ONE_SESSION, Ending
from tests.flows.person import Browser, Person, a_person
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import START, World, a_world

CALLBACK = "https://shop.example/callback"
SHOP = Application(client_id="shop", name="Shop", redirect_uris=(CALLBACK,))
REQUEST = AuthorizationRequest(
    client_id="shop",
    redirect_uri=CALLBACK,
    scopes=frozenset({"openid"}),
    acr_values=(Acr.DEVICE,),
    acr_is_essential=True,
    asked_at=START,
)


@dataclass
class Stage:
    """Somebody with an app, signed in by a text, at an application that wants the app."""

    world: World
    erika: Person
    key: TotpKey

    async def begin(self, factor: Factor = Factor.TOTP, browser: Browser | None = None) -> SignInStep:
        """Begin a step-up in a browser, and keep its cookie beside that of the session."""
        whose = browser or self.erika.browser
        asked = Asked(request=replace(REQUEST, asked_at=self.world.clock.time), application=SHOP)
        step = SignInStep(await begin_step_up(self.world.services, whose.client, whose.ticket, asked, factor))
        whose.sign_in = step.ticket if step.refusal is None else whose.sign_in
        return step

    async def session(self, browser: Browser | None = None) -> Session | None:
        """The session that the browser's cookie opens."""
        visit = await find_visit(self.world.services, (browser or self.erika.browser).ticket)
        return visit.session if visit else None

    def code(self) -> str:
        """What the app shows."""
        return shown(self.world, self.key)


@pytest_asyncio.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with a_world(database_url, joins=Joins((SHOP,))) as world:
        erika = await a_person(world)
        key = await add_app(erika)
        world.clock.move(seconds=31)
        await erika.browser.give_password(erika.email)
        await erika.browser.choose(Factor.PHONE)
        await erika.browser.type_code(await erika.code(CodePurpose.SIGN_IN))
        yield Stage(world, erika, key)


async def test_the_app_joins_the_session_under_another_token_and_nothing_else_changes(stage: Stage) -> None:
    before, old = await stage.session(), stage.erika.browser.ticket
    assert before
    assert acr_of(before) is Acr.TWO_FACTORS

    stage.world.clock.move(minutes=1)
    await stage.begin()
    arrived = await give_app_code(stage.erika.browser, stage.code())

    after = await stage.session()
    assert arrived.signed_in
    assert after
    assert (after.factor, after.factor_at) == (Factor.TOTP, stage.world.clock.time)
    assert after.factor_made_at is not None
    changed = {"factor", "factor_at", "factor_made_at", "token_key", "version"}
    assert {name for name in Session.__dataclass_fields__ if getattr(after, name) != getattr(before, name)} == changed
    assert await find_visit(stage.world.services, old) is None


async def test_a_step_up_makes_nothing_fresh_that_takes_the_password(stage: Stage) -> None:
    stage.world.clock.move(minutes=16)
    await stage.begin()
    await give_app_code(stage.erika.browser, stage.code())

    browser = stage.erika.browser
    refused = await begin_totp(stage.world.services, browser.client, browser.ticket)

    assert refused.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION


@pytest.mark.parametrize("end", [*EVERYTHING, *ONE_SESSION], ids=lambda end: end.__name__)
async def test_a_session_that_has_ended_meanwhile_is_joined_by_nothing(stage: Stage, end: Ending) -> None:
    await stage.begin()
    begun = stage.erika.browser.begun
    held = replace(stage.erika.browser, sign_in=begun)

    await end(stage.erika)
    stage.world.clock.move(seconds=STEP)
    refused = await give_app_code(held, stage.code())

    assert refused.refusal is Refusal.SIGN_IN_EXPIRED
    assert not await held.is_signed_in()


async def test_somebody_else_in_the_same_browser_proves_nothing_with_an_app_of_their_own(stage: Stage) -> None:
    anna = await a_person(stage.world, "anna@example.com", PhoneNumber("+4917139200001"))
    her_key = await add_app(anna)
    await stage.begin()

    refused = await give_app_code(stage.erika.browser, shown(stage.world, her_key))

    assert refused.refusal is Refusal.WRONG_CODE
    session = await stage.session()
    assert session
    assert session.factor is Factor.PHONE


async def test_what_was_proven_once_joins_no_session_again(stage: Stage) -> None:
    await stage.begin()
    begun, code = stage.erika.browser.begun, stage.code()
    await give_app_code(stage.erika.browser, code)
    after = await stage.session()

    stage.world.clock.move(seconds=STEP)
    for typed in (code, stage.code()):
        replayed = await give_app_code(replace(stage.erika.browser, sign_in=begun), typed)
        assert replayed.refusal is Refusal.SIGN_IN_EXPIRED

    assert await stage.session() == after
    await stage.begin()  # and the code of before serves no other step-up
    assert (await give_app_code(stage.erika.browser, code)).refusal


async def test_of_twenty_proofs_at_once_one_joins_the_session(stage: Stage) -> None:
    await stage.begin()
    browser, code = stage.erika.browser, stage.code()
    before = await stage.session()

    arrived = await asyncio.gather(*(give_app_code(replace(browser), code) for _ in range(20)))

    [ticket] = [each.ticket for each in arrived if each.signed_in]
    browser.session = ticket
    after = await stage.session()
    assert before
    assert after
    assert after.version == before.version + 1


async def test_an_older_tab_goes_on_although_the_password_was_given_in_another(stage: Stage) -> None:
    await stage.begin()
    stage.world.clock.move(minutes=1)
    await stage.erika.browser.reauthenticate()

    arrived = await give_app_code(stage.erika.browser, stage.code())

    session = await stage.session()
    assert arrived.signed_in
    assert session
    assert session.reauthenticated_at == stage.world.clock.time
    assert session.factor is Factor.TOTP


async def test_an_older_step_up_is_worth_nothing_beside_another_session(stage: Stage) -> None:
    await stage.begin()
    begun = stage.erika.browser.begun
    stage.world.clock.move(seconds=31)
    elsewhere = await stage.erika.sign_in(Browser(stage.world))
    before = await stage.session(elsewhere)

    await give_app_code(replace(elsewhere, sign_in=begun), stage.code())

    assert await stage.session(elsewhere) == before


@pytest.mark.parametrize("factor", [Factor.PHONE, Factor.RECOVERY_CODE, Factor.PUSH, Factor.PASSKEY])
async def test_a_method_that_is_not_worth_enough_or_is_not_there_begins_nothing(stage: Stage, factor: Factor) -> None:
    assert (await stage.begin(factor)).refusal is Refusal.FACTOR_UNKNOWN


async def test_a_step_up_opens_none_of_the_doors_behind_a_password(stage: Stage) -> None:
    await stage.begin()
    services, browser = stage.world.services, stage.erika.browser

    refused = [
        (await browser.choose(Factor.PHONE)).refusal,
        (await report_at_sign_in(services, browser.client, browser.begun, factor=Factor.PHONE)).refusal,
        (await send_restore_code(services, browser.client, browser.begun)).refusal,
        (await restore_by_code(services, browser.client, browser.begun, code="123456")).refusal,
        (await request_recovery(services, browser.client, browser.begun)).refusal,
        (await browser.send_again()).refusal,
        (await browser.type_code("123456", at=SignInState.AWAITING_FACTOR)).refusal,
        (await browser.enter_number(PhoneNumber("+4917139200002"))).refusal,
    ]

    assert set(refused) == {Refusal.NOT_NOW}


async def test_nobody_gets_a_code_for_what_a_step_up_has_not_reached_yet(stage: Stage) -> None:
    asked = Asked(request=REQUEST, application=SHOP)
    browser = stage.erika.browser
    await stage.begin()

    early = await give_code(stage.world.services, browser.client, browser.ticket, asked)
    await give_app_code(browser, stage.code())
    then = await give_code(stage.world.services, browser.client, browser.ticket, asked)

    assert early.refusal is Refusal.NOT_NOW
    assert then.refusal is None
