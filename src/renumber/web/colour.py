"""The operator's colour, made readable: WCAG 2.2 contrast on light and on dark."""

from dataclasses import dataclass

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)
LIGHT_SOFT = (239, 241, 245)  # of app.css the grounds on which a colour is hardest to see: those of a notice
DARK_SOFT = (38, 44, 53)
TEXT_CONTRAST = 4.6
PART_CONTRAST = 3.0
STEPS = 100

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Accent:
    """How the brand's colour is used on one ground: as a filled part, as the text upon it, as its edge, and as text."""

    fill: str
    on_fill: str
    edge: str
    text: str


def accent_on_light(brand_color: str) -> Accent:
    """Fill with the colour as it is; darken it where it must be seen as a line or read as text."""
    return _accent(parsed(brand_color), BLACK, LIGHT_SOFT)


def accent_on_dark(brand_color: str) -> Accent:
    """Fill with the colour as it is; lighten it where it must be seen as a line or read as text."""
    return _accent(parsed(brand_color), WHITE, DARK_SOFT)


def _accent(brand: Rgb, towards: Rgb, ground: Rgb) -> Accent:
    edge = _moved(brand, towards, ground=ground, least=PART_CONTRAST)
    text = _moved(brand, towards, ground=ground, least=TEXT_CONTRAST)
    return Accent(_hex(brand), _hex(_readable_on(brand)), _hex(edge), _hex(text))


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
