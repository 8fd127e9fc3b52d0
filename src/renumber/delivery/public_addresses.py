"""Addresses of the public internet: nothing that others may choose leads into our own network.

OWASP ASVS 5.0 1.3.6; RFC 6890 and the registries of IANA say which addresses are not.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# Of protocols, and of relays of 6to4: not every version of Python knows them.
_SPECIAL_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_PUBLIC_V6 = IPv6Network("2000::/3")  # all that is given out; everything else is for special uses
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an address of IPv4
_SPECIAL_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo and ORCHID among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which leads wherever its relay is
            "3fff::/20",  # documentation
        ),
    )
)


async def look_up(host: str, port: int) -> Sequence[str]:
    """Resolve a name as the system does; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """True for an address that anybody may reach; one that holds another is judged by that one too."""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public_v4(given) if isinstance(given, IPv4Address) else _is_public_v6(given)


def _is_public_v4(given: IPv4Address) -> bool:
    special = given.is_multicast or given.is_reserved or any(given in net for net in _SPECIAL_V4)
    return given.is_global and not special


def _is_public_v6(given: IPv6Address) -> bool:
    within = given.ipv4_mapped or (IPv4Address(int(given) & 0xFFFFFFFF) if given in _NAT64 else None)
    if within:
        return _is_public_v4(within)
    return given in _PUBLIC_V6 and given.is_global and not any(given in special for special in _SPECIAL_V6)
