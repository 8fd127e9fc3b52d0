"""The start page of somebody who is signed in."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.phone_number import masked
from renumber.domain.session import Session
from renumber.flows.views import recent_sign_ins, resend_link_at
from renumber.web.exchange import SessionExchange
from renumber.web.routes import Routes

routes = Routes()


@routes.in_session.show("/")
async def show_home(exchange: SessionExchange) -> ASGIResponse:
    """Show the state of the account at a glance."""
    visit = exchange.visit
    recent = await recent_sign_ins(exchange.services, visit)
    return exchange.page(
        "home.html",
        number=masked(visit.account.number),
        change=open_change(exchange),
        changed_recently_until=visit.held_until,
        sign_ins=[_sign_in(session, visit.session) for session in recent],
    )


def _sign_in(session: Session, own: Session) -> dict[str, Any]:
    is_this = session.session_id == own.session_id
    row = {"at": session.created_at, "browser": session.browser, "ip": session.ip}
    return {**row, "factor": session.factor or "", "this": is_this}


def open_change(exchange: SessionExchange) -> dict[str, Any] | None:
    """Give the values of the open phone change that pages show, if there is one."""
    change = exchange.visit.change
    if change is None:
        return None
    return {
        "state": "awaiting" if change.awaits_number else "requested",
        "sent_at": change.link_sent_at,
        "expires_at": change.link_expires_at,
        "masked_email": exchange.visit.account.email.masked,
        "can_resend_at": resend_link_at(exchange.services, change),
    }
