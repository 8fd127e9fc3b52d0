"""A stylesheet that tells whether the browser has kept the cookie of the page that asks for it, without a script."""

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web import cookies
from renumber.web.reply import READ, reply
from renumber.web.request import HttpRequest
from renumber.web.shared_signature import Answering

PATH = "/cookies.css"
SHOWN = ".notice.no-cookies { display: flex; }\n"


def handler() -> HTTPRouteHandler:
    """Show what is said to a browser without cookies, to such a browser alone; nothing keeps the answer."""

    @Answering(PATH, http_method=READ)
    async def serve(request: HttpRequest) -> ASGIResponse:
        css = "" if request.cookies.get(cookies.BROWSER) else SHOWN
        return reply(request, css, "text/css; charset=utf-8", headers=[("cache-control", "no-store")])

    return serve
