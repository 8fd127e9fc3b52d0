"""The FAPI 2.0 Security Profile: an application of `profile = "fapi2"` runs whole by it, and by nothing less."""

from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.flows.world import ORIGIN
from tests.web.oidc.bank import ED, RSA, Bank, bank_at
from tests.web.oidc.party import SECRET, Installation, Party

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def bank(installation: Installation, shop: Party) -> Bank:
    """An application of the profile, and a browser that is signed in."""
    return bank_at(installation, shop.provider)


async def test_an_application_of_the_profile_runs_whole(bank: Bank) -> None:
    pushed = await bank.push(scope="openid offline_access")
    uri = pushed.json()["request_uri"]
    provider = bank.shop.provider
    answer = await provider.answer(await provider.visitor.get(f"/oauth/authorize?client_id=bank&request_uri={uri}"))
    tokens = (await bank.call(bank.of_code(answer["code"]))).json()
    claims = await bank.shop.claims(tokens["id_token"])
    info = await bank.user_info(tokens["access_token"])

    assert pushed.status_code == 201
    assert (answer["iss"], answer["state"]) == (ORIGIN, "the-state")
    assert (tokens["token_type"], claims["aud"], claims["nonce"]) == ("DPoP", "bank", "the-nonce")
    assert info.json() == {"sub": provider.erika.account_id}


async def test_its_refresh_token_stays_the_same_and_brings_tokens_of_its_key_alone(bank: Bank) -> None:
    code = (await bank.code(scope="openid offline_access"))["code"]
    token = (await bank.call(bank.of_code(code))).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}

    renewed = [(await bank.call(form)).json() for _ in range(2)]
    bare = await bank.call(form, dpop="")

    assert [each["token_type"] for each in renewed] == ["DPoP", "DPoP"]
    assert not any("refresh_token" in each for each in renewed)
    assert bare.json()["error"] == "invalid_dpop_proof"
    assert (await bank.user_info(renewed[1]["access_token"])).status_code == 200


async def test_it_asks_in_the_back_alone(bank: Bank) -> None:
    assert (await bank.shop.answer())["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"redirect_uri": None}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://shop.example/callback"}, "invalid_redirect_uri"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    ],
)
async def test_less_is_refused_in_the_back(bank: Bank, changes: dict[str, Any], error: str) -> None:
    reply = await bank.push(**changes)

    assert (reply.status_code, reply.json()["error"]) == (400, error)


async def test_a_token_without_a_key_is_not_given(bank: Bank) -> None:
    code = (await bank.code())["code"]

    assert (await bank.call(bank.of_code(code), dpop="")).json()["error"] == "invalid_dpop_proof"
    assert (await bank.call(bank.of_code(code))).status_code == 200


WORDS: dict[str, Callable[[Bank], str]] = {
    "ES256": lambda bank: bank.assertion(),
    "PS256": lambda bank: bank.assertion("PS256", RSA),
    "EdDSA": lambda bank: bank.assertion("EdDSA", ED),
    "Ed25519": lambda bank: bank.assertion("Ed25519", ED),
}


@pytest.mark.parametrize("word", WORDS)
async def test_it_proves_itself_by_every_algorithm_of_the_profile(bank: Bank, word: str) -> None:
    assert (await bank.push(identity=bank.identity(WORDS[word](bank)))).status_code == 201


@pytest.mark.parametrize("identity", [{"client_id": "bank"}, {"client_id": "bank", "client_secret": SECRET}], ids=str)
async def test_neither_its_name_nor_a_secret_proves_it(bank: Bank, identity: dict[str, str]) -> None:
    assert (await bank.push(identity=identity)).status_code == 401
