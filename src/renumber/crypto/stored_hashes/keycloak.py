"""A credential as Keycloak exports it: a JSON object, whose two parts are JSON in texts."""

from typing import Any, TypeVar

import msgspec

from renumber.crypto.stored_hashes.argon2s import TYPES, argon2
from renumber.crypto.stored_hashes.pbkdf2 import pbkdf2
from renumber.crypto.stored_hashes.stored_hash import StoredHash, base64

Part = TypeVar("Part")

_DIGESTS = {"pbkdf2": "sha1", "pbkdf2-sha256": "sha256", "pbkdf2-sha512": "sha512"}
_VERSIONS = {"1.0": 0x10, "1.3": 0x13}


class _Credential(msgspec.Struct, rename="camel"):
    """The members that matter; before Keycloak 8 they all stood beside each other."""

    secret_data: str | dict[str, Any] = {}
    credential_data: str | dict[str, Any] = {}
    hashed_salted_value: str = ""
    salt: str = ""
    hash_iterations: int = 0
    algorithm: str = "pbkdf2-sha256"


class _Secret(msgspec.Struct):
    value: str
    salt: str


class _Making(msgspec.Struct, rename="camel"):
    hash_iterations: int
    algorithm: str
    additional_parameters: dict[str, list[str]] = {}


def read_keycloak(stored: str) -> StoredHash | None:
    """Read one element of `credentials` in an exported realm; None if it is none, ValueError if it isn't whole."""
    if not stored.startswith("{") or '"' not in stored:
        return None
    try:
        given = msgspec.json.decode(stored, type=_Credential)
        return _built(*_parts(given))
    except (msgspec.MsgspecError, KeyError, IndexError, RecursionError) as error:
        raise ValueError("no credential of Keycloak") from error


def _parts(given: _Credential) -> tuple[_Secret, _Making]:
    if given.hashed_salted_value:
        making = _Making(hash_iterations=given.hash_iterations, algorithm=given.algorithm)
        return _Secret(value=given.hashed_salted_value, salt=given.salt), making
    return _part(given.secret_data, _Secret), _part(given.credential_data, _Making)


def _part(given: str | dict[str, Any], kind: type[Part]) -> Part:
    return msgspec.json.decode(given, type=kind) if isinstance(given, str) else msgspec.convert(given, kind)


def _built(secret: _Secret, making: _Making) -> StoredHash:
    value, salt = base64(secret.value), base64(secret.salt)
    if making.algorithm != "argon2":
        return pbkdf2(_DIGESTS[making.algorithm], rounds=making.hash_iterations, salt=salt, expected=value)
    more = {name: values[0] for name, values in making.additional_parameters.items()}
    cost = (int(more["memory"]), making.hash_iterations, int(more["parallelism"]))
    return argon2(kind=TYPES[more["type"]], version=_VERSIONS[more["version"]], cost=cost, salt=salt, digest=value)
