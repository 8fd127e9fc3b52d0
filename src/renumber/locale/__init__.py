"""The texts of pages and messages: the catalogues of the package, and an operator's own above them."""

from renumber.locale.catalogues import (
    MAILS,
    NO_OVERLAY,
    PAGES,
    SHIPPED,
    SOURCE,
    Overlay,
    language_name,
    text_direction,
    translations,
)
from renumber.locale.times import formatted, zone_name

__all__ = [
    "MAILS",
    "NO_OVERLAY",
    "PAGES",
    "SHIPPED",
    "SOURCE",
    "Overlay",
    "formatted",
    "language_name",
    "text_direction",
    "translations",
    "zone_name",
]
