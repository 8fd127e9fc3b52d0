"""The routes of the shop: its page, signing in and out, paying, the way to a new number, and its webhook."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent
from litestar.response.base import ASGIResponse

from renumber.demo.broadcast import Broadcast
from renumber.demo.browsers import chosen_browser
from renumber.demo.shop.credentials import NAME
from renumber.demo.shop.provider import Provider, ProviderError, begun
from renumber.demo.shop.shop import TRUSTED_FOR, Heard, Outcome, Shop, Visit, judge
from renumber.demo.templating import LANGUAGE_COOKIE, Templates, pick_language

BODY_LIMIT = 16 * 1024
STATUSES = ("done", "pending", "cancelled")
AnyRequest = Request[Any, Any, Any]


class HeardEvent(msgspec.Struct):
    """An event as a webhook brings it; the shop looks at its type and time alone."""

    type: str
    timestamp: datetime


@dataclass(frozen=True, kw_only=True)
class ShopSite:
    """The parts that the pages of the shop work with; `issuer` is the origin of the provider."""

    shop: Shop
    broadcast: Broadcast
    templates: Templates
    issuer: str
    provider: Callable[[], Provider]
    now: Callable[[], datetime]


def create_shop(site: ShopSite) -> Litestar:
    """Make the web application of the shop."""
    return Litestar(
        route_handlers=[*_reads(site), *_sign_in(site), *_acts(site), _hook(site), _backchannel(site)],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_LIMIT,
    )


def _reads(site: ShopSite) -> list[HTTPRouteHandler]:
    @get("/")
    async def show(request: AnyRequest) -> ASGIResponse:
        visit_id, visit = _visit(site, request)
        language = pick_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))
        content = site.templates.render(
            "shop.html", language, name=NAME, visit=visit, events=site.shop.events, minutes=TRUSTED_FOR.seconds // 60
        )
        return _reply(site, content, "text/html; charset=utf-8", cookies=[_cookie(request, visit_id)])

    @get("/static/{name:str}")
    async def serve_static(name: str) -> ASGIResponse:
        if name not in site.templates.files:
            raise NotFoundException
        return _reply(site, *site.templates.files[name])

    @get("/events")
    async def stream() -> ServerSentEvent:
        return ServerSentEvent(_told(site))

    return [show, serve_static, stream]


async def _told(site: ShopSite) -> AsyncIterator[str]:
    async for _ in site.broadcast.listen():
        yield str(len(site.shop.events))


def _sign_in(site: ShopSite) -> list[HTTPRouteHandler]:
    @post("/sign-in")
    async def sign_in(request: AnyRequest) -> ASGIResponse:
        return await _begin(site, request)

    @get("/login")
    async def begin_for_provider(request: AnyRequest) -> ASGIResponse:
        """Come back from the provider (OpenID Connect Core 4), which says how a change of the number ended."""
        _, visit = _visit(site, request)
        status = request.query_params.get("action_status", "")
        visit.change = status if status in STATUSES else ""
        return await _begin(site, request)

    @get("/callback")
    async def finish(request: AnyRequest) -> ASGIResponse:
        _, visit = _visit(site, request)
        pending = visit.pending.pop(request.query_params.get("state", ""), None)
        code, issuer = request.query_params.get("code", ""), request.query_params.get("iss", "")
        if pending is None or issuer != site.issuer or not code:  # RFC 9207: of this very provider
            visit.told(Outcome.NOT_SIGNED_IN)
            return _go(site, "/")
        try:
            visit.person = await site.provider().exchange(code, pending)
            visit.told(Outcome.NONE)
            if pending.is_paying:
                await _pay(site, visit)
        except ProviderError:
            visit.told(Outcome.NO_ANSWER)
        return _go(site, "/")

    return [sign_in, begin_for_provider, finish]


async def _begin(site: ShopSite, request: AnyRequest, **more: str) -> ASGIResponse:
    visit_id, visit = _visit(site, request)
    pending = begun(is_paying=bool(more))
    visit.pending = {**dict(list(visit.pending.items())[-9:]), pending.state: pending}
    try:
        address = await site.provider().sign_in_address(pending, **more)
    except ProviderError:
        visit.told(Outcome.NO_ANSWER)
        address = "/"
    return _go(site, address, cookies=[_cookie(request, visit_id)])


async def _pay(site: ShopSite, visit: Visit) -> None:
    """Pay, if the number of the account wasn't changed a moment ago."""
    if visit.person:
        standing = await site.provider().standing(visit.person)
        visit.told(judge(standing), standing.hold_until)


