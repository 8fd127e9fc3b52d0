"""The streams that tell open pages of what is new, so that nobody has to load them again."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from litestar.response.base import ASGIResponse

from renumber.flows.support.live import LiveList, Onlooker
from renumber.web.exchange import SessionExchange
from renumber.web.request import EVENTS
from renumber.web.streams.events import EventStream, Seats

OPEN_AGAIN = "retry: 500\n\n"  # milliseconds
COME_LATER = "retry: 10000\n\n"
SEATS = Seats(400, for_the_same=3)  # a browser has six connections to us at most, and needs some for pages
KNOWN = 128  # characters of a mark, and more
MILLISECOND = timedelta(milliseconds=1)


def live_stream(
    exchange: SessionExchange,
    *,
    page: str,
    account_id: str = "",
    organisation_id: str = "",
    shows: LiveList = LiveList.QUEUES,
) -> ASGIResponse:
    """Answer the script of a page; whoever opens the address otherwise is led to the page."""
    if exchange.request.is_head or exchange.request.header("accept") != EVENTS:
        return exchange.redirect(page)
    exchange.served.is_stream = True
    session = exchange.visit.session
    onlooker = Onlooker(
        staff_id=session.account_id,
        session_id=session.session_id,
        account_id=account_id,
        organisation_id=organisation_id,
        shows=shows,
    )
    return EventStream(_events(exchange, onlooker))


async def _events(exchange: SessionExchange, onlooker: Onlooker) -> AsyncGenerator[str, None]:
    known, since = exchange.request.header("last-event-id")[:KNOWN], _since(exchange)
    with SEATS.seat(onlooker.session_id) as is_found:
        yield OPEN_AGAIN if is_found else COME_LATER
        if not is_found:
            return
        with exchange.site.pulse.listening(onlooker, known=known, since=since) as listener:
            async for event in listener.heard():
                yield event


def _since(exchange: SessionExchange) -> datetime:
    """The time at which the page was made, in milliseconds; what is none means now."""
    given = exchange.request.query("since")
    is_time = given.isascii() and given.isdigit() and len(given) <= 13
    return datetime.fromtimestamp(0, UTC) + int(given) * MILLISECOND if is_time else exchange.now
