"""The operator's name, colour and addresses, as messages show them."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from renumber.policies.brand.initial import initial_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """The operator as messages show them, and the one address that links start with (never a request's header)."""

    base_url: str
    brand: str
    colour: str
    logo_png: bytes | None = field(default=None, repr=False)
    support_contact: str
    time_zone: str
    imprint_url: str = ""
    privacy_url: str = ""

    @property
    def initial(self) -> str:
        """The letter that stands for the operator where there is no logo."""
        return initial_of(self.brand)

    def link(self, path: str) -> str:
        """Make the address of a page of this service."""
        return self.base_url.rstrip("/") + path

    @property
    def host(self) -> str:
        """The host that a one-time code is bound to, without a port, as the format of such codes has it."""
        return urlsplit(self.base_url).hostname or ""
