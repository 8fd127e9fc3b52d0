"""The browsers that are signed in, or were: ending one or all others, and the latest sign-ins."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.session import Session
from renumber.flows import sessions
from renumber.flows.views import recent_sign_ins
from renumber.web.exchange import SessionExchange
from renumber.web.pages.profile import finished, profile
from renumber.web.routes import Routes

routes = Routes()


@routes.in_session.take_away("/sessions/{session_id:str}/end")
async def end_session(exchange: SessionExchange) -> ASGIResponse:
    """End the session of another browser."""
    session_id = exchange.request.param("session_id")
    step = await sessions.end_session(exchange.services, exchange.client, exchange.ticket, session_id=session_id)
    return await profile(exchange, step.refusal) if step.refusal else finished(exchange, "session_ended")


@routes.in_session.take_away("/sessions/end-others")
async def end_other_sessions(exchange: SessionExchange) -> ASGIResponse:
    """End the sessions of all other browsers."""
    await sessions.end_other_sessions(exchange.services, exchange.client, exchange.ticket)
    return finished(exchange, "sessions_ended")


@routes.in_session.show("/sessions/latest")
async def show_latest(exchange: SessionExchange) -> ASGIResponse:
    """List the latest sign-ins, also those whose sessions are over."""
    latest = await recent_sign_ins(exchange.services, exchange.visit)
    return exchange.page("sign_ins.html", sign_ins=[_sign_in(each, exchange.visit.session) for each in latest])


def _sign_in(session: Session, own: Session) -> dict[str, Any]:
    is_this = session.session_id == own.session_id
    row = {"at": session.created_at, "browser": session.browser, "ip": session.ip}
    return {**row, "factor": session.factor or "", "this": is_this}
