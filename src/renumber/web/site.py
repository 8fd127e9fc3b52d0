"""All that the web room works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from renumber.flows.act import Services
from renumber.flows.ports.reads import Reads
from renumber.web import client
from renumber.web.templating import Asset, Templates


@dataclass(frozen=True, slots=True)
class Site:
    """All that the web room works with."""

    services: Services
    reads: Reads
    templates: Templates
    base_url: str
    brand: str
    brand_color: str
    languages: tuple[str, ...]
    time_zone: str
    vapid_public_key: Callable[[], Awaitable[str]]
    trusted_proxies: tuple[client.Network, ...] = ()
    support_contact: str | None = None
    logo: Asset | None = None
    development: bool = False

    @property
    def logo_url(self) -> str | None:
        """Where pages find the operator's logo."""
        return "/brand-logo" if self.logo else None
