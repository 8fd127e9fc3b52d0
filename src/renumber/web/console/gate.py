"""The gate of the console: at which origin it is, and from which networks it can be reached."""

import re
from collections.abc import Awaitable, Callable

from litestar.exceptions import NotFoundException
from litestar.response.base import ASGIResponse

from renumber.web.client import within
from renumber.web.console.backchannel import BACKCHANNEL
from renumber.web.exchange import Exchange
from renumber.web.request import HttpRequest, WebRequest
from renumber.web.site import Site

Look = Callable[[HttpRequest], Awaitable[ASGIResponse | None]]
CONSOLE = "/console"
SLASHES = re.compile("/+")
# Beside the console itself: signing in and out, the language, and what every page is made of.
SHARED = ("/sign-in", "/sign-out", "/language", "/static", "/brand", "/number-formats")
SHARED_FILES = frozenset({"/favicon.ico", "/robots.txt", "/cookies.css", "/healthz", "/readyz"})
HOMES = frozenset({"/", "/profile"})


def gate_of(site: Site) -> Look | None:
    """Make what looks at each request before its page does; nothing where the console is part of everything else."""
    if not site.has_console or not (site.console_origin or site.console_networks):
        return None

    async def looked_at(http: HttpRequest) -> ASGIResponse | None:
        request = WebRequest(http, site)
        if is_astray(request):
            raise NotFoundException
        if request.is_at_console and _place(request) in HOMES:
            return Exchange(request).redirect(CONSOLE)
        return None

    return looked_at


def is_astray(request: WebRequest) -> bool:
    """True of a request that has to be answered as if there were nothing at its address.

    The identity provider may be on another network than staff: what it signs is judged, whoever brings it.
    """
    site, path = request.site, _place(request)
    is_of_console = _begins(path, CONSOLE)
    if request.is_at_console and not site.serves_console:
        return path not in SHARED_FILES
    if site.console_origin and is_of_console and not request.is_at_console:
        return True
    if request.is_at_console and not (is_of_console or path in HOMES or _is_shared(path)):
        return True
    if path in SHARED_FILES or path == BACKCHANNEL or not (is_of_console or request.is_at_console):
        return False
    return bool(site.console_networks) and not within(request.ip, site.console_networks)


def _place(request: WebRequest) -> str:
    """The path as routes are found by it, however many slashes it was written with."""
    return SLASHES.sub("/", request.http.scope["path"])


def _is_shared(path: str) -> bool:
    return path in SHARED_FILES or any(_begins(path, prefix) for prefix in SHARED)


def _begins(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith((f"{prefix}/", f"{prefix}-", f"{prefix}."))
