"""Parsers of settings; a ValueError carries the sentence that says what to write instead."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_network
from ipaddress import ip_address as any_address
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import SUPPORTED_REGIONS

from renumber.locale.catalogues import is_language
from renumber.policies.email_addresses import needs_smtputf8, read_address

Value = TypeVar("Value")
Parser = Callable[[str], Value]
Network = IPv4Network | IPv6Network

_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)", re.ASCII)
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_COLOUR = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+|[^@\s<>,;:\"]+@localhost")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_WORDS_FOR_TRUE = {"1", "yes", "true", "on"}
_WORDS_FOR_FALSE = {"0", "no", "false", "off"}


def text(most: int) -> Parser[str]:
    """Make a parser for a text of at most so many characters."""

    def read(given: str) -> str:
        if len(given) > most:
            raise ValueError(f"write at most {most} characters")
        return given

    return read


def number(least: int, most: int) -> Parser[int]:
    """Make a parser for a whole number within bounds."""

    def read(given: str) -> int:
        if not re.fullmatch(r"\d{1,9}", given, re.ASCII) or not least <= int(given) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(given)

    return read


def duration(least: str, most: str) -> Parser[timedelta]:
    """Make a parser for a duration within bounds, as `30s`, `10min`, `24h` or `7d`."""
    low, high = _duration(least), _duration(most)

    def read(given: str) -> timedelta:
        asked = _duration(given)
        if asked is None or low is None or high is None or not low <= asked <= high:
            raise ValueError(f"write a duration from {least} to {most}, for example 30s, 10min, 24h or 7d")
        return asked

    return read


def kept_for(least: str, most: str) -> Parser[timedelta]:
    """Make a parser for how long something is kept: for ever, which is 0, or a duration within bounds."""
    within = duration(least, most)

    def read(given: str) -> timedelta:
        if _duration(given) == timedelta():
            return timedelta()
        try:
            return within(given)
        except ValueError:
            raise ValueError(f"write 0 for ever, or a duration from {least} to {most}, for example 365d") from None

    return read


def _duration(given: str) -> timedelta | None:
    if given == "0":
        return timedelta()
    match = _DURATION.fullmatch(given)
    return timedelta(**{_UNITS[match[2]]: float(match[1])}) if match else None


def several(one: Parser[Value]) -> Parser[tuple[Value, ...]]:
    """Make a parser for one or more values, divided by commas."""

    def read(given: str) -> tuple[Value, ...]:
        return tuple(one(part.strip()) for part in given.split(","))

    return read


def truth(given: str) -> bool:
    """Parse yes or no."""
    word = given.lower()
    if word not in _WORDS_FOR_TRUE | _WORDS_FOR_FALSE:
        raise ValueError("write yes or no")
    return word in _WORDS_FOR_TRUE


def threads(given: str) -> int:
    """Parse a number of threads, or `cores`."""
    return os.cpu_count() or 1 if given == "cores" else number(1, 256)(given)


def file_path(given: str) -> Path:
    """Parse a path, which need not exist."""
    return Path(given)


def secret(least: int) -> Parser[str]:
    """Make a parser for a secret of at least so many bytes."""

    def read(given: str) -> str:
        if len(given.encode(errors="surrogateescape")) < least:
            raise ValueError(f"write at least {least} random bytes, for example those of: openssl rand -base64 {least}")
        return given

    return read


def sender(given: str) -> Address:
    """Parse the sender of mails: an address, or `Name <address>`."""
    found = getaddresses([given])
    if len(found) > 1:
        raise ValueError(
            'write one address, and a name with a comma in quotation marks: "Example, Card" <a@example.com>'
        )
    name, address = found[0]
    if not address.isascii():
        address = _in_ascii(address)
    parsed = _address(name, address) if _ADDRESS.fullmatch(address) else None
    if parsed is None:
        raise ValueError("write an address, for example Example Card <no-reply@example.com>")
    return parsed


def _in_ascii(address: str) -> str:
    """Give an address whose domain has other letters by its A-label: every mail server takes that."""
    read = read_address(address)
    if read is None or needs_smtputf8(read):
        raise ValueError("write the part before the @ in ASCII, and a domain that there can be")
    return read.text


def _address(name: str, address: str) -> Address | None:
    """Parse an address as the header of a mail needs it; None if it can't stand in one."""
    try:
        parsed = Address(name, addr_spec=address)
    except (ValueError, MessageError, IndexError):
        return None
    return parsed if parsed.domain else None


def colour(given: str) -> str:
    """Parse `#rgb` or `#rrggbb`, and give the long form; pages and mails make it readable where it is text."""
    match = _COLOUR.fullmatch(given)
    if not match:
        raise ValueError("write a colour as #rrggbb, for example #0b5fff")
    digits = match[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def country(given: str) -> str:
    """Parse an ISO 3166 code of a country that has telephone numbers."""
    code = given.upper()
    if not _COUNTRY.fullmatch(code):
        raise ValueError("write country codes of two letters, for example DE,AT,CH")
    if code not in SUPPORTED_REGIONS:
        raise ValueError(f"{code} is no country with telephone numbers; write ISO 3166 codes, for example DE,AT,GB")
    return code


def languages(given: str) -> tuple[str, ...]:
    """Parse codes of languages, each once."""
    read = several(_language)(given)
    if len(set(read)) < len(read):
        raise ValueError("name each language once")
    return read


def _language(given: str) -> str:
    if not is_language(given):
        raise ValueError("write codes of languages, for example de,en")
    return given


def time_zone(given: str) -> str:
    """Parse the IANA name of a time zone."""
    try:
        return ZoneInfo(given).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a time zone by its IANA name, for example Europe/Berlin") from None


def ip_address(given: str) -> str:
    """Parse an address to listen on."""
    try:
        return str(any_address(given))
    except ValueError:
        raise ValueError("write an IP address, for example 127.0.0.1, 0.0.0.0 or ::") from None


def network(given: str) -> Network:
    """Parse a network in which a proxy stands whose X-Forwarded-For is believed."""
    try:
        read = ip_network(given, strict=False)
    except ValueError:
        raise ValueError("write networks or addresses, for example 10.0.0.0/8,127.0.0.1") from None
    if read.prefixlen == 0:
        raise ValueError("to trust every address would let anyone choose theirs; name the proxies")
    return read
