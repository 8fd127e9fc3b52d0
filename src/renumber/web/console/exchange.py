"""A request of somebody of staff, and letting it in."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.support.staff import ENOUGH, Staff
from renumber.flows.ports.services import KeyedHash
from renumber.flows.support.staff import staff_of
from renumber.policies.support.acts import SupportAct, may
from renumber.web.access import Access
from renumber.web.admission import admit_session, session_behind, session_of
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.request import WebRequest

SIGN_IN = "/console/sign-in"


class StaffExchange(SessionExchange):
    """A request in a session of somebody who works at customer relations, in a role that may do what the route does."""

    access = Access.STAFF

    def __init__(self, entered: SessionExchange, staff: Staff, *, is_from_provider: bool) -> None:
        super().__init__(entered.request, entered.visit, entered.ticket)
        self.staff, self.is_from_provider = staff, is_from_provider

    def page(self, template: str, **context: Any) -> ASGIResponse:
        """Answer with a page, whose template can ask what this role may do."""
        return super().page(template, may=self.may, is_from_provider=self.is_from_provider, **context)

    def may(self, act: SupportAct) -> bool:
        """Say whether the page may offer this to whoever looks at it."""
        return may(self.staff.role, act)


async def admit_staff(request: WebRequest, act: SupportAct) -> StaffExchange | ASGIResponse:
    """Let staff in whose role may do this, once they are signed in by what can't be talked out of anybody.

    To all others there is no console: the address answers as one that isn't there.
    """
    from_provider = await _session_from_provider(request)
    entered = from_provider or await _own_session(request)
    if isinstance(entered, ASGIResponse):
        return entered
    account_id, is_from_provider = entered.visit.account.account_id, from_provider is not None
    staff = await staff_of(request.site.support, account_id, is_from_provider=is_from_provider)
    if staff is None:
        return _unknown(entered, is_from_provider=is_from_provider)
    if not is_from_provider and entered.visit.session.factor not in ENOUGH:
        return entered.page("console/factor.html", status=403)
    within = StaffExchange(entered, staff, is_from_provider=is_from_provider)
    return within if may(staff.role, act) else within.page("console/not_yours.html", status=403, role=staff.role)


def _unknown(entered: SessionExchange, *, is_from_provider: bool) -> ASGIResponse:
    """Answer whoever has no role; where the company's accounts are let in, they may have one by theirs."""
    if entered.site.support.provider is None:
        return entered.page("error.html", status=404)
    exchange = Exchange(entered.request)
    return exchange.page("error.html", status=404) if is_from_provider else exchange.redirect(SIGN_IN)


async def _session_from_provider(request: WebRequest) -> SessionExchange | None:
    """Find the live session at the console of somebody from the company's identity provider."""
    if request.site.support.provider is None:
        return None
    return await session_behind(request, request.staff_ticket, KeyedHash.SESSION_AT_CONSOLE)


async def _own_session(request: WebRequest) -> SessionExchange | ASGIResponse:
    """Find a session of our own; where there is a provider, the console's own page says how to sign in."""
    if request.site.support.provider is None:
        return await admit_session(request)
    return await session_of(request) or Exchange(request).redirect(SIGN_IN)
