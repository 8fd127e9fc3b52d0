"""What the pages of all factors have in common."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.web.exchange import Exchange
from renumber.web.pages.home import profile


def ticket_of(exchange: Exchange) -> Ticket:
    """The session that the door let in."""
    assert exchange.session_ticket is not None, "the door let a session in"
    return exchange.session_ticket


async def anew(exchange: Exchange, refusal: Refusal | None, onward: str = "/profile") -> ASGIResponse:
    """Authenticate first, where that is what is missing; else the profile says why not."""
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.go(f"/reauthenticate?next={onward}")
    return await profile(exchange, refusal)


def finished(exchange: Exchange, notice: str) -> ASGIResponse:
    """Back to the profile, which says what was done."""
    return exchange.go(f"/profile?notice={notice}")
