"""The sign-in page: address and password."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.sessions import sign_out
from renumber.flows.sign_in.begin import give_password
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.access import visit_of
from renumber.web.exchange import Exchange
from renumber.web.pages.password import is_whole
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes, page_of

routes = Routes()

NOTICES = frozenset({"signed_out", "number_removed", "session_ended", "took_too_long", "password_changed", "released"})


@routes.show("/sign-in")
async def show(exchange: Exchange) -> ASGIResponse:
    """Ask for address and password."""
    if await visit_of(exchange):
        return exchange.go("/")
    notice = exchange.query("notice")
    step = 3 if notice == "number_removed" else None
    return shown(exchange, step=step, notice=notice if notice in NOTICES else None)


def shown(exchange: Exchange, refusal: Refusal | None = None, **context: Any) -> ASGIResponse:
    """The page that asks who it is; a passkey needs no address and no password."""
    offers_passkey = Factor.PASSKEY in exchange.services.rules.methods
    return exchange.page("sign_in.html", status=status_of(refusal), offers_passkey=offers_passkey, **context)


@routes.act("/sign-in")
async def sign_in(exchange: Exchange) -> ASGIResponse:
    """Check them, and go on to what the account asks for next."""
    form = await exchange.form()
    email, password = form.get("email", "").strip()[:320], form.get("password", "")
    if not is_whole(email) or not password:
        return _incomplete(exchange, email, password)
    result = await give_password(exchange.services, exchange.client, EmailAddress(email), password=password[:512])
    if result.refusal or result.ticket is None or result.state is None:
        return _again(exchange, email, result.refusal, result=result)
    await end_session_before(exchange)
    exchange.open_sign_in(result.ticket)
    return exchange.go(page_of(result))


async def end_session_before(exchange: Exchange) -> None:
    """Whoever signs in anew leaves no session behind that this browser has no cookie for any more (ASVS 7.2.4)."""
    if exchange.session_ticket:
        await sign_out(exchange.services, exchange.client, exchange.session_ticket)


def _incomplete(exchange: Exchange, email: str, password: str) -> ASGIResponse:
    """Say at each field what is missing, before anything is checked or counted."""
    exchange.served.refusal = Refusal.WRONG_CREDENTIALS
    asked = {"typed": {"email": email}, "email_is_whole": is_whole(email), "password_is_there": bool(password)}
    return shown(exchange, Refusal.WRONG_CREDENTIALS, **asked)


def _again(
    exchange: Exchange, email: str, refusal: Refusal | None, *, result: SignInResult | None = None
) -> ASGIResponse:
    problem = problem_of(exchange, refusal, open_at=result.open_at if result else None)
    return shown(exchange, refusal, problem=problem, typed={"email": email})


@routes.act("/sign-out")
async def leave(exchange: Exchange) -> ASGIResponse:
    """End this browser's session, and a sign-in under way with it; signing out twice is no error."""
    await exchange.form()
    if await visit_of(exchange) and exchange.session_ticket:
        await sign_out(exchange.services, exchange.client, exchange.session_ticket)
    exchange.forget_sign_in()
    return exchange.go("/sign-in?notice=signed_out")
