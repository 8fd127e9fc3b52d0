"""The rough place of an IP address, in the language of a mail, from a file that the operator brings."""

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import maxminddb
from babel import Locale, UnknownLocaleError

Places = Callable[[str, str], str]  # an address, a language


def nowhere(_ip: str, _language: str) -> str:
    """Know no place, as without a file."""
    return ""


def places_in(path: Path | None) -> Places:
    """Open the file, if there is one; the settings have found it to be whole."""
    if path is None:
        return nowhere
    reader = maxminddb.open_database(path, maxminddb.MODE_MMAP)

    def place(ip: str, language: str) -> str:
        """Give "Köln, Deutschland", or the country alone; nothing for an address that the file doesn't know."""
        record = _record(reader, ip)
        parts = (_name(record.get("city"), language), _country(record.get("country"), language))
        return ", ".join(part for part in parts if part)

    return place


def _record(reader: maxminddb.Reader, ip: str) -> dict[str, Any]:
    try:
        address = ip_address(ip)
        found = reader.get(address) if address.is_global else None
    except (
        ValueError,
        maxminddb.InvalidDatabaseError,
    ):  # none, one that the file has no room for, a damaged page of it
        return {}
    return found if isinstance(found, dict) else {}


def _name(entry: Any, language: str) -> str:
    """Take the name in the language, else in English; other publishers leave out what they don't know."""
    names = entry.get("names") if isinstance(entry, dict) else None
    name = (names.get(language) or names.get("en")) if isinstance(names, dict) else None
    return name if isinstance(name, str) else ""


def _country(entry: Any, language: str) -> str:
    code = entry.get("iso_code") if isinstance(entry, dict) else None
    return _territory(code, language) or _name(entry, language)


def _territory(code: Any, language: str) -> str:
    try:
        return str(Locale.parse(language).territories.get(code, ""))
    except (UnknownLocaleError, ValueError):
        return ""
