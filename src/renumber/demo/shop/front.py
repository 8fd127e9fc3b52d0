"""The front of the shop: it answers to its own name alone, and takes no form of another site."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from renumber.demo.proxy import answer

HOOKS = {"/hooks", "/backchannel"}  # a program posts there, and signs what it posts


class ShopFront:
    """Lets requests for this host and port in."""

    def __init__(self, netloc: str, shop: ASGIApp) -> None:
        self._netloc, self._shop = netloc.encode(), shop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the shop, or refuse it."""
        if scope["type"] != ScopeType.HTTP:
            return
        headers = dict(scope["headers"])
        of_a_form = scope["method"] == "POST" and scope["path"] not in HOOKS
        is_foreign = headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"}
        if headers.get(b"host", b"") != self._netloc or (of_a_form and is_foreign):
            await answer(send, 403, [])
        else:
            await self._shop(scope, receive, send)
