"""What an application asks for comes first: on the page of the password, and right after it."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.totp import STEP, TotpKey
from renumber.policies.oidc.assurance import Acr
from tests.flows.factors.totp import add_app, shown
from tests.flows.passkeys.ceremonies import with_passkey
from tests.flows.person import Person
from tests.web.oidc.party import SHOP, Party, Provider

pytestmark = pytest.mark.asyncio(loop_scope="module")
ESSENTIAL = f'{{"id_token":{{"acr":{{"essential":true,"values":["{Acr.PHISHING_RESISTANT}"]}}}}}}'
ASKED = "Example Shop bittet Sie, sich mit einem Passkey anzumelden."
NEEDED = "Für Example Shop brauchen Sie einen Passkey."


async def first_page(shop: Party, **asked: str | None) -> tuple[str, str]:
    """Come to the page of the password without a session, and give its text and the request's id."""
    shop.provider.visitor.cookies.clear()
    onward = await shop.ask(**asked)
    while onward.status_code == 303:
        onward = await shop.provider.visitor.get(onward.headers["location"])
    named = onward.text.partition('name="request" value="')[2].partition('"')[0]
    return onward.text, named


async def give_password(shop: Party, named: str) -> str:
    """Press "Sign in", and give the page that is due."""
    erika = shop.provider.erika
    form = {"email": erika.email, "password": erika.password, "request": named}
    return str((await shop.provider.visitor.post("/sign-in", form)).headers["location"])


async def with_app_but_used_to_texts(erika: Person) -> TotpKey:
    """Give the person an app, and let a text message be what they used last."""
    key = await add_app(erika)
    erika.world.clock.move(seconds=STEP + 1)
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.PHONE)
    assert await erika.sign_in_with_phone()
    erika.world.clock.move(seconds=STEP + 1)
    return key


async def test_the_method_that_is_worth_enough_is_asked_for_and_no_text_is_sent_for_another(provider: Provider) -> None:
    shop, erika = Party(provider, SHOP), provider.erika
    key = await with_app_but_used_to_texts(erika)
    sent = len(await erika.texts(Notice.SIGN_IN_CODE))

    _, named = await first_page(shop, acr_values=Acr.DEVICE)
    due = await give_password(shop, named)
    texts = len(await erika.texts(Notice.SIGN_IN_CODE))
    await provider.visitor.get(due)
    given = await provider.visitor.post(due, {"code": shown(provider.world, key)})
    answer = await provider.answer(given)
    claims = await shop.claims((await shop.exchange(answer["code"])).json()["id_token"])

    assert (due, texts) == ("/sign-in/app", sent)
    assert claims["acr"] == Acr.DEVICE


@pytest.mark.parametrize("acr", [None, Acr.TWO_FACTORS, Acr.PHISHING_RESISTANT, "urn:of:somebody:else"])
async def test_the_method_of_every_day_stays_where_it_will_do_and_where_there_is_none_that_would(
    provider: Provider, acr: str | None
) -> None:
    shop, erika = Party(provider, SHOP), provider.erika
    await with_app_but_used_to_texts(erika)
    sent = len(await erika.texts(Notice.SIGN_IN_CODE))

    _, named = await first_page(shop, acr_values=acr)
    await give_password(shop, named)

    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == sent + 1


async def test_a_passkey_is_asked_for_after_the_password_too(provider: Provider) -> None:
    shop, erika = Party(provider, SHOP), provider.erika
    await with_passkey(erika)
    sent = len(await erika.texts(Notice.SIGN_IN_CODE))

    _, named = await first_page(shop, claims=ESSENTIAL)

    assert await give_password(shop, named) == "/sign-in/passkey"
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == sent


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"acr_values": Acr.PHISHING_RESISTANT}, ASKED),
        ({"acr_values": f"urn:unknown {Acr.PHISHING_RESISTANT}"}, ASKED),
        ({"claims": ESSENTIAL}, NEEDED),
        ({"acr_values": f"{Acr.PHISHING_RESISTANT} {Acr.DEVICE}"}, ""),
        ({"acr_values": "urn:unknown"}, ""),
        ({}, ""),
    ],
)
async def test_the_passkey_leads_on_the_first_page_where_nothing_else_will_do(
    provider: Provider, asked: dict[str, str], said: str
) -> None:
    page, named = await first_page(Party(provider, SHOP), **asked)

    passkey, password = page.index('action="/sign-in/with-passkey"'), page.index('action="/sign-in"')
    assert named
    assert (passkey < password) is bool(said)
    assert [each for each in (ASKED, NEEDED) if each in page] == ([said] if said else [])
    assert ('href="/profile"' in page) is (said == NEEDED)
    assert page.count(f'name="request" value="{named}"') == 2


async def test_a_wrong_password_leads_back_to_the_same_first_page(provider: Provider) -> None:
    shop = Party(provider, SHOP)
    _, named = await first_page(shop, claims=ESSENTIAL)
    form = {"email": provider.erika.email, "password": "something else", "request": named}

    reply = await provider.visitor.post("/sign-in", form)
    again = await provider.visitor.get(reply.headers["location"])

    assert NEEDED in again.text
    assert again.text.index('action="/sign-in/with-passkey"') < again.text.index('action="/sign-in"')


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ({"claims": ESSENTIAL}, ("error", "unmet_authentication_requirements")),
        ({"acr_values": Acr.PHISHING_RESISTANT}, ("code", "")),
    ],
)
async def test_who_has_no_passkey_gets_in_and_the_application_hears_what_it_was_worth(
    provider: Provider, asked: dict[str, str], heard: tuple[str, str]
) -> None:
    shop, (name, value) = Party(provider, SHOP), heard
    _, named = await first_page(shop, **asked)
    due = await give_password(shop, named)
    await provider.visitor.get(due)

    given = await provider.visitor.post(due, {"code": await provider.erika.code(CodePurpose.SIGN_IN)})
    answer = await provider.answer(given)

    assert answer[name].startswith(value)
