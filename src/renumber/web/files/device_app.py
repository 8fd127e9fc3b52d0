"""The files that make the phone page an app of its own: manifest, service worker, icons."""

import asyncio
import json
from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web.brand.icons import NAMES, entries, icon
from renumber.web.client import pick_language
from renumber.web.reply import READ, file_reply, reply
from renumber.web.request import HttpRequest
from renumber.web.shared_signature import Answering
from renumber.web.site import Site
from renumber.web.templating import Asset

PAGE = "/device"  # also the scope of the service worker, which would otherwise end at its own folder
SHORTLY = "public, max-age=300"
LATEST = ("cache-control", "no-cache")
GROUND = "#f4f5f8"  # while the app starts; as in app/tokens.css


def handlers(site: Site) -> Sequence[HTTPRouteHandler]:
    """Every file of the app that has an address of its own."""
    worker = site.templates.assets["device/sw.js"]
    headers = [LATEST, ("service-worker-allowed", PAGE)]
    return [_manifest(site), _worker(worker, headers), *(_icon(site, name) for name in NAMES)]


def _worker(worker: Asset, headers: Sequence[tuple[str, str]]) -> HTTPRouteHandler:
    async def serve(request: HttpRequest) -> ASGIResponse:
        return reply(request, worker.content, worker.media_type, headers=headers)

    return Answering(f"{PAGE}/sw.js", http_method=READ)(serve)


def _icon(site: Site, name: str) -> HTTPRouteHandler:
    async def serve(request: HttpRequest) -> ASGIResponse:
        """Draw it when it is first asked for, beside the answers to other requests."""
        drawn = await asyncio.to_thread(icon, name, site.brand, site.brand_color)
        return file_reply(request, drawn, SHORTLY)

    return Answering(f"{PAGE}/{name}", http_method=READ)(serve)


def _manifest(site: Site) -> HTTPRouteHandler:
    """Browsers ask for it without cookies, so the page names the language."""
    texts = {language: _written(site, language) for language in site.languages}

    @Answering(f"{PAGE}/manifest.webmanifest", http_method=READ)
    async def serve(request: HttpRequest) -> ASGIResponse:
        asked, accepted = request.query_params.get("language"), request.headers.get("accept-language", "")
        text = texts[pick_language(asked, accepted, site.languages)]
        headers = [("cache-control", SHORTLY), ("vary", "accept-language")]
        return reply(request, text, "application/manifest+json", headers=headers)

    return serve


def _written(site: Site, language: str) -> str:
    """Write it as the W3C has it (Web Application Manifest)."""
    purpose = site.templates.translations[language].gettext("Confirm sign-ins")
    return json.dumps(
        {
            "id": PAGE,
            "name": f"{site.brand}: {purpose}",
            "short_name": site.brand,
            "description": purpose,
            "lang": language,
            "start_url": PAGE,
            "scope": PAGE,
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": site.brand_color,
            "icons": entries(site, PAGE),
        }
    )
