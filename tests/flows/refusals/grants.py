"""Refusals of applications, and of people on their way to one."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.factor import Factor
from renumber.domain.oidc.grant import Redemption
from renumber.domain.oidc.request import AuthorizationRequest, Prompt
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.flows.oidc.authorize import Asked, agree, give_code
from renumber.flows.oidc.client import Shown
from renumber.flows.oidc.end import revoke
from renumber.flows.oidc.once import SignedOnce, spend
from renumber.flows.oidc.step_up import begin_step_up
from renumber.flows.oidc.tokens import redeem, refresh
from renumber.flows.oidc.withdraw import withdraw
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import nobody
from renumber.flows.sessions import sign_out
from renumber.policies.joins import Application
from renumber.policies.oidc.assurance import Acr
from tests.flows.person import Person
from tests.flows.refusals.case import Cases, Refused, in_session
from tests.flows.world import START

CASES = Cases()
CALLBACK = "https://shop.example/callback"
SHOP = Application(client_id="shop", name="Shop", redirect_uris=(CALLBACK,), scopes=frozenset({"openid"}))
ASKED = Asked(
    request=AuthorizationRequest(
        client_id="shop", redirect_uri=CALLBACK, scopes=frozenset({"openid", "offline_access"}), asked_at=START
    ),
    application=SHOP,
)
SHOWN = Redemption(client_id="shop", redirect_uri=CALLBACK, challenge="")


async def code_of(erika: Person, asked: Asked = ASKED) -> Ticket:
    """Sign in, and get a code."""
    await erika.sign_in()
    step = await give_code(erika.world.services, erika.browser.client, erika.browser.ticket, asked)
    assert step.state, step.refusal
    return step.state


def bring(erika: Person, code: Ticket) -> Refused:
    """Bring a code to the token endpoint."""
    return redeem(erika.world.services, erika.browser.client, Shown(SHOP, code), SHOWN)


@CASES.refused(Refusal.NOT_NOW)
async def code_before_the_password_that_an_application_asks_for(erika: Person) -> Refused:
    await erika.sign_in()
    erika.world.clock.move(seconds=5)
    request = replace(ASKED.request, prompts=frozenset({Prompt.LOGIN}), asked_at=erika.world.clock.time)
    return in_session(erika.browser, give_code, replace(ASKED, request=request))


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def step_up_with_a_method_that_is_not_there(erika: Person) -> Refused:
    await erika.sign_in()
    request = replace(ASKED.request, acr_values=(Acr.DEVICE,))
    return in_session(erika.browser, begin_step_up, replace(ASKED, request=request), Factor.TOTP)


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def step_up_after_signing_out(erika: Person) -> Refused:
    await erika.sign_in()
    await in_session(erika.browser, sign_out)
    return in_session(erika.browser, begin_step_up, ASKED, Factor.TOTP)


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def agree_after_signing_out(erika: Person) -> Refused:
    await erika.sign_in()
    await in_session(erika.browser, sign_out)
    return in_session(erika.browser, agree, ASKED)


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def withdraw_after_signing_out(erika: Person) -> Refused:
    await erika.sign_in()
    await in_session(erika.browser, sign_out)
    return in_session(erika.browser, withdraw, "shop")


@CASES.refused(Refusal.GRANT_NOT_VALID, of_nobody=True)
async def code_that_never_was(erika: Person) -> Refused:
    return bring(erika, Ticket("a" * 32, "b" * 32, "c" * 32))


@CASES.refused(Refusal.GRANT_NOT_VALID)
async def code_that_an_application_brings_late(erika: Person) -> Refused:
    code = await code_of(erika)
    erika.world.clock.move(seconds=60)
    return bring(erika, code)


@CASES.refused(Refusal.GRANT_USED)
async def code_that_an_application_used(erika: Person) -> Refused:
    code = await code_of(erika)
    await bring(erika, code)
    return bring(erika, code)


@CASES.refused(Refusal.GRANT_NOT_VALID)
async def code_of_a_session_that_has_ended(erika: Person) -> Refused:
    code = await code_of(erika, replace(ASKED, request=replace(ASKED.request, scopes=frozenset({"openid"}))))
    await in_session(erika.browser, sign_out)
    return bring(erika, code)


@CASES.refused(Refusal.GRANT_USED, of_nobody=True)
async def assertion_that_comes_again(erika: Person) -> Refused:
    services, client = erika.world.services, erika.browser.client
    nobody_id = nobody(services, "shop")
    assertion = SignedOnce("the assertion", KeyedHash.ASSERTION_SPENT, timedelta(minutes=5))
    await spend(services, client, nobody_id, assertion)
    return spend(services, client, nobody_id, assertion)


@CASES.refused(Refusal.GRANT_NOT_VALID)
async def token_that_another_application_ends(erika: Person) -> Refused:
    code = await code_of(erika)
    return revoke(erika.world.services, erika.browser.client, Shown(replace(SHOP, client_id="other"), code))


@CASES.refused(Refusal.GRANT_NOT_VALID)
async def token_that_is_ended_without_its_secret(erika: Person) -> Refused:
    code = await code_of(erika)
    return revoke(erika.world.services, erika.browser.client, Shown(SHOP, code))


@CASES.refused(Refusal.GRANT_NOT_VALID)
async def refresh_token_that_never_was(erika: Person) -> Refused:
    code = await code_of(erika)
    await bring(erika, code)
    wrong = replace(code, token="c" * 32)
    return refresh(erika.world.services, erika.browser.client, Shown(SHOP, wrong), frozenset())
