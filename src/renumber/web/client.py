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
OWS = " \t"  # RFC 9110 5.6.3
MOST_HOPS = 16
HOP = re.compile(
    r"""
    (?P<quote>"?)
    (?: \[ (?P<bracketed> [^\[\]"]* : [^\[\]"]* ) \] (?: :[0-9]{1,5} )?
      | (?P<with_port> [0-9.]+ ) :[0-9]{1,5}
      | (?P<bare> [^\[\]"]+ )
    )
    (?P=quote)
    """,
    re.VERBOSE,
)
ZONES = frozenset(available_timezones())


def browser_name(user_agent: str) -> str:
    """Name the browser and its system, "Firefox on Windows"; nothing of the header itself is passed on."""
    head = user_agent[:512]
    browser = next((name for name, pattern in BROWSERS if pattern.search(head)), "")
    system = next((name for name, pattern in SYSTEMS if pattern.search(head)), "")
    return " on ".join(part for part in (browser, system) if part)


def client_ip(peer: str, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> str:
    """Give the nearest address that isn't one of our proxies, empty if not even the server's peer can be read.

    Several lines are one list in their order (RFC 9110 5.3), to which each proxy adds at the right what it has seen.
    What stands to the left of an address that isn't ours, or that can't be read, may be anybody's invention.
    """
    known = _hop(peer)
    for hop in reversed(",".join(forwarded_for).rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        if known is None or not _is_ours(known, trusted):
            break
        address = _hop(hop)
        if address is None:
            break
        known = address
    return str(known or "")


def within(ip: str, networks: Sequence[Network]) -> bool:
    """Say whether an address lies in one of these networks; one that can't be read lies in none."""
    address = _hop(ip)
    return address is not None and _is_ours(address, networks)


def _is_ours(address: Address, trusted: Sequence[Network]) -> bool:
    mapped = IPv6Address(f"::ffff:{address}") if address.version == 4 else address
    return any((address if address.version == network.version else mapped) in network for network in trusted)


def _hop(text: str) -> Address | None:
    """Read an address as proxies write it: with a port, in brackets, in quotes, with a zone, IPv4 as mapped IPv6."""
    found = HOP.fullmatch(text.strip(OWS))
    if found is None:
        return None
    try:
        address = ip_address(found["bracketed"] or found["with_port"] or found["bare"])
    except ValueError:
        return None
    if address.version == 4:
        return address
    return address.ipv4_mapped or IPv6Address(int(address))  # without its zone, which means something only over there


class OwnZone(ZoneInfo):
    """The zone that the browser has told, in which a time of today needs no name of it."""


def time_zone(asked: str | None, default: str) -> ZoneInfo:
    """Give the zone that the browser named if it exists, else the default."""
    return OwnZone(asked) if asked in ZONES else ZoneInfo(default)


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
