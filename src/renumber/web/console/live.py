"""The streams that tell open pages of the console of what is new, so that nobody has to load them again."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from litestar.response.base import ASGIResponse

from renumber.flows.support.live import LiveList, Onlooker
from renumber.policies.support.acts import SupportAct
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.looks import may_see
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.request import EVENTS
from renumber.web.streams.events import EventStream, Seats

routes = ConsoleRoutes()
OPEN_AGAIN = "retry: 500\n\n"  # milliseconds
COME_LATER = "retry: 10000\n\n"
SEATS = Seats(400, for_the_same=3)  # a browser has six connections to us at most, and needs some for pages
KNOWN = 128  # characters of a mark, and more
MILLISECOND = timedelta(milliseconds=1)


@routes.show("/console/accounts/{account_id:str}/live", SupportAct.LOOK)
async def follow_account(exchange: StaffExchange) -> ASGIResponse:
    """Tell of what happens to an account, for which a reason was given."""
    account_id = exchange.request.param("account_id")
    if not may_see(exchange, account_id):
        return exchange.redirect(f"/console/accounts/{account_id}")
    return _stream(exchange, account_id, page=f"/console/accounts/{account_id}")


@routes.show("/console/cases/live", SupportAct.SEE_QUEUES)
async def follow_queues(exchange: StaffExchange) -> ASGIResponse:
    """Tell of what happens to the open cases."""
    return _stream(exchange, "", page="/console/cases")


@routes.show("/console/staff/live", SupportAct.SEE_STAFF)
async def follow_staff(exchange: StaffExchange) -> ASGIResponse:
    """Tell of roles that are proposed, given and taken away."""
    return _stream(exchange, "", page="/console/staff", follows=LiveList.STAFF)


def _stream(
    exchange: StaffExchange, account_id: str, *, page: str, follows: LiveList = LiveList.QUEUES
) -> ASGIResponse:
    """Answer the script of a page; whoever opens the address otherwise is led to the page."""
    if exchange.request.is_head or exchange.request.header("accept") != EVENTS:
        return exchange.redirect(page)
    exchange.served.is_stream = True
    session = exchange.visit.session
    about = {"staff_id": session.account_id, "session_id": session.session_id, "account_id": account_id}
    onlooker = Onlooker(**about, shows=follows)
    return EventStream(_events(exchange, onlooker))


async def _events(exchange: StaffExchange, onlooker: Onlooker) -> AsyncGenerator[str, None]:
    known, since = exchange.request.header("last-event-id")[:KNOWN], _since(exchange)
    with SEATS.seat(onlooker.session_id) as is_found:
        yield OPEN_AGAIN if is_found else COME_LATER
        if not is_found:
            return
        with exchange.site.pulse.listening(onlooker, known=known, since=since) as listener:
            async for event in listener.heard():
                yield event


def _since(exchange: StaffExchange) -> datetime:
    """The time at which the page was made, in milliseconds; what is none means now."""
    given = exchange.request.query("since")
    is_time = given.isascii() and given.isdigit() and len(given) <= 13
    return datetime.fromtimestamp(0, UTC) + int(given) * MILLISECOND if is_time else exchange.now
