"""Parsers of settings that are addresses; a ValueError carries the sentence that says what to write instead.

No sentence repeats what was given: it may hold a password.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from renumber.policies.push_hosts import PushHost
from renumber.settings.loopback import is_loopback, is_loopback_to_browsers
from renumber.settings.postgresql.uri import SCHEME, masked
from renumber.settings.postgresql.url import postgres_url

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_PUSH_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}", re.ASCII)


def origin(given: str) -> str:
    """Parse the origin of all links: https, or http on this machine; no path, for cookies belong to the whole host."""
    parts = split(given)
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("write the address that people open, for example https://account.example.com")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("write scheme and host only, without a path")
    if not parts.hostname.isascii():
        raise ValueError("write the host's name in its ASCII form, for example https://xn--mnchen-3ya.example")
    if not _NAME.fullmatch(parts.hostname) and not _is_address(parts.hostname):
        raise ValueError("the host's name may hold letters, digits, hyphens and dots only")
    if parts.scheme == "http" and not is_loopback_to_browsers(parts.hostname):
        raise ValueError("use https://; http:// is for 127.0.0.1 and localhost only")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def page(given: str) -> str:
    """Check the address of a page that every page and mail leads to."""
    parts = split(given)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or re.search(r"[\s\"<>\\]", given):
        raise ValueError("write the whole address of a page, for example https://www.example.com/imprint")
    return given


def database_url(given: str) -> str:
    """Check the address of the database, and the files that it names."""
    if given.startswith("sqlite:///") and given.removeprefix("sqlite:///") not in {"", ":memory:"}:
        _check_file(given.removeprefix("sqlite:///"))
        return given
    try:
        postgres_url(given)
    except ValueError as problem:
        raise ValueError(hinted(str(problem), given)) from None
    return given


def _check_file(name: str) -> None:
    if "?" in name:
        raise ValueError("write sqlite:/// and the file alone, without anything after a question mark")
    path = Path(name)
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except OSError as error:
        raise ValueError(f"the file can't be used: {error.strerror}") from None
    if is_folder:
        raise ValueError("this is a folder; name a file in it")
    if not has_folder:
        raise ValueError(f"there is no folder {path.parent}; make it, or name another file")


def push_hosts(given: str) -> tuple[PushHost, ...]:
    """Parse the push services that may be posted to; `http://127.0.0.1:port` is one of a test on this machine."""
    return () if given.strip().lower() == "none" else tuple(_push_host(part.strip()) for part in given.split(","))


def _push_host(given: str) -> PushHost:
    parts = split(given)
    if parts.scheme == "http" and is_loopback(parts.hostname or "") and parts.port and not parts.path:
        return PushHost(parts.hostname or "", near_port=parts.port)
    name = given.lower().removeprefix("*.")
    if not _PUSH_HOST.fullmatch(name):
        raise ValueError("write the host names of push services, for example fcm.googleapis.com,*.notify.windows.com")
    return PushHost(name, with_subdomains=given.startswith("*."))


def hinted(usual: str, given: str) -> str:
    """Add to a sentence how special characters are written: in a password they end it too early."""
    spelt = "; in user and password, write % as %25, @ as %40, / as %2F, # as %23 and ? as %3F"
    return usual + (spelt if "@" in given else "")


def split(given: str) -> SplitResult:
    """Take a URL apart; what can't be taken apart gives an empty one."""
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def masked_url(given: str) -> str:
    """Show a URL without what may be secret in it."""
    if SCHEME.match(given):
        return masked(given)
    parts = split(given)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{'…@' if '@' in parts.netloc else ''}{host}{parts.path}{'?…' if parts.query else ''}"
