"""PBKDF2 as Django, Werkzeug, passlib, MediaWiki, Atlassian and ASP.NET Identity write it down."""

import re
from hashlib import new, pbkdf2_hmac

from renumber.crypto.stored_hashes.stored_hash import StoredHash, base64

# Seconds for a round of one block, on a slow processor.
_SECONDS = {"sha1": 0.6e-6, "sha224": 0.8e-6, "sha256": 0.8e-6, "sha384": 1.2e-6, "sha512": 1.2e-6}

_ROUNDS = r"(?P<rounds>\d{1,9})"
_DJANGO = re.compile(rf"pbkdf2_(?P<digest>sha1|sha256)\${_ROUNDS}\$(?P<salt>[^$]+)\$(?P<expected>[A-Za-z0-9+/]+=*)")
_WERKZEUG = re.compile(
    rf"pbkdf2:(?P<digest>sha1|sha224|sha256|sha384|sha512):{_ROUNDS}\$(?P<salt>[^$]+)\$(?P<expected>[0-9a-f]+)"
)
_PASSLIB = re.compile(
    rf"(?:\$|\{{)(?:pbkdf2|PBKDF2)(?:-(?P<digest>(?i:sha1|sha256|sha512)))?(?:\$|\}})(?:i=)?{_ROUNDS}(?:,l=\d+)?"
    r"\$(?P<salt>[A-Za-z0-9./+]*)\$(?P<expected>[A-Za-z0-9./+]+)"
)
_MEDIAWIKI = re.compile(
    rf":pbkdf2:(?P<digest>sha1|sha256|sha512):{_ROUNDS}:\d+:(?P<salt>[A-Za-z0-9+/]+=*):(?P<expected>[A-Za-z0-9+/]+=*)"
)
_ATLASSIAN = re.compile(r"\{PKCS5S2\}(?P<both>[A-Za-z0-9+/]{64})")
_ASP_NET = re.compile(r"A[A-Za-z0-9+/]{55,1000}={0,2}")
_ASP_NET_DIGESTS = {0: "sha1", 1: "sha256", 2: "sha512"}


def read_pbkdf2(stored: str) -> StoredHash | None:
    """Read a hash of PBKDF2 in any of its spellings; None if it is none, ValueError if it isn't whole."""
    if match := _DJANGO.fullmatch(stored):
        return _read(match, match["salt"].encode(), base64(match["expected"]))
    if match := _WERKZEUG.fullmatch(stored):
        return _read(match, match["salt"].encode(), bytes.fromhex(match["expected"]))
    if match := _PASSLIB.fullmatch(stored) or _MEDIAWIKI.fullmatch(stored):
        return _read(match, base64(match["salt"]), base64(match["expected"]))
    if match := _ATLASSIAN.fullmatch(stored):
        both = base64(match["both"])
        return pbkdf2("sha1", rounds=10_000, salt=both[:16], expected=both[16:])
    return _read_asp_net(base64(stored)) if _ASP_NET.fullmatch(stored) else None


def pbkdf2(digest: str, *, rounds: int, salt: bytes, expected: bytes) -> StoredHash:
    """Build a PBKDF2 with this HMAC (RFC 8018 §5.2); ValueError if nobody makes one so."""
    if rounds < 1 or digest not in _SECONDS:
        raise ValueError("no parameters of PBKDF2")
    blocks = -(-len(expected) // new(digest).digest_size)
    return StoredHash(
        compute=lambda password: pbkdf2_hmac(digest, password, salt, rounds, len(expected)),
        expected=expected,
        seconds=_SECONDS[digest] * rounds * blocks,
    )


def _read(match: re.Match[str], salt: bytes, expected: bytes) -> StoredHash:
    digest = (match["digest"] or "sha1").lower()
    return pbkdf2(digest, rounds=int(match["rounds"]), salt=salt, expected=expected)


def _read_asp_net(stored: bytes) -> StoredHash | None:
    """Read versions 2 and 3 of ASP.NET Core Identity: a byte for the version, then big-endian numbers."""
    if stored[0] == 0 and len(stored) == 49:
        return pbkdf2("sha1", rounds=1000, salt=stored[1:17], expected=stored[17:])
    digest, rounds, length = (int.from_bytes(stored[at : at + 4]) for at in (1, 5, 9))
    salt, expected = stored[13 : 13 + length], stored[13 + length :]
    if stored[0] != 1 or digest not in _ASP_NET_DIGESTS or length < 16:
        return None
    return pbkdf2(_ASP_NET_DIGESTS[digest], rounds=rounds, salt=salt, expected=expected)
