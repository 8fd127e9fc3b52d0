"""A request of a company's administrator, and letting it in."""

from litestar.response.base import ASGIResponse

from renumber.domain.organisations.membership import Administrator
from renumber.flows.organisations.opening import CompanyRequest
from renumber.policies.organisations.answering import administrator_of, may_see
from renumber.web.access import Access
from renumber.web.admission import admit_session
from renumber.web.exchange import SessionExchange
from renumber.web.request import WebRequest
from renumber.web.routes import Entrance, Routes


class CompanyExchange(SessionExchange):
    """A request in a session of somebody who administers a company, as their account is now."""

    access = Access.ADMINISTRATOR

    def __init__(self, entered: SessionExchange, administrator: Administrator) -> None:
        super().__init__(entered.request, entered.visit, entered.ticket)
        self.administrator = administrator

    def asked(self, subject: str) -> CompanyRequest:
        """The request to answer for the person and the change or case that the address names."""
        return CompanyRequest(holder=self.ticket, account_id=self.request.param("account_id"), subject=subject)


async def admit_administrator(request: WebRequest) -> CompanyExchange | ASGIResponse:
    """Let an administrator in who is signed in by what can't be talked out of anybody.

    For all others there is no such page: the address answers as one that isn't there.
    """
    entered = await admit_session(request)
    if isinstance(entered, ASGIResponse):
        return entered
    administrator = administrator_of(entered.visit.account)
    if administrator is None:
        return entered.page("error.html", status=404)
    if not may_see(entered.visit.session):
        return entered.page("company_factor.html", status=403)
    return CompanyExchange(entered, administrator)


class CompanyRoutes(Routes):
    """The addresses of one module of these pages."""

    def __init__(self) -> None:
        super().__init__()
        self.for_administrator: Entrance[CompanyExchange] = Entrance(self, Access.ADMINISTRATOR, admit_administrator)
