"""Taking a connection URI apart as libpq does (PostgreSQL 34.1.1.2); no sentence repeats what was given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

SCHEME = re.compile(r"postgres(ql)?://")
USUAL = "write sqlite:///file or postgresql://user:password@host/database"
_TAKEN_APART = re.compile(
    r"(?:(?P<login>[^@/?]*)@)?(?P<hosts>[^/?]*)(?:/(?P<name>[^?]*))?(?:\?(?P<query>.*))?", re.DOTALL
)
_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.%a-zA-Z0-9_-]+)\]|(?P<host>[^:\[\]]*))(?::(?P<port>[^:]*))?")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_MARKS = re.compile(r"[@#\s\x00-\x1f\x7f]")  # in host or name: part of a password that should have been escaped


@dataclass(frozen=True, slots=True, repr=False)
class Uri:
    """The parts of a URI, decoded; `options` holds all but the hosts and ports, the last of each name."""

    hosts: tuple[str, ...]
    ports: tuple[str, ...]
    options: dict[str, str]


def taken_apart(given: str) -> Uri:
    """Take a URI apart; a ValueError carries a sentence."""
    scheme = SCHEME.match(given)
    parts = _TAKEN_APART.fullmatch(given, scheme.end()) if scheme else None
    if parts is None or "#" in given or _MARKS.search(parts["hosts"] + (parts["name"] or "")):
        raise ValueError(USUAL)
    options = {**_login(parts["login"]), **_name(parts["name"]), **dict(_query(parts["query"] or ""))}
    found = list(_hosts(parts["hosts"]))
    return Uri(tuple(host for host, _ in found), tuple(port for _, port in found), options)


def masked(given: str) -> str:
    """Show a URI without what may be secret in it."""
    scheme = SCHEME.match(given)
    parts = _TAKEN_APART.fullmatch(given, scheme.end()) if scheme else None
    if scheme is None or parts is None:
        return "…"
    login, name, query = ("…@" if parts["login"] else ""), f"/{parts['name'] or ''}", ("?…" if parts["query"] else "")
    return f"{scheme[0]}{login}{parts['hosts']}{name}{query}"


def _login(given: str | None) -> dict[str, str]:
    user, colon, password = (given or "").partition(":")
    found = {"user": decoded(user)} if user else {}
    return {**found, "password": decoded(password)} if colon and password else found


def _name(given: str | None) -> dict[str, str]:
    return {"dbname": decoded(given)} if given else {}


def _hosts(given: str) -> Iterator[tuple[str, str]]:
    for one in given.split(",") if given else ():
        parts = _HOST.fullmatch(one)
        if parts is None:
            raise ValueError("write a host as name, name:port or [IPv6 address]:port, several with commas between them")
        yield decoded(parts["v6"] or parts["host"] or ""), decoded(parts["port"] or "")


def _query(given: str) -> Iterator[tuple[str, str]]:
    for one in given.split("&") if given else ():
        name, sign, value = one.partition("=")
        if not sign or "=" in value:
            raise ValueError(
                "write what follows the question mark as name=value, with & between, and = in a value as %3D"
            )
        name, value = decoded(name), decoded(value)
        yield ("sslmode", "require") if (name, value) == ("ssl", "true") else (name, value)  # as JDBC writes it


def decoded(given: str) -> str:
    """Decode percent signs, and nothing else: a plus is a plus."""
    if _BAD_ESCAPE.search(given):
        raise ValueError("write a percent sign as %25")
    try:
        return unquote_to_bytes(given).decode()
    except UnicodeDecodeError:
        raise ValueError("what is escaped with % has to be UTF-8") from None
