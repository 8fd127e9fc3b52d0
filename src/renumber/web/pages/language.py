"""Switching the language, on every page."""

from litestar.response.base import ASGIResponse

from renumber.flows import sessions
from renumber.web import cookies
from renumber.web.admission import visit_of
from renumber.web.cookies import SetCookie
from renumber.web.exchange import Exchange
from renumber.web.pages.password import safe_path
from renumber.web.routes import Routes

routes = Routes()


@routes.for_anyone.act("/language")
async def choose_language(exchange: Exchange) -> ASGIResponse:
    """Remember the language in this browser and show the same page again."""
    language = exchange.form.get("language", "")
    if language in exchange.site.languages:
        exchange.set_cookie(SetCookie(cookies.LANGUAGE, language, cookies.A_YEAR))
        await _tell_account(exchange, language)
    back = exchange.form.get("back", "")
    return exchange.redirect(safe_path(back) if back else "/")


async def _tell_account(exchange: Exchange, language: str) -> None:
    """Write to somebody who is signed in in the same language from now on."""
    ticket = exchange.request.session_ticket
    if ticket and await visit_of(exchange):
        await sessions.choose_language(exchange.services, exchange.client, ticket, locale=language)
