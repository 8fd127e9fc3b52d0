#!/usr/bin/env python3
"""Draws the icons of the phone page: a phone with a tick, as PNGs whose palette the server makes the brand's.

A pixel is no colour but a place in the palette: the first half goes from ground to sign, the second from nothing to
ground, for round corners. So one set of pictures fits every brand, and the server needs to draw nothing.
"""

import struct
import zlib
from collections.abc import Callable
from math import hypot
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "renumber" / "web" / "icons"
GRID = 32.0  # the units in which the sign is drawn
HALF = 128  # colours in each half of the palette
GROUND, SIGN = (28, 36, 48), (255, 255, 255)  # until the server puts the brand's in their place
PHONE = (16.0, 16.0, 6.6, 10.6, 3.0)  # centre, half its width and height, corners
LINES = (((14.8, 22.8), (17.2, 22.8)), ((13.0, 14.2), (15.2, 16.5)), ((15.2, 16.5), (19.0, 11.8)))
STROKE = 1.9

Point = tuple[float, float]


def to_box(x: float, y: float, box: tuple[float, float, float, float, float]) -> float:
    """Measure the distance to a box with round corners."""
    centre_x, centre_y, half_width, half_height, corner = box
    beyond_x, beyond_y = abs(x - centre_x) - half_width + corner, abs(y - centre_y) - half_height + corner
    return hypot(max(beyond_x, 0), max(beyond_y, 0)) + min(max(beyond_x, beyond_y), 0) - corner


def to_line(x: float, y: float, line: tuple[Point, Point]) -> float:
    """Measure the distance to a line."""
    (from_x, from_y), (to_x, to_y) = line
    along_x, along_y = to_x - from_x, to_y - from_y
    share = ((x - from_x) * along_x + (y - from_y) * along_y) / (along_x**2 + along_y**2)
    share = min(1.0, max(0.0, share))
    return hypot(x - from_x - share * along_x, y - from_y - share * along_y)


def to_sign(x: float, y: float) -> float:
    """Measure the distance to the sign."""
    return min(abs(to_box(x, y, PHONE)), *(to_line(x, y, line) for line in LINES)) - STROKE / 2


def drawn(side: int, *, corner: float, zoom: float = 1.0) -> bytes:
    """Draw ground and sign; `corner` of the ground in units, `zoom` of the sign around the middle."""
    unit = side / GRID

    def pixel(column: int, row: int) -> int:
        x, y = (column + 0.5) / unit, (row + 0.5) / unit
        ground = covered(to_box(x, y, (16, 16, 16, 16, corner)) * unit)
        sign = covered(to_sign(16 + (x - 16) / zoom, 16 + (y - 16) / zoom) * unit * zoom)
        return round(sign * (HALF - 1)) if ground == 1 else HALF + round(ground * (HALF - 1))

    return picture(side, pixel)


def stencil(side: int, zoom: float) -> bytes:
    """Draw the sign alone, for the bar at the top of an Android screen, which knows no colours."""
    unit = side / GRID

    def pixel(column: int, row: int) -> int:
        x, y = (column + 0.5) / unit, (row + 0.5) / unit
        sign = covered(to_sign(16 + (x - 16) / zoom, 16 + (y - 16) / zoom) * unit * zoom)
        return HALF + round(sign * (HALF - 1))

    return picture(side, pixel)


def covered(distance: float) -> float:
    """Say how much of a pixel a shape covers, by the distance of its middle to the edge, in pixels."""
    return min(1.0, max(0.0, 0.5 - distance))


def picture(side: int, pixel: Callable[[int, int], int]) -> bytes:
    """Write an indexed PNG (PNG 1.2, 11.2)."""
    rows = b"".join(b"\0" + bytes(pixel(column, row) for column in range(side)) for row in range(side))
    ramp = [mixed(step / (HALF - 1)) for step in range(HALF)]
    palette = b"".join([*ramp, bytes(GROUND) * HALF])
    opacity = bytes([255] * HALF) + bytes(round(step * 255 / (HALF - 1)) for step in range(HALF))
    head = struct.pack(">IIBBBBB", side, side, 8, 3, 0, 0, 0)
    chunks = [
        (b"IHDR", head),
        (b"PLTE", palette),
        (b"tRNS", opacity),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in chunks)


def mixed(share: float) -> bytes:
    """Give the colour between ground and sign."""
    return bytes(round(one + (other - one) * share) for one, other in zip(GROUND, SIGN, strict=True))


def chunk(name: bytes, content: bytes) -> bytes:
    """Wrap a part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


ICONS = {
    "icon-192.png": drawn(192, corner=7),
    "icon-512.png": drawn(512, corner=7),
    "icon-maskable-512.png": drawn(512, corner=0, zoom=0.95),  # what matters lies within the inner 80 %
    "icon-touch-180.png": drawn(180, corner=0, zoom=1.0),  # iOS rounds the corners itself
    "badge-96.png": stencil(96, zoom=1.3),
}

if __name__ == "__main__":
    for name, content in ICONS.items():
        (FOLDER / name).write_bytes(content)
