"""The push services that a device may name: the address comes from outside, and we post to it (ASVS 5.0 1.3.6)."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LONGEST = 1024  # characters of an endpoint


@dataclass(frozen=True, slots=True)
class PushHost:
    """One service: a host, all hosts below it, or for tests a port of this machine without TLS."""

    name: str
    with_subdomains: bool = False
    near_port: int | None = None

    def serves(self, scheme: str, host: str, port: int | None) -> bool:
        """True if an address is of this service."""
        if self.near_port is not None:
            return (scheme, host, port) == ("http", self.name, self.near_port)
        is_named = host.endswith(f".{self.name}") if self.with_subdomains else host == self.name
        return scheme == "https" and port in (None, 443) and is_named


KNOWN = (
    PushHost("fcm.googleapis.com"),
    PushHost("updates.push.services.mozilla.com"),
    PushHost("notify.windows.com", with_subdomains=True),
    PushHost("web.push.apple.com"),
)


def may_post_to(endpoint: str, hosts: tuple[PushHost, ...]) -> bool:
    """True if this is an address of an allowed service, written as browsers write it."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    parts = _split(endpoint)
    if parts is None or "@" in parts.netloc or "\\" in endpoint or parts.fragment:
        return False
    return any(host.serves(parts.scheme, parts.hostname or "", parts.port) for host in hosts)


def _split(endpoint: str) -> SplitResult | None:
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError:
        return None
    return parts
