"""Proving to an identity provider who we are by a signed assertion (private_key_jwt)."""

import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from renumber.crypto.client_assertion import ClientAssertions, algorithm_of, read_private_key
from tests.flows.world import START, SettableClock

CURVE = ECKey.generate_key("P-256")
AUDIENCE = "https://login.company.example/token"


def signed(text: str) -> tuple[dict[str, object], dict[str, object]]:
    """An assertion by the key in this text, verified with its public half: header and claims."""
    assertions = ClientAssertions(text, "renumber", clock=SettableClock(), new_id=lambda: "1" * 32)
    key = read_private_key(text)
    found = jwt.decode(assertions(AUDIENCE), key, [algorithm_of(key)])
    return found.header, found.claims


@pytest.mark.parametrize(
    "text", [CURVE.as_pem(private=True).decode(), json.dumps(CURVE.as_dict(private=True))], ids=["PEM", "JWK"]
)
def test_an_assertion_is_for_one_question_and_a_minute(text: str) -> None:
    header, claims = signed(text)

    at = int(START.timestamp())
    assert (header["alg"], header["kid"]) == ("ES256", read_private_key(text).kid)
    assert claims == {
        "iss": "renumber",
        "sub": "renumber",
        "aud": AUDIENCE,
        "jti": "1" * 32,
        "iat": at,
        "exp": at + 60,
    }


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048), "RS256"),
        (RSAKey.generate_key(2048, {"alg": "PS256"}), "PS256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (OKPKey.generate_key("Ed25519"), "EdDSA"),
    ],
)
def test_a_key_signs_as_it_says_or_as_every_provider_takes_it(key: Key, algorithm: str) -> None:
    assert algorithm_of(key) == algorithm


@pytest.mark.parametrize("text", ["", "a secret", json.dumps(CURVE.as_dict(private=False)), "-----BEGIN NOTHING-----"])
def test_what_is_no_private_key_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="no private key"):
        read_private_key(text)
