"""The signed checkpoints over all chains, with the anchors by which they are known from outside."""

from collections.abc import AsyncGenerator

from litestar.response.base import ASGIResponse

from renumber.policies.support.acts import SupportAct
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.streams.events import StreamedFile

routes = ConsoleRoutes()
CHECKPOINTS = "/console/checkpoints"
LINES = 50
NEWEST = 1 << 62


@routes.show(CHECKPOINTS, SupportAct.READ_HISTORY)
async def show_checkpoints(exchange: StaffExchange) -> ASGIResponse:
    """Show the newest checkpoints, a page at a time."""
    given = exchange.request.query("before")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else NEWEST
    found = await exchange.site.support.audit.proofs.checkpoints(before, LINES + 1)
    shown = found[:LINES]
    older = shown[-1].number if len(found) > LINES else None
    return exchange.page("console/audit/checkpoints.html", checkpoints=shown, older=older, is_first=before == NEWEST)


@routes.show(f"{CHECKPOINTS}/anchors", SupportAct.READ_HISTORY)
async def send_anchors(exchange: StaffExchange) -> ASGIResponse:
    """Send the anchors of all checkpoints as a file, a line each, as `renumber audit verify --after` takes it."""
    return StreamedFile(_lines(exchange), "text/plain", f"anchors-{exchange.now:%Y-%m-%d}.txt")


async def _lines(exchange: StaffExchange) -> AsyncGenerator[str, None]:
    """Read nothing for a look ahead, which has no body (RFC 9110 9.3.2)."""
    if exchange.request.is_head:
        return
    async for anchor in exchange.site.support.audit.proofs.anchors():
        yield f"{anchor}\n"
