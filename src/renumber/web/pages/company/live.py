"""The stream of a company's open pages."""

from litestar.response.base import ASGIResponse

from renumber.web.pages.company.exchange import CompanyExchange, CompanyRoutes
from renumber.web.pages.company.overview import HERE
from renumber.web.streams.live import live_stream

routes = CompanyRoutes()


@routes.for_administrator.show(f"{HERE}/live")
async def follow_company(exchange: CompanyExchange) -> ASGIResponse:
    """Tell of what waits for the company, and of what becomes of it."""
    return live_stream(exchange, page=HERE, organisation_id=exchange.administrator.organisation_id)
