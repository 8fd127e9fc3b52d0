"""Reading a stored password hash, whichever system made it."""

import re
from collections.abc import Callable

from renumber.crypto.stored_hashes.argon2s import read_argon2
from renumber.crypto.stored_hashes.bcrypts import read_bcrypt
from renumber.crypto.stored_hashes.keycloak import read_keycloak
from renumber.crypto.stored_hashes.pbkdf2 import read_pbkdf2
from renumber.crypto.stored_hashes.phpass import read_phpass
from renumber.crypto.stored_hashes.scrypts import read_scrypt
from renumber.crypto.stored_hashes.stored_hash import MOST_SECONDS, HashProblem, StoredHash
from renumber.crypto.stored_hashes.unix_crypt import read_unix_crypt

READERS: tuple[Callable[[str], StoredHash | None], ...] = (
    read_argon2, read_bcrypt, read_pbkdf2, read_scrypt, read_unix_crypt, read_phpass, read_keycloak,
)  # fmt: skip

# {bcrypt} of Spring, {CRYPT} of LDAP, {BLF-CRYPT} of Dovecot, and the number that Nextcloud writes before.
_WRAPPED = re.compile(r"(?:\{[A-Za-z0-9-]+\}|\d\|)(?=\$)")
_BEGINS_LIKE_ONE = re.compile(
    r"\$(?:argon2|2[abxy]?\$|bcrypt|wp\$|pbkdf2|scrypt|7\$|fbscrypt|[PHS]\$|[156]\$|apr1\$)"
    r"|argon2\$|bcrypt(?:_sha256)?\$|pbkdf2[_:]|scrypt[$:]|:pbkdf2:|\{\"|\{PKCS5S2\}|\{PBKDF2"
)
_FAST = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?::.*)?"
    r"|(?:md5|sha1|sha256|sha512|unsalted_md5|unsalted_sha1)[$:].*"
    r"|\{(?:s?md5|s?sha(?:256|384|512)?)\}.*|:[AB]:.*|\*[0-9a-f]{40}",
    re.IGNORECASE,
)


def read_hash(stored: str, most_seconds: float = MOST_SECONDS) -> StoredHash | HashProblem:
    """Read a stored hash, or say why it can't be verified; nothing is computed, however much it asks for."""
    unwrapped = _WRAPPED.sub("", stored, count=1) if _WRAPPED.match(stored) else stored
    try:
        found = next((read for reader in READERS if (read := reader(unwrapped))), None)
    except (ValueError, OverflowError):
        return HashProblem.DAMAGED
    return (found.problem(most_seconds) or found) if found else _problem_of(unwrapped)


def _problem_of(stored: str) -> HashProblem:
    if _BEGINS_LIKE_ONE.match(stored):
        return HashProblem.DAMAGED
    return HashProblem.FAST_DIGEST if _FAST.fullmatch(stored) else HashProblem.UNKNOWN
