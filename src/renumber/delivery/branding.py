"""How the operator is shown and reached in messages."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The operator's name and colours, and the one address that links may start with (never a request's header)."""

    base_url: str
    brand: str
    colour: str = "#0b5fff"
    logo_png: bytes | None = field(default=None, repr=False)
    support_contact: str = ""
    time_zone: str = "UTC"

    def link(self, path: str) -> str:
        """An address at this house."""
        return self.base_url.rstrip("/") + path

    @property
    def host(self) -> str:
        """What a one-time code is bound to: a host without port, as its format has it."""
        return urlsplit(self.base_url).hostname or ""
