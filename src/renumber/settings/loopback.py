"""Hosts that are this machine: nothing that is sent to them leaves it."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Say whether every program reaches this machine by this host.

    Names below `localhost` are not among them: a resolver may look for those elsewhere.
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_loopback_to_browsers(host: str) -> bool:
    """Say whether a browser reaches this machine by this host; browsers never look up names below `localhost`."""
    return host.endswith(".localhost") or is_loopback(host)
