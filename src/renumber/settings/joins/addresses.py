"""Addresses in the joins file; a ValueError carries the sentence that says what to write instead."""

import re

from renumber.settings.loopback import is_loopback_to_browsers
from renumber.settings.urls import split

LONGEST = 2000  # characters
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
_FORBIDDEN = re.compile(r'[<>"\\^`{|}*]')
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+", re.ASCII)


def page_address(given: str) -> str:
    """Check an address that browsers are sent to: https, or http on this machine."""
    _check_spelling(given)
    parts = split(given)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("write the whole address, for example https://shop.example/callback")
    if parts.scheme == "http" and not is_loopback_to_browsers(parts.hostname):
        raise ValueError("use https://; http:// is for 127.0.0.1 and localhost only")
    return given


def redirect_address(given: str) -> str:
    """Check an address that answers go to: of a page, or of an app by a scheme of its own (RFC 8252 7.1)."""
    scheme = given.partition(":")[0]
    if scheme in {"https", "http"}:
        return page_address(given)
    _check_spelling(given)
    if not _PRIVATE_SCHEME.fullmatch(scheme):
        raise ValueError("write https://…, or the scheme of an app as a reversed domain: com.example.app:/callback")
    return given


def _check_spelling(given: str) -> None:
    """Refuse what readers of addresses understand differently: it is compared as it stands, byte by byte."""
    if len(given) > LONGEST or not _PRINTABLE.fullmatch(given) or _FORBIDDEN.search(given):
        raise ValueError(f"write at most {LONGEST} characters of ASCII, without spaces, quotes and wildcards")
    if "#" in given:
        raise ValueError("remove the fragment: what follows # never reaches a server")
    if "@" in split(given).netloc:
        raise ValueError("remove the user before the host")
