"""The queues of recovery cases."""

from litestar.response.base import ASGIResponse

from renumber.policies.support.acts import SupportAct
from renumber.policies.support.offers import queues_of
from renumber.web.console.exchange import StaffExchange
from renumber.web.console.routes import ConsoleRoutes

routes = ConsoleRoutes()
MOST = 200


@routes.show("/console/cases", SupportAct.SEE_QUEUES)
async def show_queues(exchange: StaffExchange) -> ASGIResponse:
    """Show the open cases that wait for whoever looks."""
    cases = await exchange.site.support.reads.open_cases(MOST)
    queues = queues_of(exchange.staff, cases, exchange.now)
    return exchange.page("console/queues.html", queues=queues, most=MOST if len(cases) == MOST else 0)
