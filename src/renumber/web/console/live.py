"""The streams of the console's open pages."""

from litestar.response.base import ASGIResponse

from renumber.flows.support.live import LiveList
from renumber.policies.support.acts import SupportAct
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.looks import may_see
from renumber.web.console.routes import ConsoleRoutes
from renumber.web.streams.live import live_stream

routes = ConsoleRoutes()


@routes.show("/console/accounts/{account_id:str}/live", SupportAct.LOOK)
async def follow_account(exchange: StaffExchange) -> ASGIResponse:
    """Tell of what happens to an account, for which a reason was given."""
    account_id = exchange.request.param("account_id")
    page = f"/console/accounts/{account_id}"
    if not may_see(exchange, account_id):
        return exchange.redirect(page)
    return live_stream(exchange, page=page, account_id=account_id)


@routes.show("/console/cases/live", SupportAct.SEE_QUEUES)
async def follow_queues(exchange: StaffExchange) -> ASGIResponse:
    """Tell of what happens to the open cases."""
    return live_stream(exchange, page="/console/cases")


@routes.show("/console/staff/live", SupportAct.SEE_STAFF)
async def follow_staff(exchange: StaffExchange) -> ASGIResponse:
    """Tell of roles that are proposed, given and taken away."""
    return live_stream(exchange, page="/console/staff", shows=LiveList.STAFF)
