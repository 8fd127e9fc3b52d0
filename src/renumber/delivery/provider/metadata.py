"""The endpoints that a provider publishes (OpenID Connect Discovery 1.0), and its keys, each checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renumber.delivery.channel import Fault
from renumber.settings.joins.public_keys import PRIVATE, check_key
from renumber.settings.loopback import is_loopback
from renumber.settings.urls import split

WELL_KNOWN = "/.well-known/openid-configuration"
MOST_KEYS = 50
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The endpoints of a provider; `userinfo_endpoint` is empty where there is none."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    names_itself: bool
    takes_secret_in_header: bool


def read_metadata(issuer: str, said: object) -> Metadata:
    """Read what the provider says of itself; a Fault says what is wrong with it."""
    fields = said if isinstance(said, dict) else {}
    if fields.get("issuer") != issuer:
        raise Fault(permanent=True, reason="identity provider: its metadata names another issuer")
    named = {name: fields.get(name) for name in (*ENDPOINTS, "userinfo_endpoint")}
    if wrong := [name for name in ENDPOINTS if not _is_address(issuer, named[name])]:
        raise Fault(permanent=True, reason=f"identity provider: its metadata has no {wrong[0]} that can be used")
    userinfo = named["userinfo_endpoint"]
    methods = fields.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        issuer=issuer,
        authorization_endpoint=str(named["authorization_endpoint"]),
        token_endpoint=str(named["token_endpoint"]),
        jwks_uri=str(named["jwks_uri"]),
        userinfo_endpoint=str(userinfo) if _is_address(issuer, userinfo) else "",
        names_itself=fields.get("authorization_response_iss_parameter_supported") is True,
        takes_secret_in_header=not isinstance(methods, list) or "client_secret_basic" in methods,
    )


def _is_address(issuer: str, given: object) -> bool:
    """True of an https address, or of one on this machine where the provider itself is there."""
    if not isinstance(given, str) or not given.isascii() or not given.isprintable():
        return False
    parts = split(given)
    near = is_loopback(parts.hostname or "") and issuer.startswith("http://")
    return bool(parts.hostname) and "@" not in parts.netloc and (parts.scheme == "https" or near)


def read_keys(said: object) -> str:
    """Keep of a JSON Web Key Set the public keys that can be used; a Fault says that there are none."""
    listed = said.get("keys") if isinstance(said, dict) else None
    usable = [key for key in listed[:MOST_KEYS] if _is_usable(key)] if isinstance(listed, list) else []
    if not usable:
        raise Fault(permanent=True, reason="identity provider: it publishes no keys that can be used")
    return json.dumps({"keys": usable})


def _is_usable(key: object) -> bool:
    """True of a whole, public key for signatures, long enough for our own rules."""
    if not isinstance(key, Mapping) or PRIVATE & key.keys() or key.get("use", "sig") != "sig":
        return False
    try:
        check_key(dict(key))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def texts(said: object, *names: str) -> tuple[str, ...]:
    """Read fields of an answer that have to be texts; what isn't one is empty."""
    fields: Mapping[str, Any] = said if isinstance(said, dict) else {}
    return tuple(value if isinstance(value := fields.get(name), str) else "" for name in names)
