"""Text that can be read on the operator's colour, and the colour where it must be seen (WCAG 2.2, 1.4.3 and 1.4.11)."""

from dataclasses import dataclass

TEXT_CONTRAST = 4.5
LIGHT_SURFACE, DARK_SURFACE = "#ffffff", "#1c1e22"
INK = "#14161a"


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour, as ground of a button and as text, on the light card and on the dark one."""

    ground: str
    on_ground: str
    text: str
    dark_ground: str
    on_dark_ground: str
    dark_text: str


def accent_of(colour: str) -> Accent:
    """Work out every use of the operator's colour."""
    light, dark = visible_on(LIGHT_SURFACE, colour, 3.0), visible_on(DARK_SURFACE, colour, 3.0)
    return Accent(
        ground=light,
        on_ground=text_on(light),
        text=visible_on(LIGHT_SURFACE, colour, TEXT_CONTRAST),
        dark_ground=dark,
        on_dark_ground=text_on(dark),
        dark_text=visible_on(DARK_SURFACE, colour, TEXT_CONTRAST),
    )


def text_on(ground: str) -> str:
    """White if it can be read there, else ink."""
    return "#ffffff" if contrast("#ffffff", ground) >= TEXT_CONTRAST else INK


def visible_on(surface: str, colour: str, least: float) -> str:
    """The colour itself, or as little lighter or darker as it takes."""
    towards = "#ffffff" if luminance(surface) < 0.18 else "#000000"
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
