"""The account page: number, second factors, sessions and name, and where every act on them ends."""

from datetime import datetime, timedelta
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.phone_number import masked
from renumber.domain.session import OpenSession, Session
from renumber.flows.factors.views import number_since
from renumber.flows.phone_change.request import resend_link_at
from renumber.flows.views import link_delivery, profile_view
from renumber.web.exchange import SessionExchange
from renumber.web.formats.factor_rows import factor_rows
from renumber.web.formats.verbs import Verb, reauthentication_path
from renumber.web.forms.kept_journey import kept_journey, way_back_of
from renumber.web.refusals import problem_of, send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

NOTICES = frozenset(
    {
        "change_requested",
        "change_waits",
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


@routes.in_session.show("/")
async def show_start(exchange: SessionExchange) -> ASGIResponse:
    """Lead to the account page, at which everybody starts who is signed in."""
    return exchange.redirect("/profile")


@routes.in_session.show("/profile")
async def show_profile(exchange: SessionExchange) -> ASGIResponse:
    """Show the profile, and say what was just done; whoever came on a journey is led to its place first."""
    kept = kept_journey(exchange.request, exchange.now)
    if kept and kept.status is None:
        return exchange.redirect("/journey")
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
        number_since=number_since(account),
        change=_change(exchange),
        delivery=await link_delivery(exchange.services, visit),
        sessions=[_session(session, visit.session) for session in view.sessions],
        notice=notice if notice in NOTICES else None,
        fresh=visit.is_fresh,
        factors=factor_rows(account, view.factor_list, exchange.services.rules.methods),
        held_until=visit.held_until,
        advice=view.advice,
        way_back=way_back_of(exchange),
    )


def _change(exchange: SessionExchange) -> dict[str, Any] | None:
    change = exchange.visit.change
    if change is None:
        return None
    step = (3 if change.awaits_number else 1) if change.old_number else None
    wait = change.company if change.state is ChangeState.AWAITING_COMPANY else None
    return {
        "step": step,
        "state": "waiting" if wait else ("awaiting" if change.awaits_number else "requested"),
        "waits_until": wait.until if wait else None,
        "goes_on": wait is not None and wait.goes_on,
        "is_confirmed": change.company is not None and bool(change.company.answered_by),
        "requested_at": change.requested_at,
        "sent_at": change.link_sent_at,
        "expires_at": change.link_expires_at,
        "masked_email": exchange.visit.account.email.masked,
        "can_resend_at": resend_link_at(exchange.services, change),
    }


def _session(session: OpenSession, own: Session) -> dict[str, Any]:
    is_current = session.session_id == own.session_id
    row = {"id": session.session_id, "browser": session.browser, "ip": session.ip, "current": is_current}
    return {**row, "signed_in_at": session.created_at, "seen_at": session.seen_at}


async def refused(
    exchange: SessionExchange,
    refusal: Refusal | None,
    onward: str = "/profile",
    *,
    verb: Verb = Verb.CONFIRM,
    act: str = "",
) -> ASGIResponse:
    """Ask for the password first, where a fresh authentication is missing; else the profile says why not.

    `act` is the address of one of the acts that go on by themselves after that.
    """
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.redirect(reauthentication_path(onward, verb, act=act))
    return await profile(exchange, refusal)


def finished(exchange: SessionExchange, notice: str) -> ASGIResponse:
    """Go back to the profile, which says what was done."""
    return exchange.redirect(f"/profile?notice={notice}")
