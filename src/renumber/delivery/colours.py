"""Text that can be read on the operator's colour, and the colour where it must be seen (WCAG 2.2, 1.4.3 and 1.4.11)."""

from dataclasses import dataclass

TEXT_CONTRAST, EDGE_CONTRAST = 4.5, 3.0
WHITE, BLACK = "#ffffff", "#000000"
LIGHT_SURFACE, DARK_SURFACE = "#ffffff", "#1b1f26"


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour as the ground of a button, its edge and as text, on the light card and on the dark one."""

    ground: str
    on_ground: str
    edge: str
    text: str
    dark_edge: str
    dark_text: str


def accent_of(colour: str) -> Accent:
    """Keep the operator's colour as it is, and make its edge and its text visible."""
    return Accent(
        ground=mixed(colour, colour, 0),
        on_ground=text_on(colour),
        edge=visible_on(LIGHT_SURFACE, colour, EDGE_CONTRAST),
        text=visible_on(LIGHT_SURFACE, colour, TEXT_CONTRAST),
        dark_edge=visible_on(DARK_SURFACE, colour, EDGE_CONTRAST),
        dark_text=visible_on(DARK_SURFACE, colour, TEXT_CONTRAST),
    )


def text_on(ground: str) -> str:
    """White if it can be read there, else black; one of them always can."""
    return WHITE if contrast(WHITE, ground) >= TEXT_CONTRAST else BLACK


def visible_on(surface: str, colour: str, least: float) -> str:
    """The colour itself, or as little lighter or darker as it takes."""
    towards = WHITE if luminance(surface) < 0.18 else BLACK
    shades = (mixed(colour, towards, step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, surface) >= least)


def mixed(colour: str, other: str, share: float) -> str:
    """Some of another colour in this one."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """From 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
