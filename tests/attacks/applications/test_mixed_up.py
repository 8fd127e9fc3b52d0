"""Attack: mix up who answers, or have another site ask and agree in a person's name (RFC 9700 4.4, 4.7)."""

import pytest

from tests.flows.world import ORIGIN
from tests.web.oidc.conftest import installation, provider, shop
from tests.web.oidc.party import FOREIGN, Installation, Party

__all__ = ["installation", "provider", "shop"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

CROSS_SITE = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"prompt": "none"},
        {"prompt": "none login"},
        {"scope": "email"},
        {"redirect_uri": "https://shop.example/other?tab=1"},
    ],
    ids=str,
)
async def test_every_answer_names_its_issuer_as_the_metadata_does(shop: Party, asked: dict[str, str]) -> None:
    said = (await shop.provider.visitor.get("/.well-known/openid-configuration")).json()

    answer = await shop.answer(**asked)

    assert said["authorization_response_iss_parameter_supported"] is True
    assert (answer["iss"], answer["state"]) == (said["issuer"], "the-state")


async def test_nobody_else_names_the_issuer(shop: Party) -> None:
    assert (await shop.answer(iss="https://evil.example"))["iss"] == ORIGIN


async def test_a_form_of_another_site_gives_no_code_and_changes_nothing(shop: Party) -> None:
    visitor, world = shop.provider.visitor, shop.provider.world
    before = await world.history(shop.provider.erika.account_id)
    form = dict(pair.split("=") for pair in shop.query(redirect_uri="x").split("&")) | {
        "redirect_uri": shop.about.redirect_uris[0]
    }

    reply = await visitor.ask("POST", "/oauth/authorize", data=form, headers=CROSS_SITE)

    assert (reply.status_code, reply.headers["location"].split("/")[:3]) == (303, ["", "oauth", "continue"])
    assert await world.history(shop.provider.erika.account_id) == before


async def test_nobody_agrees_from_another_site_or_with_the_token_of_another_session(
    installation: Installation, shop: Party
) -> None:
    foreign, visitor = Party(shop.provider, FOREIGN, verifier=shop.verifier), shop.provider.visitor
    otto = Party(await installation.provider())
    await otto.provider.sign_in()
    await otto.provider.visitor.get("/profile")
    path = (await visitor.get((await foreign.ask(scope="openid email")).headers["location"])).headers["location"]
    await visitor.get(path)

    tried = [
        await visitor.ask("POST", path, data={"answer": "yes", "csrf": visitor.csrf}, headers=CROSS_SITE),
        await visitor.ask("POST", path, data={"answer": "yes", "csrf": otto.provider.visitor.csrf}),
        await visitor.ask("POST", path, data={"answer": "yes"}),
    ]

    assert {reply.status_code for reply in tried} == {403}
    assert (await foreign.answer(prompt="none", scope="openid email"))["error"] == "consent_required"
