"""The profile: name, number, second factors and sessions, and where every act on them ends."""

from datetime import datetime, timedelta
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.domain.session import OpenSession, Session
from renumber.flows import sessions
from renumber.flows.views import link_delivery, profile_view
from renumber.web.exchange import SessionExchange
from renumber.web.formats.factor_rows import factor_rows
from renumber.web.formats.verbs import Verb, reauthentication_path
from renumber.web.pages.home import open_change
from renumber.web.refusals import problem_of, send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

NOTICES = frozenset(
    {
        "change_requested",
        "sent_again",
        "change_cancelled",
        "session_ended",
        "sessions_ended",
        "app_added",
        "codes_made",
        "code_used",
        "reported_lost",
        "taken_back",
        "factor_removed",
        "push_added",
        "device_renamed",
        "device_removed",
        "passkey_added",
        "passkey_renamed",
    }
)


@routes.in_session.show("/profile")
async def show_profile(exchange: SessionExchange) -> ASGIResponse:
    """Show the profile, and say what was just done."""
    return await profile(exchange)


async def profile(
    exchange: SessionExchange,
    refusal: Refusal | None = None,
    *,
    open_at: datetime | None = None,
    counted: timedelta = timedelta(0),
) -> ASGIResponse:
    """Answer with the profile, and a refused act worded on top of it."""
    if refusal is Refusal.NEEDS_OLDER_FACTOR:
        return exchange.redirect("/profile/wait")
    problem = problem_of(exchange, refusal, open_at=open_at, counted=counted)
    if exchange.request.is_post:
        return send_back(exchange, "/profile", refusal, problem=problem)
    visit, notice = exchange.visit, exchange.request.query("notice")
    view, account = await profile_view(exchange.services, visit), visit.account
    return exchange.page(
        "profile.html",
        status=status_of(refusal),
        problem=problem,
        name=account.name,
        masked_email=account.email.masked,
        number=masked(account.number),
        change=open_change(exchange),
        delivery=await link_delivery(exchange.services, visit),
        sessions=[_session(session, visit.session) for session in view.sessions],
        notice=notice if notice in NOTICES else None,
        fresh=visit.is_fresh,
        factors=factor_rows(account, view.factor_list, exchange.services.rules.methods),
        held_until=visit.held_until if account.factors else None,
        advice=view.advice,
    )


def _session(session: OpenSession, own: Session) -> dict[str, Any]:
    is_current = session.session_id == own.session_id
    row = {"id": session.session_id, "browser": session.browser, "ip": session.ip, "current": is_current}
    return {**row, "signed_in_at": session.created_at, "seen_at": session.seen_at}


async def refused(
    exchange: SessionExchange, refusal: Refusal | None, onward: str = "/profile", *, verb: Verb = Verb.CONFIRM
) -> ASGIResponse:
    """Ask for the password first, where a fresh authentication is missing; else the profile says why not."""
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.redirect(reauthentication_path(onward, verb))
    return await profile(exchange, refusal)


def finished(exchange: SessionExchange, notice: str) -> ASGIResponse:
    """Go back to the profile, which says what was done."""
    return exchange.redirect(f"/profile?notice={notice}")


@routes.in_session.act("/sessions/{session_id:str}/end")
async def end_session(exchange: SessionExchange) -> ASGIResponse:
    """End the session of another browser."""
    session_id = exchange.request.param("session_id")
    step = await sessions.end_session(exchange.services, exchange.client, exchange.ticket, session_id=session_id)
    return await profile(exchange, step.refusal) if step.refusal else finished(exchange, "session_ended")


@routes.in_session.act("/sessions/end-others")
async def end_other_sessions(exchange: SessionExchange) -> ASGIResponse:
    """End the sessions of all other browsers."""
    await sessions.end_other_sessions(exchange.services, exchange.client, exchange.ticket)
    return finished(exchange, "sessions_ended")
