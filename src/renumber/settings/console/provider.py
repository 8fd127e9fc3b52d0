"""Parsers of the settings that name the company's identity provider, and how we prove to it who we are."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from renumber.domain.support.staff import Role
from renumber.settings.joins.secret_files import private_text
from renumber.settings.loopback import is_loopback
from renumber.settings.urls import split
from renumber.settings.writing import written

LEAST_SECRET = 16  # characters
PEM = "-----BEGIN "


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who we are to the provider: a secret, or the private key with which we sign instead."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    key: str = field(repr=False)


def issuer(given: str) -> str:
    """Parse the name of a provider, which is kept as it is written: tokens have to say the same (RFC 8414 2)."""
    parts = split(given)
    near = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not parts.hostname or "@" in parts.netloc or not (parts.scheme == "https" or near):
        raise ValueError("write the provider's issuer as it names itself, for example https://login.example.com/realm")
    if parts.query or parts.fragment or "?" in given or "#" in given:
        raise ValueError("write the issuer without anything after ? or #")
    return given.removesuffix("/.well-known/openid-configuration")


def groups(given: str) -> tuple[tuple[str, Role], ...]:
    """Parse `Support=agent, Leads=reviewer`: a group may give one role, and a role may come from several groups."""
    pairs = [part.rpartition("=") for part in given.split(",")]
    named = [(group.strip(), role.strip()) for group, _, role in pairs]
    if any(not group or role not in list(Role) for group, role in named):
        raise ValueError(f"write group=role for each group, with roles out of {written(tuple(Role))}")
    if len({group for group, _ in named}) < len(named):
        raise ValueError("name each group once")
    return tuple((group, Role(role)) for group, role in named)


def word(given: str) -> str:
    """Parse one value of `amr` or `acr`."""
    if not given or not given.isascii() or not given.isprintable() or " " in given:
        raise ValueError("write values as the provider does, divided by commas")
    return given


def secret_file(given: str) -> Path:
    """Check the file of the secret: there, whole, and for its owner alone."""
    path = Path(given)
    if len(private_text(path)) < LEAST_SECRET:
        raise ValueError(f"{path} holds fewer than {LEAST_SECRET} characters")
    return path


def key_file(given: str) -> Path:
    """Check the file of the private key, in PEM or as a JSON Web Key."""
    path = Path(given)
    text = private_text(path)
    if not text.startswith(PEM) and not _is_private_jwk(text):
        raise ValueError(f"{path} holds no private key, in PEM or as a JSON Web Key")
    return path


def _is_private_jwk(text: str) -> bool:
    try:
        key = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(key, dict) and key.get("kty") in {"RSA", "EC", "OKP"} and "d" in key
