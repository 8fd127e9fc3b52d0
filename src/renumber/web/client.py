"""The client of a request: its IP address behind trusted proxies, its browser in plain words, its zone and language."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from zoneinfo import ZoneInfo, available_timezones

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|Opera")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrom(?:e|ium)/|CriOS/|HeadlessChrome/")),
    ("Safari", re.compile(r"Safari/")),
)
SYSTEMS = (
    ("Android", re.compile(r"Android")),
    ("iPhone", re.compile(r"iPhone|iPod")),
    ("iPad", re.compile(r"iPad")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Macintosh|Mac OS X")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux|X11")),
)
ZONES = frozenset(available_timezones())


def browser_name(user_agent: str) -> str:
    """Name the browser and its system, "Firefox on Windows"; nothing of the header itself is passed on."""
    head = user_agent[:512]
    browser = next((name for name, pattern in BROWSERS if pattern.search(head)), "")
    system = next((name for name, pattern in SYSTEMS if pattern.search(head)), "")
    return " on ".join(part for part in (browser, system) if part)


def client_ip(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Give the nearest address that isn't one of our proxies; nothing that a stranger writes into the header counts."""
    hops = [peer, *reversed([hop.strip() for hop in forwarded_for.split(",")[-16:]])] if forwarded_for else [peer]
    for hop in hops:
        address = _address(hop)
        if address is None:
            return peer
        if not any(address.version == network.version and address in network for network in trusted):
            return str(address)
    return peer


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def time_zone(asked: str | None, default: str) -> ZoneInfo:
    """Give the zone that the browser named if it exists, else the default."""
    return ZoneInfo(asked if asked in ZONES else default)


def pick_language(chosen: str | None, accepted: str, offered: Sequence[str]) -> str:
    """Give the chosen language, else the best of Accept-Language (RFC 9110 12.5.4), else the first offered."""
    if chosen in offered:
        return str(chosen)
    wishes = sorted((_wish(part) for part in accepted[:256].split(",")), reverse=True)
    return next((language for quality, language in wishes if quality > 0 and language in offered), offered[0])


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    language = tag.strip().lower().partition("-")[0]
    try:
        quality = float(parameter.partition("=")[2]) if parameter.strip() else 1.0
    except ValueError:
        quality = 0.0
    return quality, language
