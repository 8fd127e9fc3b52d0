"""QR codes as inline SVG, drawn on the server: what they say is a secret that must reach nobody else."""

import segno
from markupsafe import Markup

QUIET = 4  # modules around it (ISO/IEC 18004)


def qr_svg(text: str) -> Markup:
    """Draw a QR code black on white in either theme, since not every camera reads the inverse."""
    code = segno.make(text, error="m", micro=False)
    side = code.symbol_size(border=QUIET)[0]
    dark = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(code.matrix) for x, bit in enumerate(row) if bit
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" aria-hidden="true" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{dark}"/></svg>'
    ).format(side=side, dark=dark)
