"""Switching the language, on every page."""

from litestar.response.base import ASGIResponse

from renumber.flows.sessions import choose_language
from renumber.web import cookies
from renumber.web.access import visit_of
from renumber.web.cookies import SetCookie
from renumber.web.exchange import Exchange
from renumber.web.pages.password import safe_path
from renumber.web.routes import Routes

routes = Routes()


@routes.act("/language")
async def switch(exchange: Exchange) -> ASGIResponse:
    """Remember the language in this browser and show the same page again."""
    form = await exchange.form()
    language = form.get("language", "")
    if language in exchange.site.languages:
        exchange.set_cookie(SetCookie(cookies.LANGUAGE, language, cookies.A_YEAR))
        await _tell_account(exchange, language)
    back = form.get("back", "")
    return exchange.go(safe_path(back) if back else "/")


async def _tell_account(exchange: Exchange, language: str) -> None:
    """Someone signed in is written to in the same language."""
    if exchange.session_ticket and await visit_of(exchange):
        await choose_language(exchange.services, exchange.client, exchange.session_ticket, locale=language)
