"""Attack: have a signature verified by another key, or another algorithm, than it was made by (RFC 8725 2.1, 3.1)."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable

import pytest
from joserfc.jwk import ECKey, OctKey

from tests.flows.world import ORIGIN
from tests.web.oidc.bank import KEY, RSA, Bank, bank_at
from tests.web.oidc.conftest import installation, provider, shop
from tests.web.oidc.key_holder import unsigned
from tests.web.oidc.party import OLD, Installation, Party

__all__ = ["installation", "provider", "shop"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

FORGED: dict[str, Callable[[Bank], str]] = {
    "RS256": lambda bank: bank.assertion("RS256", RSA),
    "the public key as a secret": lambda bank: bank.assertion(
        "HS256", OctKey.import_key(json.dumps(KEY.as_dict(private=False))), "one"
    ),
    "no signature": lambda _bank: unsigned(
        {"alg": "none", "kid": "one"}, {"iss": "bank", "sub": "bank", "aud": ORIGIN}
    ),
    "one key in the name of another": lambda bank: bank.assertion("PS256", RSA, "one"),
    "a key that nobody knows": lambda bank: bank.assertion(key=ECKey.generate_key("P-256", {"kid": "one"})),
    "a name that nobody knows": lambda bank: bank.assertion(kid="nine"),
    "the address of the endpoint": lambda bank: bank.assertion(aud=f"{ORIGIN}/oauth/par"),
    "the address of the tokens": lambda bank: bank.assertion(aud=f"{ORIGIN}/oauth/token"),
    "several audiences": lambda bank: bank.assertion(aud=[ORIGIN]),
    "somebody else's audience": lambda bank: bank.assertion(aud="https://evil.example"),
    "a time past all clocks": lambda bank: bank.assertion(exp=10**400),
}


@pytest.mark.parametrize("word", FORGED)
async def test_an_application_does_not_prove_itself_by(installation: Installation, shop: Party, word: str) -> None:
    bank = bank_at(installation, shop.provider)

    assert (await bank.push(identity=bank.identity(FORGED[word](bank)))).json()["error"] == "invalid_client"
    assert (await bank.push()).status_code == 201


async def test_a_hint_is_verified_by_the_key_that_it_names_and_by_the_algorithm_of_that_key(shop: Party) -> None:
    by_rsa, by_ec = [(await Party(shop.provider, each).tokens())["id_token"] for each in (shop.about, OLD)]
    [rsa, ec] = [_parts(each)[0] for each in (by_rsa, by_ec)]
    _, claims = _parts(by_rsa)
    signature = by_rsa.rpartition(".")[2]

    tricks = [
        unsigned(ec, claims, signature),
        unsigned({**rsa, "kid": ec["kid"]}, claims, signature),
        unsigned({**rsa, "alg": "ES256"}, claims, signature),
        unsigned({**rsa, "alg": "none"}, claims),
        unsigned({"alg": "RS256"}, claims, signature),
    ]

    assert {(await shop.answer(id_token_hint=each)).get("error") for each in tricks} == {"invalid_request"}
    assert "code" in await shop.answer(id_token_hint=by_rsa)


def _parts(token: str) -> list[dict[str, str]]:
    """Read header and claims."""
    return [json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in token.split(".")[:2]]
