"""Static files, the brand's stylesheet, and what browsers ask for by themselves."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, route
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web.exchange import Shop

FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"
READ: Any = ["GET", "HEAD"]


def handlers(shop: Shop) -> Sequence[HTTPRouteHandler]:
    """Everything that is the same for everyone."""
    brand_css = shop.looks.brand_css(shop.brand_color)

    @route("/static/{version:str}/{name:str}", http_method=READ)
    async def serve_static(request: Request[Any, Any, Any], version: str, name: str) -> ASGIResponse:
        asset = shop.looks.assets.get(name)
        if asset is None or version != shop.looks.assets_hash:
            raise NotFoundException
        return _file(request, asset.content, asset.media_type, FOR_EVER)

    @route("/brand.css", http_method=READ)
    async def serve_brand(request: Request[Any, Any, Any]) -> ASGIResponse:
        return _file(request, brand_css.encode(), "text/css; charset=utf-8", SHORTLY)

    @route("/brand-logo", http_method=READ)
    async def serve_logo(request: Request[Any, Any, Any]) -> ASGIResponse:
        if shop.logo is None:
            raise NotFoundException
        return _file(request, shop.logo.content, shop.logo.media_type, SHORTLY)

    @route("/favicon.ico", http_method=READ)
    async def serve_icon(request: Request[Any, Any, Any]) -> ASGIResponse:
        icon = shop.looks.assets["icon.svg"]
        return _file(request, icon.content, icon.media_type, SHORTLY)

    @route("/robots.txt", http_method=READ)
    async def serve_robots(request: Request[Any, Any, Any]) -> ASGIResponse:
        return _file(request, b"User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8", SHORTLY)

    @route("/.well-known/change-password", http_method=READ)
    async def serve_change_password(request: Request[Any, Any, Any]) -> ASGIResponse:
        return ASGIResponse(body=b"", status_code=302, headers=[("location", "/sign-in/forgotten")])

    return [serve_static, serve_brand, serve_logo, serve_icon, serve_robots, serve_change_password]


def _file(request: Request[Any, Any, Any], content: bytes, media_type: str, caching: str) -> ASGIResponse:
    is_head = request.method == "HEAD"
    headers = [("cache-control", caching)]
    return ASGIResponse(body=content, media_type=media_type, headers=headers, is_head_response=is_head)
