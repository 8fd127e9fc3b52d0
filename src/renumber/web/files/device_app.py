"""The files that make the phone page an app of its own: manifest, service worker, icons in the brand's colour."""

import json
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from litestar import route
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.policies.colours import accent_on_light, parts_of
from renumber.web.client import pick_language
from renumber.web.reply import READ, reply
from renumber.web.request import HttpRequest
from renumber.web.site import Site
from renumber.web.templating import Asset

ICONS = Path(__file__).parents[1] / "icons"
PAGE = "/device"  # also the scope of the service worker, which would otherwise end at its own folder
SHORTLY = ("cache-control", "public, max-age=300")
LATEST = ("cache-control", "no-cache")
GROUND = "#f4f5f8"  # while the app starts; as in app.css
HALF = 128  # colours in each half of an icon's palette (scripts/draw_icons.py)
PNG_HEAD = 8  # bytes before the first chunk
FRAME = 12  # bytes of a chunk beside its content


def handlers(site: Site) -> Sequence[HTTPRouteHandler]:
    """Every file of the app that has an address of its own."""
    worker = site.templates.assets["device/sw.js"]
    headers = [LATEST, ("service-worker-allowed", PAGE)]
    pictures = [_fixed(f"{PAGE}/{name}", icon, [SHORTLY]) for name, icon in icons(site.brand_color).items()]
    return [_manifest(site), _fixed(f"{PAGE}/sw.js", worker, headers), *pictures]


def _fixed(path: str, asset: Asset, headers: Sequence[tuple[str, str]]) -> HTTPRouteHandler:
    async def serve(request: HttpRequest) -> ASGIResponse:
        return reply(request, asset.content, asset.media_type, headers=headers)

    return route(path, http_method=READ)(serve)


def _manifest(site: Site) -> HTTPRouteHandler:
    """Browsers ask for it without cookies, so the page names the language."""
    texts = {language: _written(site, language) for language in site.languages}

    @route(f"{PAGE}/manifest.webmanifest", http_method=READ)
    async def serve(request: HttpRequest) -> ASGIResponse:
        asked, accepted = request.query_params.get("language"), request.headers.get("accept-language", "")
        text = texts[pick_language(asked, accepted, site.languages)]
        headers = [SHORTLY, ("vary", "accept-language")]
        return reply(request, text, "application/manifest+json", headers=headers)

    return serve


def _written(site: Site, language: str) -> str:
    """Write it as the W3C has it (Web Application Manifest)."""
    purpose = site.templates.translations[language].gettext("Confirm sign-ins")
    return json.dumps(
        {
            "id": PAGE,
            "name": f"{site.brand}: {purpose}",
            "short_name": site.brand,
            "description": purpose,
            "lang": language,
            "start_url": PAGE,
            "scope": PAGE,
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": site.brand_color,
            "icons": [
                _entry("icon-192.png", "192x192"),
                _entry("icon-512.png", "512x512"),
                {**_entry("icon-maskable-512.png", "512x512"), "purpose": "maskable"},
            ],
        }
    )


def _entry(name: str, sizes: str) -> dict[str, str]:
    return {"src": f"{PAGE}/{name}", "sizes": sizes, "type": "image/png"}


def icons(brand_color: str) -> dict[str, Asset]:
    """Every icon, on the brand's colour."""
    accent = accent_on_light(brand_color)
    ground, sign = parts_of(accent.fill), parts_of(accent.on_fill)
    palette = _ramp(ground, sign) + bytes(ground) * HALF
    drawn = {path.name: path.read_bytes() for path in sorted(ICONS.glob("*.png"))}
    return {name: Asset(recoloured(picture, palette), "image/png") for name, picture in drawn.items()}


def _ramp(ground: Sequence[int], sign: Sequence[int]) -> bytes:
    shares = [step / (HALF - 1) for step in range(HALF)]
    return bytes(
        round(one + (other - one) * share) for share in shares for one, other in zip(ground, sign, strict=True)
    )


def recoloured(picture: bytes, palette: bytes) -> bytes:
    """Give an indexed PNG another palette of the same length (PNG 1.2, 11.2.3)."""
    at = PNG_HEAD
    while picture[at + 4 : at + 8] != b"PLTE":
        at += FRAME + int(struct.unpack_from(">I", picture, at)[0])
    content = b"PLTE" + palette
    chunk = struct.pack(">I", len(palette)) + content + struct.pack(">I", zlib.crc32(content))
    return picture[:at] + chunk + picture[at + len(chunk) :]
