"""The brand tile as SVG: the initial on the operator's colour, with an edge that is seen on light and on dark."""

from html import escape

from renumber.policies.brand.colours import accent_on_dark, accent_on_light
from renumber.policies.brand.initial import initial_of
from renumber.web.brand.letters import STROKE, Step, drawing_of

GRID = 32
CORNER = 8


def tile_svg(brand: str, colour: str) -> str:
    """Draw the tile with round corners."""
    light, dark = accent_on_light(colour), accent_on_dark(colour)
    ground = (
        f"<style>rect{{stroke:{light.edge}}}@media(prefers-color-scheme:dark){{rect{{stroke:{dark.edge}}}}}</style>"
        f'<rect x=".5" y=".5" width="31" height="31" rx="{CORNER - 0.5}" fill="{light.fill}" stroke="{light.edge}"/>'
    )
    return _svg(ground + _sign(brand, light.on_fill))


def maskable_svg(brand: str, colour: str) -> str:
    """Draw the tile to its edges, for phones that cut a shape of their own out of it."""
    accent = accent_on_light(colour)
    return _svg(f'<rect width="{GRID}" height="{GRID}" fill="{accent.fill}"/>{_sign(brand, accent.on_fill)}')


def _svg(content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}">{content}</svg>'


def _sign(brand: str, colour: str) -> str:
    initial = initial_of(brand)
    steps = drawing_of(initial)
    if steps is None:
        font = f'font-family="system-ui,sans-serif" font-size="18" font-weight="700" fill="{colour}"'
        return f'<text x="16" y="16" dy=".36em" text-anchor="middle" {font}>{escape(initial)}</text>'
    path = " ".join(_said(step) for step in steps)
    line = f'stroke="{colour}" stroke-width="{STROKE}" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path fill="none" {line} d="{path}"/>'


def _said(step: Step) -> str:
    command = "M" if step.leaps else "C" if step.bends else "L"
    return command + " ".join(f"{x:g} {y:g}" for x, y in (*step.bends, step.to))
