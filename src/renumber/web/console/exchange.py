"""A request of somebody of staff, and letting it in."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.support.staff import ENOUGH, Staff
from renumber.flows.support.staff import staff_of
from renumber.policies.support.acts import SupportAct, may
from renumber.web.access import Access
from renumber.web.admission import admit_session
from renumber.web.exchange import SessionExchange
from renumber.web.request import WebRequest


class StaffExchange(SessionExchange):
    """A request in a session of somebody who works at customer relations, in a role that may do what the route does."""

    access = Access.STAFF

    def __init__(self, entered: SessionExchange, staff: Staff) -> None:
        super().__init__(entered.request, entered.visit, entered.ticket)
        self.staff = staff

    def page(self, template: str, **context: Any) -> ASGIResponse:
        """Answer with a page, whose template can ask what this role may do."""
        return super().page(template, may=self.may, **context)

    def may(self, act: SupportAct) -> bool:
        """Say whether the page may offer this to whoever looks at it."""
        return may(self.staff.role, act)


async def admit_staff(request: WebRequest, act: SupportAct) -> StaffExchange | ASGIResponse:
    """Let staff in whose role may do this, once they are signed in by what can't be talked out of anybody.

    To all others there is no console: the address answers as one that isn't there.
    """
    entered = await admit_session(request)
    if isinstance(entered, ASGIResponse):
        return entered
    staff = await staff_of(request.site.support, entered.visit.account.account_id)
    if staff is None:
        return entered.page("error.html", status=404)
    if entered.visit.session.factor not in ENOUGH:
        return entered.page("console/factor.html", status=403)
    within = StaffExchange(entered, staff)
    return within if may(staff.role, act) else within.page("console/not_yours.html", status=403, role=staff.role)
