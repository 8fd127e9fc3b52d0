"""The brand tile as PNG, for phones that take no SVG: drawn line by line, exactly along it and in quarters across."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from math import hypot, sqrt

from renumber.policies.brand.colours import accent_on_light, parts_of
from renumber.policies.brand.initial import initial_of
from renumber.web.brand.letters import STROKE, Point, Step, drawing_of
from renumber.web.brand.tile import CORNER, GRID

SHADES = 128  # in each half of the palette: from ground to sign, and from nothing to ground
QUARTERS = 4
BENDS_IN = 8  # straight pieces of a curve
KEPT = 16  # pictures

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one icon: its side in pixels, and whether its corners are round."""

    side: int
    is_round: bool = True


@lru_cache(KEPT)
def tile_png(brand: str, colour: str, shape: Shape) -> bytes | None:
    """Draw the tile; None where there is no drawing of the initial."""
    steps = drawing_of(initial_of(brand))
    if steps is None:
        return None
    unit = shape.side / GRID
    pieces = [((x1 * unit, y1 * unit), (x2 * unit, y2 * unit)) for (x1, y1), (x2, y2) in _pieces(steps)]
    radius = STROKE / 2 * unit
    corner = CORNER * unit if shape.is_round else 0.0
    rows = (_row(number, shape.side, pieces, radius=radius, corner=corner) for number in range(shape.side))
    return _png(shape.side, rows, palette(colour))


def _pieces(steps: Sequence[Step]) -> Iterator[tuple[Point, Point]]:
    """Take the way of the pen apart into straight pieces."""
    at = steps[0].to
    for step in steps:
        if not step.leaps:
            way = [at, *(_on_curve(at, step, part / BENDS_IN) for part in range(1, BENDS_IN) if step.bends), step.to]
            yield from pairwise(way)
        at = step.to


def _on_curve(start: Point, step: Step, share: float) -> Point:
    rest, (first, second) = 1 - share, step.bends
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    points = (start, first, second, step.to)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y


def _row(number: int, side: int, pieces: Sequence[tuple[Point, Point]], *, radius: float, corner: float) -> bytes:
    """Give the places in the palette of one row of pixels."""
    heights = [number + (quarter + 0.5) / QUARTERS for quarter in range(QUARTERS)]
    sign = _covered(side, [_joined(_spans(pieces, y, radius)) for y in heights])
    places = bytearray(round(share * (SHADES - 1)) for share in sign) if sign else bytearray(side)
    if min(number, side - 1 - number) < corner:
        ground = _covered(side, [[_between_corners(y, side, corner)] for y in heights])
        for at, share in enumerate(ground):
            if share < 1:
                places[at] = SHADES + round(share * (SHADES - 1))
    return bytes(places)


def _spans(pieces: Iterable[tuple[Point, Point]], height: float, radius: float) -> Iterator[Span]:
    """Cut each stroke, which is convex, at a height: from its leftmost place there to its rightmost."""
    for piece in pieces:
        if abs(height - (piece[0][1] + piece[1][1]) / 2) <= abs(piece[0][1] - piece[1][1]) / 2 + radius:
            cut = [*_on_disc(piece[0], height, radius), *_on_disc(piece[1], height, radius)]
            cut += _on_edges(piece, height, radius)
            if cut:
                yield min(cut), max(cut)


def _on_disc(middle: Point, height: float, radius: float) -> Span | tuple[()]:
    square = radius**2 - (height - middle[1]) ** 2
    return (middle[0] - sqrt(square), middle[0] + sqrt(square)) if square >= 0 else ()


def _on_edges(piece: tuple[Point, Point], height: float, radius: float) -> Iterator[float]:
    (x1, y1), (x2, y2) = piece
    length = hypot(x2 - x1, y2 - y1) or 1.0
    across = ((y1 - y2) / length * radius, (x2 - x1) / length * radius)
    for way in (1, -1):
        top, bottom = y1 + way * across[1], y2 + way * across[1]
        if top != bottom and min(top, bottom) <= height <= max(top, bottom):
            yield x1 + way * across[0] + (height - top) / (bottom - top) * (x2 - x1)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _between_corners(y: float, side: int, corner: float) -> Span:
    beyond = max(corner - min(y, side - y), 0.0)
    cut = corner - sqrt(max(corner**2 - beyond**2, 0.0))
    return cut, side - cut


def _covered(side: int, cuts: Sequence[Sequence[Span]]) -> list[float]:
    """Say how much of each pixel of a row is covered; nothing if none of it is."""
    if not any(cuts):
        return []
    steps = [0.0] * (side + 2)
    for start, end in (span for cut in cuts for span in cut):
        for at, way in ((start, 1), (end, -1)):
            pixel = int(at)
            steps[pixel] += way * (pixel + 1 - at)
            steps[pixel + 1] += way * (at - pixel)
    return [min(1.0, max(0.0, sum_ / QUARTERS)) for sum_ in accumulate(steps[:side])]


def palette(colour: str) -> bytes:
    """Go from the ground to the sign upon it, then from nothing to the ground, for round corners."""
    accent = accent_on_light(colour)
    ground, sign = parts_of(accent.fill), parts_of(accent.on_fill)
    shares = [step / (SHADES - 1) for step in range(SHADES)]
    ramp = (round(one + (other - one) * share) for share in shares for one, other in zip(ground, sign, strict=True))
    return bytes(ramp) + bytes(ground) * SHADES


def _png(side: int, rows: Iterable[bytes], palette: bytes) -> bytes:
    """Write an indexed PNG (PNG 1.2, 11.2)."""
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    clear = bytes([255] * SHADES + [round(255 * step / (SHADES - 1)) for step in range(SHADES)])
    head = struct.pack(">IIBBBBB", side, side, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"tRNS", clear), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
