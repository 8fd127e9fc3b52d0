"""Attack: prove a key with what was made ahead, while somebody had the use of it (RFC 9449 8, 9 and 11.2)."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest

from renumber.policies.joins import Joins
from renumber.policies.oidc.lifetimes import NONCE_FOR
from tests.flows.world import StandingJoins
from tests.web.oidc.bank import STRICT, Bank
from tests.web.oidc.conftest import installation, provider, shop
from tests.web.oidc.key_holder import KeyHolder
from tests.web.oidc.party import JOINS, SHOP, Installation, Party, Provider

__all__ = ["installation", "provider", "shop"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

CAREFUL = replace(SHOP, client_id="careful", uses_nonces=True)
TOKEN, INFO = ("POST", "/oauth/token"), ("GET", "/oauth/userinfo")


@pytest.fixture
def holder(installation: Installation, shop: Party) -> KeyHolder:
    """The holder of a key at an application that uses nonces."""
    with_nonces(installation)
    return KeyHolder(Party(shop.provider, CAREFUL))


def with_nonces(installation: Installation) -> None:
    strict = replace(STRICT, uses_nonces=True)
    source = installation.world.services.joins
    assert isinstance(source, StandingJoins)
    source.joins = Joins((*JOINS.applications, CAREFUL, strict))


async def nonce_of(holder: KeyHolder) -> str:
    """Ask without one, and read which is to be used."""
    refused = await holder.exchange("x" * 32)
    assert refused.json()["error"] == "use_dpop_nonce"
    return str(refused.headers["dpop-nonce"])


async def tokens_by_nonce(holder: KeyHolder) -> tuple[str, str]:
    nonce = await nonce_of(holder)
    code = (await holder.shop.answer())["code"]
    given = await holder.exchange(code, proof=holder.proof(*TOKEN, nonce=nonce))
    assert given.status_code == 200, given.text
    return nonce, given.json()["access_token"]


async def ask(holder: KeyHolder, token: str, nonce: str | None, **changes: Any) -> httpx2.Response:
    return await holder.user_info(token, holder.proof(*INFO, token, nonce=nonce, **changes))


async def test_a_code_waits_while_the_application_fetches_a_nonce(holder: KeyHolder) -> None:
    code = (await holder.shop.answer())["code"]

    refused = await holder.exchange(code)
    given = await holder.exchange(code, proof=holder.proof(*TOKEN, nonce=refused.headers["dpop-nonce"]))

    assert (refused.status_code, refused.json()["error"]) == (400, "use_dpop_nonce")
    assert refused.headers["cache-control"] == "no-store"
    assert given.status_code == 200
    assert given.headers["dpop-nonce"] == refused.headers["dpop-nonce"]


async def test_an_endpoint_that_takes_tokens_names_the_nonce_too(holder: KeyHolder) -> None:
    nonce, token = await tokens_by_nonce(holder)

    refused = await ask(holder, token, None)

    assert (refused.status_code, refused.json()) == (401, {"error": "use_dpop_nonce"})
    assert 'error="use_dpop_nonce"' in refused.headers.get_list("www-authenticate")[0]
    assert refused.headers["dpop-nonce"] == nonce
    assert (await ask(holder, token, nonce)).status_code == 200


async def test_the_person_s_api_names_it_as_well(holder: KeyHolder) -> None:
    nonce, token = await tokens_by_nonce(holder)
    visitor = holder.shop.provider.visitor
    headers = {"authorization": f"DPoP {token}", "dpop": holder.proof("GET", "/api/v1/me", token)}
    visitor._client.cookies.clear()

    refused = await visitor._client.get("/api/v1/me", headers=headers)

    assert refused.status_code == 401
    assert refused.headers["dpop-nonce"] == nonce


@pytest.mark.parametrize("nonce", ["", "0" * 32, "x", 7, ["x"], None, "é"])
async def test_a_nonce_that_is_made_up_is_none(holder: KeyHolder, nonce: object) -> None:
    _, token = await tokens_by_nonce(holder)

    refused = await holder.user_info(token, holder.proof(*INFO, token, nonce=nonce))

    assert refused.json() == {"error": "use_dpop_nonce"}


async def test_a_nonce_is_over_after_its_own_turn_and_the_next(holder: KeyHolder) -> None:
    clock = holder.shop.provider.world.clock
    turn = int(NONCE_FOR.total_seconds())
    clock.move(seconds=turn - int(clock.time.timestamp()) % turn)  # its turn begins
    nonce = await nonce_of(holder)

    clock.move(seconds=2 * turn - 1)
    still = await holder.exchange("x" * 32, proof=holder.proof(*TOKEN, nonce=nonce))
    clock.move(seconds=1)
    over = await holder.exchange("x" * 32, proof=holder.proof(*TOKEN, nonce=nonce))

    assert still.json()["error"] == "invalid_grant"
    assert still.headers["dpop-nonce"] != nonce  # and so the next is there before this one is over
    assert over.json()["error"] == "use_dpop_nonce"


async def test_a_nonce_makes_no_proof_good_for_twice(holder: KeyHolder) -> None:
    nonce, token = await tokens_by_nonce(holder)
    proof = holder.proof(*INFO, token, nonce=nonce)

    replies = [await holder.user_info(token, proof) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 401]
    assert replies[1].json() == {"error": "invalid_dpop_proof"}


async def test_a_proof_that_was_refused_for_its_nonce_is_not_spent_by_a_row(holder: KeyHolder) -> None:
    nonce, token = await tokens_by_nonce(holder)
    without = holder.claims(*INFO, token)

    refused = await ask(holder, token, None, jti=without["jti"])
    again = await ask(holder, token, nonce, jti=without["jti"])

    assert (refused.status_code, again.status_code) == (401, 200)


@pytest.mark.parametrize(("seconds", "status"), [(-91, 401), (-60, 200), (60, 200), (61, 401)])
async def test_clocks_may_differ_by_a_minute_with_a_nonce_as_without(
    holder: KeyHolder, seconds: int, status: int
) -> None:
    nonce, token = await tokens_by_nonce(holder)
    made_at = int(holder.shop.provider.world.clock.time.timestamp()) + seconds

    assert (await ask(holder, token, nonce, iat=made_at)).status_code == status


async def test_whoever_proves_no_key_or_need_not_use_a_nonce_hears_of_none(holder: KeyHolder, shop: Party) -> None:
    bearer = await holder.shop.exchange((await holder.shop.answer())["code"])
    plain = KeyHolder(shop)
    token = (await plain.tokens())["access_token"]

    replies = [await plain.user_info(token), await holder.shop.user_info(bearer.json()["access_token"])]

    assert bearer.status_code == 200
    assert [(reply.status_code, "dpop-nonce" in reply.headers) for reply in replies] == [(200, False)] * 2


async def test_a_pushed_request_of_the_strict_profile_takes_one(installation: Installation, provider: Provider) -> None:
    with_nonces(installation)
    await provider.sign_in()
    bank = Bank(Party(provider, replace(STRICT, uses_nonces=True), secret=None))
    asked = dict(parse_qsl(bank.shop.query()))

    async def push(nonce: str | None) -> httpx2.Response:
        proof = bank.proof("POST", "/oauth/par", nonce=nonce)
        return await bank.shop.post("/oauth/par", asked | bank.identity(), dpop=proof)

    refused = await push(None)
    taken = await push(refused.headers["dpop-nonce"])

    assert refused.json()["error"] == "use_dpop_nonce"
    assert taken.status_code == 201