def _acts(site: ShopSite) -> list[HTTPRouteHandler]:
    @post("/pay")
    async def pay(request: AnyRequest) -> ASGIResponse:
        """Pay at once after a recent sign-in; an older one is renewed first (RFC 9470)."""
        _, visit = _visit(site, request)
        visit.change = ""
        if not visit.is_trusted(site.now()):
            return await _begin(site, request, max_age=str(TRUSTED_FOR.seconds))
        try:
            await _pay(site, visit)
        except ProviderError:
            visit.told(Outcome.NO_ANSWER)
        return _go(site, "/")

    @post("/change-number")
    async def change_number(request: AnyRequest) -> ASGIResponse:
        _, visit = _visit(site, request)
        try:
            address = await site.provider().change_number_address(visit.person) if visit.person else "/"
        except ProviderError:
            visit.told(Outcome.NO_ANSWER)
            address = "/"
        return _go(site, address)

    @post("/sign-out")
    async def sign_out(request: AnyRequest) -> ASGIResponse:
        _, visit = _visit(site, request)
        person, visit.person = visit.person, None
        visit.told(Outcome.NONE)
        try:
            return _go(site, await site.provider().sign_out_address(person) if person else "/")
        except (ProviderError, KeyError):
            return _go(site, "/")

    return [pay, change_number, sign_out]


def _hook(site: ShopSite) -> HTTPRouteHandler:
    @post("/hooks")
    async def hear(request: AnyRequest) -> ASGIResponse:
        body = await request.body()
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not site.provider().has_signed(headers, body):
            return _reply(site, status=401)
        event = msgspec.json.decode(body, type=HeardEvent)
        site.shop.hear(Heard(headers["webhook-id"], event.type, event.timestamp))
        site.broadcast.notify()
        return _reply(site, status=204)

    return hear


def _backchannel(site: ShopSite) -> HTTPRouteHandler:
    @post("/backchannel")
    async def end_session(request: AnyRequest) -> ASGIResponse:
        form = parse_qs((await request.body()).decode(errors="replace"))
        try:
            ended = await site.provider().ended(form.get("logout_token", [""])[0])
        except ProviderError:
            return _reply(site, status=400)
        site.shop.end_session(ended)
        site.broadcast.notify()
        return _reply(site)

    return end_session


def _visit(site: ShopSite, request: AnyRequest) -> tuple[str, Visit]:
    known = request.cookies.get(_cookie_name(request), "")
    visit_id = known if known.isalnum() and len(known) == 32 else secrets.token_hex(16)
    return visit_id, site.shop.visit(visit_id)


def _cookie_name(request: AnyRequest) -> str:
    """The two browsers of the demonstration have a cookie each."""
    return f"shop-{chosen_browser(request.cookies)}"


def _cookie(request: AnyRequest, visit_id: str) -> str:
    return f"{_cookie_name(request)}={visit_id}; Path=/; HttpOnly; SameSite=Lax"


def _go(site: ShopSite, address: str, cookies: Sequence[str] = ()) -> ASGIResponse:
    return _reply(site, status=303, location=address, cookies=cookies)


def _reply(
    site: ShopSite,
    body: str | bytes = b"",
    media_type: str = "text/plain",
    *,
    status: int = 200,
    location: str = "",
    cookies: Sequence[str] = (),
) -> ASGIResponse:
    """Answer in a frame of the demonstration alone; forms lead to the provider as well, which leads back."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self' {site.issuer}; base-uri 'none'; frame-ancestors {site.issuer}"
    )
    headers = [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        *([("location", location)] if location else []),
        *(("set-cookie", each) for each in cookies),
    ]
    return ASGIResponse(body=body, media_type=media_type, status_code=status, headers=headers)
