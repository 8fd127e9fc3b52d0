"""Static files, the brand's stylesheet, and what browsers ask for by themselves."""

import json
from collections.abc import Sequence

from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from renumber.web.brand.icons import vector_icons
from renumber.web.files import cookie_check
from renumber.web.reply import READ, file_reply
from renumber.web.request import HttpRequest
from renumber.web.shared_signature import Answering
from renumber.web.site import LOGO, TILE, Site
from renumber.web.templating import Asset

FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"
FOLDERS = ("", "console/", "device/")  # of static files


def handlers(site: Site) -> Sequence[HTTPRouteHandler]:
    """Everything that is the same for everyone."""
    brand_css = Asset(site.templates.brand_css(site.brand_color).encode(), "text/css; charset=utf-8")
    robots = Asset(b"User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8")
    vectors = vector_icons(site)
    fixed = {"/brand.css": brand_css, "/favicon.ico": vectors[TILE], "/robots.txt": robots, **vectors}
    fixed["/.well-known/passkey-endpoints"] = _passkey_endpoints(site)
    if site.logo:
        fixed[LOGO] = site.logo
    versioned = [_versioned(site, folder) for folder in FOLDERS]
    return [
        *versioned,
        _change_password(),
        cookie_check.handler(),
        *(_fixed(path, asset) for path, asset in fixed.items()),
    ]


def _versioned(site: Site, folder: str) -> HTTPRouteHandler:
    @Answering(f"/static/{{version:str}}/{folder}{{name:str}}", http_method=READ)
    async def serve(request: HttpRequest, version: FromPath[str], name: FromPath[str]) -> ASGIResponse:
        asset = site.templates.assets.get(folder + name)
        if asset is None:
            raise NotFoundException
        # While a new release rolls out, a page of the other one may ask: it gets ours, but shall not keep it.
        return file_reply(request, asset, FOR_EVER if version == site.templates.assets_hash else SHORTLY)

    return serve


def _passkey_endpoints(site: Site) -> Asset:
    """Password managers lead to these pages (W3C, A Well-Known URL for Relying Party Passkey Endpoints)."""
    pages = {"enroll": f"{site.base_url}/profile/passkeys/new", "manage": f"{site.base_url}/profile/passkeys"}
    return Asset(json.dumps(pages).encode(), "application/json")


def _change_password() -> HTTPRouteHandler:
    @Answering("/.well-known/change-password", http_method=READ)
    async def send_on() -> ASGIResponse:
        """Password managers look here (W3C, A Well-Known URL for Changing Passwords)."""
        return ASGIResponse(body=b"", status_code=302, headers=[("location", "/sign-in/forgotten")])

    return send_on


def _fixed(path: str, asset: Asset) -> HTTPRouteHandler:
    async def serve(request: HttpRequest) -> ASGIResponse:
        return file_reply(request, asset, SHORTLY)

    return Answering(path, http_method=READ)(serve)
