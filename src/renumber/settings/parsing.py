"""How the text of a setting becomes a value; a ValueError carries the sentence that says what to write instead."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from renumber.policies.push_hosts import PushHost

Value = TypeVar("Value")
Parser = Callable[[str], Value]
Network = IPv4Network | IPv6Network

LANGUAGES = ("de", "en")
_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)", re.ASCII)
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_COLOUR = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+|[^@\s<>,;:\"]+@localhost")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_BETWEEN_URLS = re.compile(r",(?=\s*[a-z][a-z0-9+.-]*://)")
_WORDS_FOR_TRUE = {"1", "yes", "true", "on"}
_WORDS_FOR_FALSE = {"0", "no", "false", "off"}


def text(most: int) -> Parser[str]:
    """Words of at most so many characters."""

    def read(given: str) -> str:
        if len(given) > most:
            raise ValueError(f"write at most {most} characters")
        return given

    return read


def number(least: int, most: int) -> Parser[int]:
    """A whole number within bounds."""

    def read(given: str) -> int:
        if not re.fullmatch(r"\d{1,9}", given, re.ASCII) or not least <= int(given) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(given)

    return read


def duration(least: str, most: str) -> Parser[timedelta]:
    """A duration within bounds, as `30s`, `10min`, `24h` or `7d`."""
    low, high = _duration(least), _duration(most)

    def read(given: str) -> timedelta:
        asked = _duration(given)
        if asked is None or low is None or high is None or not low <= asked <= high:
            raise ValueError(f"write a duration from {least} to {most}, for example 30s, 10min, 24h or 7d")
        return asked

    return read


def _duration(given: str) -> timedelta | None:
    if given == "0":
        return timedelta()
    match = _DURATION.fullmatch(given)
    return timedelta(**{_UNITS[match[2]]: float(match[1])}) if match else None


def several(one: Parser[Value]) -> Parser[tuple[Value, ...]]:
    """One or more, divided by commas."""

    def read(given: str) -> tuple[Value, ...]:
        return tuple(one(part.strip()) for part in given.split(","))

    return read


def truth(given: str) -> bool:
    """Read yes or no."""
    word = given.lower()
    if word not in _WORDS_FOR_TRUE | _WORDS_FOR_FALSE:
        raise ValueError("write yes or no")
    return word in _WORDS_FOR_TRUE


def threads(given: str) -> int:
    """Read a number of threads, or `cores`."""
    return os.cpu_count() or 1 if given == "cores" else number(1, 256)(given)


def file_path(given: str) -> Path:
    """Read a path, which need not exist."""
    return Path(given)


def origin(given: str) -> str:
    """Read the origin of all links: https, or http on this machine; no path, for cookies belong to the whole host."""
    parts = split(given)
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("write the address that people open, for example https://account.example.com")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("write scheme and host only, without a path")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("use https://; http:// is for 127.0.0.1 and localhost only")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def database_url(given: str) -> str:
    """Read where the data is kept."""
    if given.startswith("sqlite:///") and given.removeprefix("sqlite:///") not in {"", ":memory:"}:
        return given
    parts = split(given)
    if parts.scheme in {"postgresql", "postgres"} and parts.path.strip("/"):
        return given
    raise ValueError("write sqlite:///file or postgresql://user:password@host/database")


def secret(least: int) -> Parser[str]:
    """A secret of at least so many bytes."""

    def read(given: str) -> str:
        if len(given.encode(errors="surrogateescape")) < least:
            raise ValueError(f"write at least {least} random bytes, for example those of: openssl rand -base64 {least}")
        return given

    return read


def smtp_url(given: str) -> str:
    """Read how mail leaves; delivery takes it apart again when it connects."""
    parts = split(given)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("write smtp://user:password@host:587?tls=starttls, or smtps://user:password@host")
    security = parse_qs(parts.query).get("tls", ["starttls"])[-1]
    if security not in {"starttls", "implicit", "none"}:
        raise ValueError("write tls=starttls, tls=implicit or tls=none")
    if security == "none" and not is_loopback(parts.hostname):
        raise ValueError("tls=none is for a server on this machine only; write tls=starttls or tls=implicit")
    return given


def sms_urls(given: str) -> tuple[str, ...]:
    """Read the SMS providers in the order of failover; delivery knows what each of them needs."""
    return tuple(_sms_url(part.strip()) for part in _BETWEEN_URLS.split(given) if part.strip())


def _sms_url(given: str) -> str:
    parts = split(given)
    if not parts.scheme or not parts.netloc:
        raise ValueError("write https+json://host/path or twilio://SID:TOKEN@sender; several are divided by commas")
    if parts.scheme == "http+json" and not is_loopback(parts.hostname or ""):
        raise ValueError("http+json:// is for a gateway on this machine only; write https+json://")
    return given


def push_hosts(given: str) -> tuple[PushHost, ...]:
    """Read the push services that may be posted to; `http://127.0.0.1:port` is one of a test on this machine."""
    return several(_push_host)(given)


def _push_host(given: str) -> PushHost:
    parts = split(given)
    if parts.scheme == "http" and is_loopback(parts.hostname or "") and parts.port and not parts.path:
        return PushHost(parts.hostname or "", near_port=parts.port)
    name = given.lower().removeprefix("*.")
    if not _HOST.fullmatch(name):
        raise ValueError("write the host names of push services, for example fcm.googleapis.com,*.notify.windows.com")
    return PushHost(name, with_subdomains=given.startswith("*."))


def sender(given: str) -> str:
    """Read the sender of mails: an address, or `Name <address>`."""
    if not _ADDRESS.fullmatch(parseaddr(given)[1]):
        raise ValueError("write an address, for example Example Card <no-reply@example.com>")
    return given


def colour(given: str) -> str:
    """Read `#rgb` or `#rrggbb`, and give the long form; pages and mails make it readable where it is text."""
    match = _COLOUR.fullmatch(given)
    if not match:
        raise ValueError("write a colour as #rrggbb, for example #0b5fff")
    digits = match[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def country(given: str) -> str:
    """Read an ISO 3166 code."""
    if not _COUNTRY.fullmatch(given.upper()):
        raise ValueError("write country codes of two letters, for example DE,AT,CH")
    return given.upper()


def language(given: str) -> str:
    """Read one of the languages that the texts exist in."""
    if given not in LANGUAGES:
        raise ValueError(f"the texts exist in {', '.join(LANGUAGES)}")
    return given


def time_zone(given: str) -> str:
    """Read an IANA name."""
    try:
        return ZoneInfo(given).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a time zone by its IANA name, for example Europe/Berlin") from None


def network(given: str) -> Network:
    """Read a network in which a proxy stands whose X-Forwarded-For is believed."""
    try:
        read = ip_network(given, strict=False)
    except ValueError:
        raise ValueError("write networks or addresses, for example 10.0.0.0/8,127.0.0.1") from None
    if read.prefixlen == 0:
        raise ValueError("to trust every address would let anyone choose theirs; name the proxies")
    return read


def split(given: str) -> SplitResult:
    """Take a URL apart; what can't be taken apart gives an empty one."""
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def is_loopback(host: str) -> bool:
    """Say whether nothing leaves this machine on the way to the host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def masked_url(given: str) -> str:
    """Show a URL without what may be secret in it."""
    parts = split(given)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{'…@' if '@' in parts.netloc else ''}{host}{parts.path}{'?…' if parts.query else ''}"
