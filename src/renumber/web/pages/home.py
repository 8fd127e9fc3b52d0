"""The start page, the profile, and ending sessions."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import masked
from renumber.domain.session import OpenSession, Session
from renumber.flows.sessions import end_other_sessions, end_session
from renumber.flows.views import recent_sign_ins, whole_profile
from renumber.policies.advice import next_step
from renumber.web.exchange import Exchange
from renumber.web.formats.factor_rows import factor_rows
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes

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


@routes.show("/", Access.SESSION)
async def show_home(exchange: Exchange) -> ASGIResponse:
    """The state of the account at a glance."""
    visit = exchange.visit
    recent = await recent_sign_ins(exchange.site.reads, visit)
    return exchange.page(
        "home.html",
        number=masked(visit.account.number),
        change=pending(exchange, visit.change),
        changed_recently_until=visit.held_until,
        sign_ins=[_sign_in(session, visit.session) for session in recent],
    )


def _sign_in(session: Session, own: Session) -> dict[str, Any]:
    is_this = session.session_id == own.session_id
    row = {"at": session.created_at, "browser": session.browser, "ip": session.ip}
    return {**row, "factor": session.factor or "", "this": is_this}


def pending(exchange: Exchange, change: PhoneChange | None) -> dict[str, Any] | None:
    """The open change as the pages show it."""
    if change is None:
        return None
    sent_at = change.link_sent_at
    return {
        "state": "awaiting" if change.awaits_number else "requested",
        "sent_at": sent_at,
        "expires_at": change.link_expires_at,
        "masked_email": exchange.visit.account.email.masked,
        "can_resend_at": sent_at + exchange.services.rules.limits.link_resend_after if sent_at else None,
    }


@routes.show("/profile", Access.SESSION)
async def show_profile(exchange: Exchange) -> ASGIResponse:
    """Name, number, pending change, sessions."""
    return await profile(exchange)


async def profile(exchange: Exchange, refusal: Refusal | None = None, **about: Any) -> ASGIResponse:
    """The profile, with a refused act worded on top of it."""
    visit, notice = exchange.visit, exchange.query("notice")
    exchange.shown_at = "/profile"
    factor_list, live = await whole_profile(exchange.services, exchange.site.reads, visit)
    account, methods = visit.account, exchange.services.rules.methods
    codes_left = sum(item.left or 0 for item in factor_list.items)
    live = sorted(live, key=lambda session: session.session_id != visit.session.session_id)  # one's own comes first
    return exchange.page(
        "profile.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, **about),
        name=visit.account.name,
        masked_email=visit.account.email.masked,
        number=masked(visit.account.number),
        change=pending(exchange, visit.change),
        sessions=[_session(session, visit.session) for session in live],
        notice=notice if notice in NOTICES else None,
        fresh=visit.is_fresh,
        factors=factor_rows(account, factor_list, methods),
        held_until=visit.held_until if account.factors else None,
        advice=next_step(account, methods=methods, codes_left=codes_left),
    )


def _session(session: OpenSession, own: Session) -> dict[str, Any]:
    is_current = session.session_id == own.session_id
    row = {"id": session.session_id, "browser": session.browser, "ip": session.ip, "current": is_current}
    return {**row, "signed_in_at": session.created_at, "seen_at": session.seen_at}


@routes.act("/sessions/{session_id:str}/end", Access.SESSION)
async def end_one(exchange: Exchange) -> ASGIResponse:
    """Sign another browser out."""
    await exchange.form()
    assert exchange.session_ticket
    step = await end_session(
        exchange.services, exchange.client, exchange.session_ticket, session_id=exchange.param("session_id")
    )
    return await profile(exchange, step.refusal) if step.refusal else exchange.go("/profile?notice=session_ended")


@routes.act("/sessions/end-others", Access.SESSION)
async def end_others(exchange: Exchange) -> ASGIResponse:
    """Sign every other browser out."""
    await exchange.form()
    assert exchange.session_ticket
    await end_other_sessions(exchange.services, exchange.client, exchange.session_ticket)
    return exchange.go("/profile?notice=sessions_ended")
