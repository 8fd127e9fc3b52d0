"""The settings of what people see of the operator: name, colour, logo, and the pages that the law asks for."""

from renumber.settings import parsing as read
from renumber.settings import urls
from renumber.settings.logo import logo
from renumber.settings.table import Setting

APPEARANCE = (
    Setting(
        "brand",
        read.text(32),
        default="Renumber",
        meaning="the operator's name in pages, mails and SMS",
        why="an SMS has little room",
    ),
    Setting(
        "brand_color",
        read.colour,
        default="#1d4ed8",
        meaning="the operator's colour, made readable wherever it is text",
    ),
    Setting("brand_logo", logo, meaning="a PNG or a plain SVG of at most 200 KiB", absent=None),
    Setting("imprint_url", urls.page, meaning="your imprint (legal notice), linked in every page and mail"),
    Setting("privacy_url", urls.page, meaning="your privacy policy, linked in every page and mail"),
)
