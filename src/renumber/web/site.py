"""The site: services, templates and settings that all pages and endpoints share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from renumber.flows.operator.services import OperatorServices
from renumber.flows.organisations.views import CompanyViews
from renumber.flows.services import Services
from renumber.flows.support.ports import SupportServices
from renumber.web import client
from renumber.web.edge import BODY_WITHIN
from renumber.web.streams.pulse import Pulse
from renumber.web.templating import Asset, Templates

LOGO, TILE, SVG = "/brand-logo", "/brand-icon.svg", "image/svg+xml"


class Sealing(Protocol):
    """Encrypts what a browser keeps for us."""

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt a text for one place."""

    def unseal(self, sealed: bytes, context: str) -> str:
        """Decrypt it in the same place; whatever can't be opened there is Unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One installation, as pages and endpoints see it."""

    services: Services
    operator: OperatorServices
    support: SupportServices
    pulse: Pulse
    companies: CompanyViews
    sealing: Sealing
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
    logo_is_square: bool = False
    logo_sizes: str = "any"
    imprint_url: str | None = None
    privacy_url: str | None = None
    has_console: bool = False
    serves_console: bool = False
    console_origin: str = ""
    console_networks: tuple[client.Network, ...] = ()
    development: bool = False
    body_within: float = BODY_WITHIN

    @property
    def logo_url(self) -> str | None:
        """The address of the operator's logo."""
        return LOGO if self.logo else None

    @property
    def icon(self) -> tuple[str, str]:
        """The address and the type of the picture in a browser's tab: the tile, or a logo that has room there."""
        return (LOGO, self.logo.media_type) if self.logo and self.logo_is_square else (TILE, SVG)
