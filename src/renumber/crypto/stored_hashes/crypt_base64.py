"""The base64 of crypt(3), whose digits come in another order and with the lowest bits first."""

from collections.abc import Iterable

ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def encoded(data: Iterable[int]) -> str:
    """Write bytes with the lowest bits first."""
    taken = bytes(data)
    number = int.from_bytes(taken, "little")
    return "".join(ALPHABET[number >> 6 * place & 63] for place in range(-(-len(taken) * 8 // 6)))


def little_endian(text: str) -> bytes:
    """Read what `encoded` has written."""
    number = sum(ALPHABET.index(digit) << 6 * place for place, digit in enumerate(text))
    return number.to_bytes(-(-len(text) * 6 // 8), "little")[: len(text) * 6 // 8]
