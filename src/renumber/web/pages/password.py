"""Entering the password again, and choosing a new one by mail."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.account.password_reset import choose_password, forget_password, look_at_password_link
from renumber.flows.sessions import reauthenticate
from renumber.policies.assurance import renewed_with
from renumber.web.access import visit_of
from renumber.web.exchange import Exchange
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes
from renumber.web.templating import Problem

routes = Routes()

ENDS = {
    Refusal.LINK_EXPIRED: "expired",
    Refusal.LINK_USED: "used",
    Refusal.LINK_REPLACED: "replaced",
}


def safe_path(asked: str) -> str:
    """A path of our own, or the profile; anything that could lead elsewhere isn't one."""
    is_ours = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if is_ours and asked.isascii() and asked.isprintable() else "/profile"


@routes.show("/reauthenticate", Access.SESSION)
async def show(exchange: Exchange) -> ASGIResponse:
    """Ask for the password before a sensitive act."""
    onward = safe_path(exchange.query("next"))
    if exchange.visit.is_fresh:
        return exchange.go(onward)
    return reauthentication(exchange, onward)


def reauthentication(exchange: Exchange, onward: str, refusal: Refusal | None = None, **about: object) -> ASGIResponse:
    """Ask whether it is still the same person, and say what was wrong with the last answer."""
    exchange.shown_at = f"/reauthenticate?{urlencode({'next': onward})}"
    return exchange.page(
        "reauthenticate.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, **about),  # type: ignore[arg-type]  # open_at alone
        wrong=refusal is Refusal.WRONG_CREDENTIALS,
        next=onward,
        email=exchange.visit.account.email.masked,
        has_passkey=Factor.PASSKEY in renewed_with(exchange.visit.account, exchange.services.rules.methods),
    )


@routes.show("/reauthenticate/method", Access.SESSION)
async def show_methods(exchange: Exchange) -> ASGIResponse:
    """What else may be given, and what to do with none of it."""
    has_passkey = Factor.PASSKEY in renewed_with(exchange.visit.account, exchange.services.rules.methods)
    onward = safe_path(exchange.query("next"))
    return exchange.page("reauthenticate_methods.html", next=onward, has_passkey=has_passkey)


@routes.act("/reauthenticate", Access.SESSION)
async def confirm_password(exchange: Exchange) -> ASGIResponse:
    """Check the password, renew the session's token, and go back to where the person was."""
    form = await exchange.form()
    onward = safe_path(form.get("next", ""))
    assert exchange.session_ticket
    step = await reauthenticate(
        exchange.services, exchange.client, exchange.session_ticket, password=form.get("password", "")[:512]
    )
    if step.refusal:
        return reauthentication(exchange, onward, step.refusal, open_at=step.open_at)
    exchange.open_session(step.state)
    return exchange.go(onward)


@routes.show("/sign-in/forgotten")
async def show_forgotten(exchange: Exchange) -> ASGIResponse:
    """Ask for the address, or only whether to send the link, where it is known."""
    visit = await visit_of(exchange)
    return exchange.page("forgotten.html", own_email=visit.account.email.masked if visit else "")


@routes.act("/sign-in/forgotten")
async def forgotten(exchange: Exchange) -> ASGIResponse:
    """Send a link if there is such an account; the page is the same either way."""
    form = await exchange.form()
    visit = await visit_of(exchange)
    exchange.shown_at = "/sign-in/forgotten"
    if visit and "email" not in form:
        return await _send_link(exchange, visit.account.email, own_email=visit.account.email.masked)
    email = form.get("email", "").strip()[:320]
    if not is_whole(email):
        return exchange.page("forgotten.html", status=422, typed={"email": email}, misspelt=True)
    return await _send_link(exchange, EmailAddress(email), typed={"email": email})


def is_whole(email: str) -> bool:
    """Whether it looks like an address at all; whether it is one is for its mail server to know."""
    name, _, host = email.rpartition("@")
    return bool(name and host)


async def _send_link(exchange: Exchange, email: EmailAddress, **shown: Any) -> ASGIResponse:
    await forget_password(exchange.services, exchange.client, email)
    minutes = exchange.services.rules.limits.password_link_for // timedelta(minutes=1)
    return exchange.page("forgotten_sent.html", link_minutes=minutes, **shown)


@routes.show("/sign-in/new-password/{token:str}")
async def show_new_password(exchange: Exchange) -> ASGIResponse:
    """Ask for the new password."""
    refusal = await look_at_password_link(exchange.services, exchange.param("token"))
    return _end(exchange, refusal) if refusal else _asked(exchange)


def _asked(exchange: Exchange, problem: Problem | None = None) -> ASGIResponse:
    least = exchange.services.rules.limits.password_min
    return exchange.page("new_password.html", status=422 if problem else 200, problem=problem, password_min=least)


def _end(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    if refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", status=status_of(refusal))
    return exchange.page("password_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))


@routes.act("/sign-in/new-password/{token:str}")
async def set_password(exchange: Exchange) -> ASGIResponse:
    """Set it; signing in comes next, with the second factor as always."""
    password = (await exchange.form()).get("password", "")
    step = await choose_password(exchange.services, exchange.client, exchange.param("token"), password=password[:1024])
    if step.refusal in (Refusal.PASSWORD_TOO_SHORT, Refusal.PASSWORD_TOO_LONG, Refusal.PASSWORD_TOO_COMMON):
        return _asked(exchange, problem_of(exchange, step.refusal))
    if step.refusal:
        return _end(exchange, step.refusal)
    exchange.forget_sign_in()
    return exchange.go("/sign-in?notice=password_changed")
