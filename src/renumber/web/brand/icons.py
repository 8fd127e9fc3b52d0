"""The icons of the app, and which of them each place takes: the operator's logo where it is square, else the tile."""

import struct
import zlib
from pathlib import Path

from renumber.web.brand.raster import Shape, palette, tile_png
from renumber.web.brand.tile import maskable_svg, tile_svg
from renumber.web.site import LOGO, SVG, TILE, Site
from renumber.web.templating import Asset

DRAWN = Path(__file__).parents[1] / "icons"  # by scripts/draw_icons.py
PNG = "image/png"
MASKABLE = "/brand-icon-maskable.svg"
SHAPES = {
    "icon-192.png": Shape(192),
    "icon-512.png": Shape(512),
    "icon-maskable-512.png": Shape(512, is_round=False),
    "icon-touch-180.png": Shape(180, is_round=False),  # which a phone rounds by itself
}
NAMES = (*SHAPES, "badge-96.png")
PNG_HEAD = 8  # bytes before the first chunk
FRAME = 12  # bytes of a chunk beside its content


def vector_icons(site: Site) -> dict[str, Asset]:
    """The tile as SVG, with round corners and without."""
    brand, colour = site.brand, site.brand_color
    drawn = {TILE: tile_svg(brand, colour), MASKABLE: maskable_svg(brand, colour)}
    return {path: Asset(svg.encode(), SVG) for path, svg in drawn.items()}


def icon(name: str, brand: str, colour: str) -> Asset:
    """Draw one icon as PNG: the tile, or a phone where there is no drawing of the initial."""
    tile = tile_png(brand, colour, SHAPES[name]) if name in SHAPES else None
    return Asset(tile or recoloured((DRAWN / name).read_bytes(), palette(colour)), PNG)


def entries(site: Site, folder: str) -> list[dict[str, str]]:
    """List the icons as a manifest does; a phone that takes no SVG finds the tile as PNG."""
    if site.logo and site.logo_is_square:
        logo = {"src": LOGO, "sizes": site.logo_sizes, "type": site.logo.media_type}
        return [logo, _entry(folder, "icon-512.png")]
    return [
        {"src": TILE, "sizes": "any", "type": SVG},
        {"src": MASKABLE, "sizes": "any", "type": SVG, "purpose": "maskable"},
        _entry(folder, "icon-192.png"),
        _entry(folder, "icon-512.png"),
        {**_entry(folder, "icon-maskable-512.png"), "purpose": "maskable"},
    ]


def _entry(folder: str, name: str) -> dict[str, str]:
    side = SHAPES[name].side
    return {"src": f"{folder}/{name}", "sizes": f"{side}x{side}", "type": PNG}


def recoloured(picture: bytes, palette: bytes) -> bytes:
    """Give an indexed PNG another palette of the same length (PNG 1.2, 11.2.3)."""
    at = PNG_HEAD
    while picture[at + 4 : at + 8] != b"PLTE":
        at += FRAME + int(struct.unpack_from(">I", picture, at)[0])
    content = b"PLTE" + palette
    chunk = struct.pack(">I", len(palette)) + content + struct.pack(">I", zlib.crc32(content))
    return picture[:at] + chunk + picture[at + len(chunk) :]
