"""What the key ring promises to flows, store and delivery."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.crypto import CorruptSecret, KeyRing, add_key, retire_previous
from renumber.domain.messages.message import Derived
from renumber.flows.ports.services import KeyedHash

SECRET = "a secret of thirty-two bytes or more"
OTHER = "another secret of thirty-two bytes or more"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def a_ring(secret: str = SECRET) -> KeyRing:
    return KeyRing.from_secret(secret)


def derived(ring: KeyRing, binding: str = "challenge:1") -> Derived:
    return Derived(binding, ring.current)


def test_ids_are_32_hexadecimal_digits_and_tokens_22_characters_never_the_same_twice() -> None:
    ring = a_ring()

    assert all(re.fullmatch(r"[0-9a-f]{32}", ring.new_id()) for _ in range(100))
    assert all(TOKEN.fullmatch(ring.new_token()) for _ in range(100))
    assert len({ring.new_id() for _ in range(100)} | {ring.new_token() for _ in range(100)}) == 200


def test_the_id_of_a_key_from_the_environment_is_the_same_in_every_process() -> None:
    assert a_ring().current == a_ring().current != a_ring(OTHER).current
    assert re.fullmatch(r"[0-9a-f]{8}", a_ring().current)


@given(binding=st.text())
def test_a_code_is_six_digits_and_derived_again_the_same(binding: str) -> None:
    code = a_ring().code(derived(a_ring(), binding))

    assert re.fullmatch(r"[0-9]{6}", code)
    assert code == a_ring().code(derived(a_ring(), binding))


def test_codes_are_spread_evenly_and_keep_their_leading_zeros() -> None:
    ring = a_ring()

    codes = [ring.code(derived(ring, str(number))) for number in range(20_000)]

    for place in range(6):
        counts = Counter(code[place] for code in codes)
        assert all(1800 < counts[digit] < 2200 for digit in "0123456789")


@given(binding=st.text())
def test_a_token_is_128_bits_and_derived_again_the_same(binding: str) -> None:
    token = a_ring().token(derived(a_ring(), binding))

    assert TOKEN.fullmatch(token)
    assert token == a_ring().token(derived(a_ring(), binding))


def test_another_binding_or_key_gives_another_code_and_token() -> None:
    ring, other = a_ring(), a_ring(OTHER)
    cases = [(ring, "a"), (ring, "b"), (other, "a")]

    assert len({each.token(derived(each, binding)) for each, binding in cases}) == 3
    assert len({each.code(derived(each, binding)) for each, binding in cases}) == 3


def test_no_use_of_the_key_gives_what_another_use_gives() -> None:
    ring = a_ring()

    token = ring.token(derived(ring, "purpose\0value"))

    assert ring.fingerprint("purpose", "value").hex()[:12] != token.encode().hex()[:12]
    assert ring.fingerprint("purpose", "value") != ring.fingerprint("purpos", "evalue")
    assert ring.fingerprint("email", "value") != ring.fingerprint("phone", "value")


def test_a_purpose_cannot_run_into_its_value() -> None:
    with pytest.raises(AssertionError):
        a_ring().fingerprint("purpose\0", "value")


@given(text=st.text(), context=st.text())
def test_what_is_sealed_opens_in_its_place_only(text: str, context: str) -> None:
    ring = a_ring()

    sealed = ring.seal(text, context)

    assert ring.unseal(sealed, context) == text
    with pytest.raises(CorruptSecret):
        ring.unseal(sealed, f"{context}+")


def test_the_same_text_never_seals_to_the_same_bytes() -> None:
    ring = a_ring()

    assert len({ring.seal("+4915123456789", "account.phone:1") for _ in range(100)}) == 100


@given(place=st.integers(min_value=0, max_value=44), change=st.integers(min_value=1, max_value=255))
def test_a_sealed_value_altered_in_any_place_does_not_open(place: int, change: int) -> None:
    ring = a_ring()
    sealed = bytearray(ring.seal("+4915123456789", "account.phone:1"))
    sealed[place % len(sealed)] ^= change

    with pytest.raises(CorruptSecret):
        ring.unseal(bytes(sealed), "account.phone:1")


@pytest.mark.parametrize("length", range(32))
def test_a_sealed_value_cut_short_does_not_open(length: int) -> None:
    ring = a_ring()

    with pytest.raises(CorruptSecret, match="too short"):
        ring.unseal(ring.seal("", "account.phone:1")[:length], "account.phone:1")


def test_the_fault_names_the_column_and_never_the_account_or_the_value() -> None:
    ring = a_ring()
    sealed = ring.seal("+4915123456789", "account.phone:7f3a")

    with pytest.raises(CorruptSecret) as caught:
        ring.unseal(sealed, "account.email:7f3a")

    assert "account.email" in str(caught.value)
    assert "7f3a" not in str(caught.value)
    assert "4915123456789" not in str(caught.value)


def test_a_key_that_is_not_in_the_ring_is_named() -> None:
    other = a_ring(OTHER)

    with pytest.raises(CorruptSecret, match=other.current):
        a_ring().unseal(other.seal("text", "place"), "place")
    with pytest.raises(CorruptSecret, match=other.current):
        a_ring().code(derived(other))


def test_a_signature_holds_for_its_payload_and_its_ring_only() -> None:
    signature = a_ring().sign(b"checkpoint")

    assert a_ring().verify(b"checkpoint", signature)
    assert not a_ring().verify(b"checkpoinT", signature)
    assert not a_ring().verify(b"checkpoint", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not a_ring().verify(b"checkpoint", signature[:20])
    assert not a_ring().verify(b"checkpoint", b"")
    assert not a_ring(OTHER).verify(b"checkpoint", signature)


def test_no_secret_shows_in_a_representation(tmp_path: Path) -> None:
    ring = a_ring()
    ring.seal("text", "place")

    shown = f"{ring!r}{vars(ring)!r}{ring._source.ring()!r}"

    assert SECRET not in shown
    assert ring.current in shown


def test_everything_made_before_a_rotation_still_works_after_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    ring = KeyRing.from_file(path)
    before = ring.current
    old = derived(ring)
    code, token, sealed, signature = ring.code(old), ring.token(old), ring.seal("text", "place"), ring.sign(b"payload")
    fingerprint = ring.fingerprint("email", "value")

    add_key(path)
    rotated = KeyRing.from_file(path)

    assert rotated.current != before
    assert (rotated.code(old), rotated.token(old)) == (code, token)
    assert rotated.unseal(sealed, "place") == "text"
    assert rotated.verify(b"payload", signature)
    assert rotated.fingerprints(KeyedHash.EMAIL, "value") == (rotated.fingerprint("email", "value"), fingerprint)
    assert (rotated.is_current(sealed), rotated.is_current(rotated.seal("text", "place"))) == (False, True)


def test_after_a_key_is_retired_only_its_signatures_hold(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    ring = KeyRing.from_file(path)
    sealed, signature = ring.seal("text", "place"), ring.sign(b"payload")

    add_key(path)
    retire_previous(path)
    rotated = KeyRing.from_file(path)

    first, second = rotated.fingerprints(KeyedHash.EMAIL, "value")
    assert first == second
    assert rotated.verify(b"payload", signature)
    with pytest.raises(CorruptSecret):
        rotated.unseal(sealed, "place")


def test_a_value_sealed_with_a_key_added_by_another_process_opens_at_once(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    here = KeyRing.from_file(path)
    add_key(path)
    there = KeyRing.from_file(path)

    assert here.unseal(there.seal("text", "place"), "place") == "text"
    assert here.code(derived(there)) == there.code(derived(there))
    assert here.verify(b"payload", there.sign(b"payload"))
