"""Switching the language, on every page."""

from litestar.response.base import ASGIResponse

from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.exchange import Exchange
from renumber.web.pages.password import safe_path
from renumber.web.routes import Routes

routes = Routes()


@routes.act("/language")
async def switch(exchange: Exchange) -> ASGIResponse:
    """Remember the language in this browser and show the same page again."""
    form = await exchange.form()
    if form.get("language") in exchange.shop.languages:
        exchange.set_cookie(SetCookie(cookies.LANGUAGE, form["language"], cookies.A_YEAR))
    back = form.get("back", "")
    return exchange.go(safe_path(back) if back else "/")
