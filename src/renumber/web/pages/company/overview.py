"""The page of a company: what waits for its administrators, and what its people have changed lately."""

from litestar.response.base import ASGIResponse

from renumber.flows.organisations.views import LINES, MOST_WAITING, NEWEST, CompanyPlace
from renumber.web.pages.company.exchange import CompanyExchange, CompanyRoutes

routes = CompanyRoutes()
HERE = "/company"
NOTICES = frozenset({"confirmed", "refused", "vouched", "denied"})


@routes.for_administrator.show(HERE)
async def show_company(exchange: CompanyExchange) -> ASGIResponse:
    """Show what waits, and a page of what was changed; names, and masks alone of all else."""
    after, notice = _place(exchange.request.query("after")), exchange.request.query("notice")
    views = exchange.site.companies
    company = await views.page(exchange.administrator.organisation_id, after=after, lines=LINES)
    if company is None:  # it was removed while this account joined it
        return exchange.page("error.html", status=404)
    return exchange.page(
        "company.html",
        company=company,
        me=exchange.administrator.account_id,
        is_first=after is NEWEST,
        is_full=len(company.waiting) == MOST_WAITING,
        notice=notice if notice in NOTICES else None,
    )


def _place(text: str) -> CompanyPlace:
    """Read where the list goes on; what is no place begins at the newest."""
    requested_ms, _, change_id = text.partition(".")
    is_time = requested_ms.isascii() and requested_ms.isdigit() and len(requested_ms) < 16
    is_id = len(change_id) == 32 and change_id.isascii() and change_id.isalnum()
    return CompanyPlace(int(requested_ms), change_id) if is_time and is_id else NEWEST
