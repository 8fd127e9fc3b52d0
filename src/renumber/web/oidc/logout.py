"""Signing out at the request of an application: at once for its own session, else after a question."""

from collections.abc import Mapping
from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from renumber.flows.oidc.logout import Leaving, read_leaving
from renumber.flows.sessions import sign_out
from renumber.web.admission import session_of
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.oidc.answers import own_page
from renumber.web.oidc.call import OAuthCall, one
from renumber.web.oidc.routes import OAuthRoutes
from renumber.web.routes import Routes

routes, endpoints = Routes(), OAuthRoutes()

ASKED = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


@endpoints.answers("POST", "/oauth/logout")
async def ask_by_form(call: OAuthCall) -> ASGIResponse:
    """Take a posted request, which comes without our cookies from another site, and go on by our own GET."""
    exchange, form = Exchange(call.request), await call.form() or {}
    query = urlencode({name: one(form, name) for name in ASKED if one(form, name)})
    return exchange.redirect(f"/oauth/logout?{query}")


@routes.for_anyone.show("/oauth/logout")
async def ask_to_sign_out(exchange: Exchange) -> ASGIResponse:
    """Sign out whoever the ID token is about; ask first if it is about nobody, or about another session."""
    asked = {name: exchange.request.query(name) for name in ASKED}
    leaving = await _read(exchange, asked)
    if leaving is None:
        return own_page(exchange)
    in_session = await session_of(exchange.request)
    if in_session is None:
        return exchange.redirect(_onward(leaving, asked["state"]))
    if leaving.session_id == in_session.visit.session.session_id and not exchange.request.is_head:
        await _sign_out(exchange, in_session)
        return exchange.redirect(_onward(leaving, asked["state"]))
    exchange.greet(in_session.visit.account)
    name = leaving.application.name if leaving.application else ""
    return exchange.page("sign_out_of.html", application=name, asked=asked)


@routes.for_anyone.act("/oauth/logout/confirm")
async def confirm(exchange: Exchange) -> ASGIResponse:
    """Sign out, and go on by a page of ours: `form-action` would hold for a redirect to the application too."""
    leaving = await _read(exchange, exchange.form)
    if leaving is None:
        return own_page(exchange)
    in_session = await session_of(exchange.request)
    if in_session:
        await _sign_out(exchange, in_session)
    uri, application = _onward(leaving, exchange.form.get("state", "")), leaving.application
    if application is None or not leaving.onward:
        return exchange.redirect(uri)
    return exchange.page("leaving.html", uri=uri, application=application.name)


async def _read(exchange: Exchange, asked: Mapping[str, str]) -> Leaving | None:
    hint, client_id, onward = (asked.get(name, "") for name in ASKED[:3])
    return await read_leaving(exchange.services, hint=hint, client_id=client_id, onward=onward)


async def _sign_out(exchange: Exchange, in_session: SessionExchange) -> None:
    await sign_out(exchange.services, exchange.client, in_session.ticket)
    exchange.forget_sign_in()


def _onward(leaving: Leaving, state: str) -> str:
    if not leaving.onward:
        return "/sign-in?notice=signed_out"
    return f"{leaving.onward}{_joint(leaving.onward)}{urlencode({'state': state})}" if state else leaving.onward


def _joint(uri: str) -> str:
    return "&" if "?" in uri else "?"
