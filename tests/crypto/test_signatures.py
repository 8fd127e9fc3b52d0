"""Signatures of devices: only the right key's own signature of the very text is a yes; nothing raises."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256K1, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from renumber.crypto import DeviceSignatures
from tests.flows.push.phone import Phone

TEXT = "renumber-push-answer-v1\nhttps://account.example.com\nid"
SIGNATURES = DeviceSignatures()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture(scope="module")
def phone() -> Phone:
    return Phone(None)  # type: ignore[arg-type]  # no house is needed to sign


def test_what_the_key_signed_verifies(phone: Phone) -> None:
    assert SIGNATURES.is_key(phone.point)
    assert SIGNATURES.verify(phone.point, phone.sign(TEXT), TEXT)


def test_another_text_or_key_does_not(phone: Phone) -> None:
    other = Phone(phone.world)

    assert not SIGNATURES.verify(phone.point, phone.sign(TEXT), TEXT + "\n")
    assert not SIGNATURES.verify(other.point, phone.sign(TEXT), TEXT)


@pytest.mark.parametrize(("r", "s"), [(0, 0), (0, 1), (1, 0), (ORDER, 1), (1, ORDER), (2**256 - 1, 2**256 - 1)])
def test_numbers_out_of_range_are_no_signature(phone: Phone, r: int, s: int) -> None:
    """CVE-2022-21449: an implementation that took r = s = 0 took anything."""
    assert not SIGNATURES.verify(phone.point, r.to_bytes(32, "big") + s.to_bytes(32, "big"), TEXT)


@given(signature=st.binary(max_size=80), key=st.binary(max_size=80), text=st.text())
def test_whatever_is_sent_is_no_signature_and_raises_nothing(signature: bytes, key: bytes, text: str) -> None:
    assert not SIGNATURES.verify(key, signature, text)
    assert not SIGNATURES.verify(Phone(None).point, signature, text)  # type: ignore[arg-type]


def test_a_point_of_another_curve_or_form_is_no_key(phone: Phone) -> None:
    elsewhere = generate_private_key(SECP256K1()).public_key()
    compressed = (
        generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    )

    for key in (
        elsewhere.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        compressed,
        b"\x04" + bytes(64),
        b"\x06" + phone.point[1:],
        phone.point + b"\x00",
        b"",
    ):
        assert not SIGNATURES.is_key(key)
        assert not SIGNATURES.verify(key, phone.sign(TEXT), TEXT)
