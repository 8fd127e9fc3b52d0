"""Whatever a stranger sends in place of an answer is refused, and never an error."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.soft_authenticator import ORIGIN, SoftAuthenticator, decoded, encoded
from renumber.crypto.passkeys import LONGEST_ANSWER, RelyingParty
from renumber.domain.passkey import CeremonyPurpose, Made, Shown
from tests.builders import a_passkey, an_account

PARTY = RelyingParty(ORIGIN, "Example Card", timedelta(minutes=5))
CHALLENGE = b"a challenge of more than sixteen bytes"
HONEST = SoftAuthenticator(credential_id=b"c" * 32)
MADE = HONEST.make(PARTY.creation_options(an_account(), (), CHALLENGE))
SIGNED = HONEST.sign(PARTY.request_options((), CeremonyPurpose.CONFIRM, CHALLENGE))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.binary(max_size=80).map(encoded),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def verified(text: str) -> tuple[Made | None, Shown | None]:
    answer = PARTY.read(text)
    made = PARTY.verify_creation(answer) if answer else None
    known = PARTY.verify_creation(PARTY.read(MADE))  # type: ignore[arg-type]  # it is an answer
    assert known
    passkey = a_passkey(public_key=known.public_key, credential_id=known.credential_id)
    return made, PARTY.verify_assertion(answer, passkey) if answer else None


def test_an_honest_answer_is_verified() -> None:
    made, _ = verified(MADE)
    _, shown = verified(SIGNED)

    assert made
    assert made.credential_id == HONEST.credential_id
    assert shown
    assert shown.is_user_verified
    assert shown.sign_count == 2


@given(st.text(max_size=60) | json_values.map(json.dumps))
def test_any_text_is_read_or_not(text: str) -> None:
    assert verified(text) == (None, None)


@given(st.sampled_from([MADE, SIGNED]), st.sampled_from(["id", "rawId", "type", "response"]), json_values)
def test_any_part_may_be_anything(whole: str, part: str, value: object) -> None:
    assert verified(json.dumps({**json.loads(whole), part: value})) == (None, None)


@given(
    st.sampled_from([MADE, SIGNED]),
    st.sampled_from(["clientDataJSON", "attestationObject", "authenticatorData", "signature"]),
    json_values,
)
def test_any_part_of_the_response_may_be_anything(whole: str, part: str, value: object) -> None:
    said = json.loads(whole)
    before = verified(whole)
    response = {**said["response"], part: value}

    after = verified(json.dumps({**said, "response": response}))

    assert after == (before if part not in said["response"] else (None, None))


@given(st.sampled_from(["attestationObject", "authenticatorData", "signature", "clientDataJSON"]), st.data())
def test_no_byte_of_an_answer_may_be_changed_unless_it_says_the_same(part: str, data: st.DataObject) -> None:
    whole = MADE if part == "attestationObject" else SIGNED
    said = json.loads(whole)
    if part not in said["response"]:
        return
    plain = bytearray(decoded(said["response"][part]))
    at = data.draw(st.integers(0, len(plain) - 1))
    plain[at] ^= data.draw(st.integers(1, 255))

    made, shown = verified(json.dumps({**said, "response": {**said["response"], part: encoded(bytes(plain))}}))

    assert shown is None
    assert made is None or part == "attestationObject"  # without attestation a creation carries no signature


def test_an_endless_or_bottomless_answer_is_none() -> None:
    assert PARTY.read("[" * LONGEST_ANSWER) is None
    assert PARTY.read(MADE + " " * LONGEST_ANSWER) is None
    assert PARTY.read('{"response":' * 2000) is None


def test_a_port_is_part_of_the_origin_and_not_of_the_relying_party() -> None:
    party = RelyingParty("http://localhost:8000", "Example Card", timedelta(minutes=5))

    assert json.loads(party.request_options((), CeremonyPurpose.CONFIRM, CHALLENGE))["rpId"] == "localhost"
    answer = party.read(SoftAuthenticator(origin="http://localhost:8001").make(options_of(party)))
    assert answer
    assert party.verify_creation(answer) is None


def options_of(party: RelyingParty) -> str:
    return party.creation_options(an_account(), (), CHALLENGE)
