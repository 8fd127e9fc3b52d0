"""Stepping up for an application, page by page: only what is missing is asked for, and giving up has its error."""

from datetime import timedelta

import httpx2
import pytest

from renumber.domain.factor import Factor
from renumber.domain.totp import STEP, TotpKey
from renumber.flows.sessions import sign_out
from renumber.policies.oidc.assurance import Acr
from tests.flows.factors.totp import add_app, shown
from tests.web.oidc.party import FOREIGN, SHOP, Party, Provider, answered

pytestmark = pytest.mark.asyncio(loop_scope="module")
ESSENTIAL = f'{{"id_token":{{"acr":{{"essential":true,"values":["{Acr.DEVICE}"]}}}}}}'


async def with_app(shop: Party) -> TotpKey:
    """Give the person an app, and let a text message confirm the session in which it was added."""
    key = await add_app(shop.provider.erika)
    hold_session(shop.provider)
    shop.provider.world.clock.move(seconds=STEP)
    return key


def hold_session(provider: Provider) -> None:
    provider.visitor.cookies["__Host-session"] = provider.erika.browser.ticket.text


async def led_to_step_up(shop: Party, **asked: str | None) -> httpx2.Response:
    """Ask for a stronger class, and open the page that is due."""
    reply = await shop.ask(acr_values=Acr.DEVICE, **asked)
    while reply.status_code == 303:
        reply = await shop.provider.visitor.get(reply.headers["location"])
    return reply


def step_up_path(page: httpx2.Response) -> str:
    return page.text.partition('action="/oauth/step-up/')[2].partition('"')[0]


async def press(shop: Party, page: httpx2.Response, method: str = "app") -> httpx2.Response:
    """Choose a method on the page."""
    return await shop.provider.visitor.post(f"/oauth/step-up/{step_up_path(page)}", {"method": method})


async def give_code(shop: Party, key: TotpKey) -> httpx2.Response:
    await shop.provider.visitor.get("/sign-in/app")
    return await shop.provider.visitor.post("/sign-in/app", {"code": shown(shop.provider.world, key)})


async def test_only_the_factor_is_asked_for_and_the_claims_say_when_the_password_was_given(shop: Party) -> None:
    key = await with_app(shop)
    before = await shop.claims((await shop.tokens())["id_token"])
    shop.provider.world.clock.move(minutes=10)
    page = await led_to_step_up(shop)
    assert "Example Shop verlangt eine Bestätigung mit einer stärkeren Methode" in page.text

    begun = await press(shop, page)
    answer = await shop.provider.answer(await give_code(shop, key))
    claims = await shop.claims((await shop.exchange(answer["code"])).json()["id_token"])

    assert begun.headers["location"] == "/sign-in/app"
    assert before["acr"] == Acr.TWO_FACTORS
    assert (claims["acr"], claims["amr"]) == (Acr.DEVICE, ["pwd", "otp", "mfa"])
    assert (claims["auth_time"], claims["sid"]) == (before["auth_time"], before["sid"])
    assert "code" in await shop.answer(acr_values=Acr.DEVICE, prompt="none")


async def test_looking_at_the_page_begins_nothing(shop: Party) -> None:
    await with_app(shop)
    page = await led_to_step_up(shop)
    before = await shop.provider.world.history(shop.provider.erika.account_id)

    for _ in range(3):
        await shop.provider.visitor.get(f"/oauth/step-up/{step_up_path(page)}")

    assert await shop.provider.world.history(shop.provider.erika.account_id) == before
    assert "__Host-sign-in" not in shop.provider.visitor.cookies


async def test_a_fresh_proof_and_a_stronger_factor_are_asked_for_one_after_the_other(shop: Party) -> None:
    key = await with_app(shop)
    shop.provider.world.clock.move(minutes=10)

    page = await led_to_step_up(shop, max_age="60")
    named = page.text.partition('value="/oauth/continue/')[2].partition('"')[0]
    given = {"next": f"/oauth/continue/{named}", "password": shop.provider.erika.password}
    reply = await shop.provider.visitor.post("/reauthenticate", given)
    while reply.status_code == 303:
        reply = await shop.provider.visitor.get(reply.headers["location"])
    now = shop.provider.world.clock.time
    await press(shop, reply)
    answer = await shop.provider.answer(await give_code(shop, key))

    claims = await shop.claims((await shop.exchange(answer["code"])).json()["id_token"])
    assert (claims["acr"], claims["auth_time"]) == (Acr.DEVICE, int(now.timestamp()))


