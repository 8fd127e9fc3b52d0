"""The operator's colour, made readable on pages and in mails (WCAG 2.2: 1.4.3 for text, 1.4.11 for edges)."""

from dataclasses import dataclass
from functools import lru_cache

WHITE, BLACK = "#ffffff", "#000000"
LIGHT_GROUND = "#eff1f5"  # the darkest of the light grounds: what is seen on it is seen on white too
DARK_GROUND = "#262c35"  # the lightest of the dark ones
TEXT_CONTRAST = 4.5
EDGE_CONTRAST = 3.0
STEPS = 100

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """The colour on one ground: as a filled part, as the text upon it, as its edge, and as text by itself."""

    fill: str
    on_fill: str
    edge: str
    text: str


@lru_cache(256)
def accent_on_light(colour: str) -> Accent:
    """Fill with the colour as it is; darken it where it must be seen as a line or read as text."""
    return _accent(colour, BLACK, LIGHT_GROUND)


@lru_cache(256)
def accent_on_dark(colour: str) -> Accent:
    """Fill with the colour as it is; lighten it where it must be seen as a line or read as text."""
    return _accent(colour, WHITE, DARK_GROUND)


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of WCAG 2.2, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _accent(colour: str, towards: str, ground: str) -> Accent:
    edge = _moved(colour, towards, ground=ground, least=EDGE_CONTRAST)
    text = _moved(colour, towards, ground=ground, least=TEXT_CONTRAST)
    return Accent(fill=colour, on_fill=_text_on(colour), edge=edge, text=text)


def _moved(colour: str, towards: str, *, ground: str, least: float) -> str:
    """Take the colour itself, or shift it as little as the contrast demands."""
    shades = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(shade for shade in shades if contrast(shade, ground) >= least)


def _text_on(fill: str) -> str:
    """Choose white text if it can be read there, else black: one of them always can."""
    return WHITE if contrast(WHITE, fill) >= TEXT_CONTRAST else BLACK


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(parts_of(one), parts_of(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in parts_of(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def parts_of(colour: str) -> Rgb:
    """Take `#rrggbb` apart, as settings give it."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
