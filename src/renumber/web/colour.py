"""The operator's colour, made readable: WCAG 2.2 contrast on light and on dark."""

from dataclasses import dataclass

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)
LIGHT_GROUND = (244, 245, 248)
DARK_SURFACE = (27, 31, 38)
TEXT_CONTRAST = 4.6
PART_CONTRAST = 3.0
STEPS = 100

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Accent:
    """How the brand's colour is used on one ground: as a filled part, as the text upon it, as text and line."""

    fill: str
    on_fill: str
    text: str


def accent_on_light(brand_color: str) -> Accent:
    """Use the colour as it is for parts; darken it where it must be read as text."""
    brand = parsed(brand_color)
    fill = _moved(brand, BLACK, ground=LIGHT_GROUND, least=PART_CONTRAST)
    text = _moved(brand, BLACK, ground=LIGHT_GROUND, least=TEXT_CONTRAST)
    return Accent(_hex(fill), _hex(_readable_on(fill)), _hex(text))


def accent_on_dark(brand_color: str) -> Accent:
    """Lighten the colour until it stands out from a dark surface."""
    brand = parsed(brand_color)
    fill = _moved(brand, WHITE, ground=DARK_SURFACE, least=PART_CONTRAST)
    text = _moved(brand, WHITE, ground=DARK_SURFACE, least=TEXT_CONTRAST)
    return Accent(_hex(fill), _hex(_readable_on(fill)), _hex(text))


def contrast(one: Rgb, other: Rgb) -> float:
    """Compute the contrast ratio of WCAG 2.2, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def parsed(color: str) -> Rgb:
    """Read `#rgb` or `#rrggbb`."""
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _moved(color: Rgb, towards: Rgb, *, ground: Rgb, least: float) -> Rgb:
    for step in range(STEPS):
        moved = _mixed(color, towards, step / STEPS)
        if contrast(moved, ground) >= least:
            return moved
    return towards


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _readable_on(fill: Rgb) -> Rgb:
    return max(WHITE, BLACK, key=lambda text: contrast(text, fill))


def _luminance(color: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