async def test_without_pages_and_for_what_nobody_can_reach_it_is_as_before(shop: Party) -> None:
    await with_app(shop)
    silently = await shop.answer(acr_values=Acr.DEVICE, prompt="none")
    higher = await shop.answer(acr_values=Acr.PHISHING_RESISTANT)

    assert silently["error"] == "login_required"
    assert "code" in higher  # which it doesn't have, and which nobody insists on


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"acr_values": Acr.DEVICE}, "unmet_authentication_requirements"),
        ({"claims": ESSENTIAL}, "unmet_authentication_requirements"),
        ({"max_age": "60"}, "login_required"),
        ({"prompt": "login"}, "login_required"),
    ],
)
async def test_who_gives_up_is_led_back_with_the_error_and_stays_signed_in(
    shop: Party, asked: dict[str, str], error: str
) -> None:
    await with_app(shop)
    shop.provider.world.clock.move(minutes=10)
    visitor = shop.provider.visitor
    reply = await shop.ask(**asked)
    while reply.status_code == 303:
        reply = await visitor.get(reply.headers["location"])
    path = "/oauth/decline/" + reply.text.partition("/oauth/decline/")[2].partition('"')[0]

    declined = answered(await visitor.post(path, {}))
    again = await visitor.post(path, {})

    assert (declined["to"], declined["error"], declined["state"]) == (SHOP.redirect_uris[0], error, "the-state")
    assert (await visitor.get("/profile")).status_code == 200
    assert (await visitor.get(again.headers["location"])).status_code == 410


async def test_giving_up_is_none_where_nothing_is_asked(shop: Party) -> None:
    foreign = Party(shop.provider, FOREIGN)
    named = (await foreign.ask()).headers["location"].rpartition("/")[2]

    await shop.provider.visitor.get(f"/oauth/consent/{named}")
    reply = await shop.provider.visitor.post(f"/oauth/decline/{named}", {})

    assert reply.headers["location"] == f"/oauth/continue/{named}"
    assert (await shop.provider.visitor.get(f"/oauth/consent/{named}")).status_code == 200


async def test_who_was_signed_out_meanwhile_signs_in_for_the_same_application(shop: Party) -> None:
    await with_app(shop)
    page = await led_to_step_up(shop)
    await press(shop, page)
    erika = shop.provider.erika
    await sign_out(shop.provider.world.services, erika.browser.client, erika.browser.ticket)

    led = [
        (await shop.provider.visitor.get(path)).headers["location"]
        for path in (f"/oauth/step-up/{step_up_path(page)}", "/sign-in/app")
    ]

    assert led == [f"/sign-in?notice=session_ended&request={step_up_path(page)}"] * 2


async def test_a_method_that_is_paused_or_not_offered_is_no_way_to_step_up(shop: Party) -> None:
    await with_app(shop)
    page = await led_to_step_up(shop)
    await press(shop, page)
    for _ in range(10):
        shop.provider.world.clock.move(seconds=STEP)
        await shop.provider.visitor.post("/sign-in/app", {"code": "000000"})

    paused = await shop.provider.visitor.get("/sign-in/app")
    again = await shop.provider.visitor.get(f"/oauth/step-up/{step_up_path(page)}")

    assert "/sign-in/lift" not in paused.text
    assert f'href="/oauth/step-up/{step_up_path(page)}"' in paused.text
    assert again.headers["location"] == f"/oauth/continue/{step_up_path(page)}"
    assert "code" in await shop.provider.answer(again)  # nothing is left that could be asked for
    assert (await shop.answer(claims=ESSENTIAL))["error"] == "unmet_authentication_requirements"


async def test_who_has_just_signed_in_with_another_method_is_asked_once_more_only_if_it_is_essential(
    shop: Party,
) -> None:
    await with_app(shop)
    erika, visitor = shop.provider.erika, shop.provider.visitor
    led = {}
    for name, asked in (("voluntary", {"acr_values": Acr.DEVICE}), ("essential", {"claims": ESSENTIAL})):
        onward = (await shop.ask(**asked)).headers["location"]
        shop.provider.world.clock.move(seconds=31)
        await erika.browser.give_password(erika.email)
        await erika.browser.choose(Factor.PHONE)
        assert await erika.sign_in_with_phone()
        hold_session(shop.provider)
        led[name] = await visitor.get(onward)

    assert "code" in answered(led["voluntary"])
    assert led["essential"].headers["location"].startswith("/oauth/step-up/")


async def test_the_password_is_asked_for_by_the_name_of_the_application(shop: Party) -> None:
    shop.provider.world.clock.move(seconds=timedelta(minutes=2).total_seconds())
    reply = await shop.ask(max_age="60")
    while reply.status_code == 303:
        reply = await shop.provider.visitor.get(reply.headers["location"])

    assert "Example Shop verlangt Ihr Passwort noch einmal." in reply.text
    assert "Zurück zu Example Shop" in reply.text
