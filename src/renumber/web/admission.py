"""Letting a request in, or sending it where it belongs."""

from contextlib import suppress

from litestar.response.base import ASGIResponse

from renumber.domain.session import Ticket
from renumber.flows.ports.services import KeyedHash
from renumber.flows.views import Visit, email_of_asker, find_progress, find_visit, glance_at_visit, was_ended
from renumber.web import cookies
from renumber.web.access import Access, Forged, Malformed, verified_form
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange
from renumber.web.problem import asks_a_program
from renumber.web.request import WebRequest


async def admit_anyone(request: WebRequest) -> Exchange:
    """Let everyone in, whatever their cookies."""
    return Exchange(request)


async def admit_session(request: WebRequest) -> SessionExchange | ASGIResponse:
    """Let a session in; a sign-in in progress is sent to its own step."""
    in_session = await session_of(request)
    if in_session:
        return in_session
    in_sign_in = await sign_in_of(request)
    if in_sign_in is None:
        return (await _turned_away(request, Access.SESSION)).sign_in_anew(await _why_signed_out(request))
    if in_sign_in.progress.sign_in.change_id is None:
        return in_sign_in.go_on()
    if request.is_post and not asks_a_program(request):
        return in_sign_in.redirect("/profile")  # which says the same, and can be loaded again
    return in_sign_in.page("wrong_state.html", status=403)


async def admit_sign_in(request: WebRequest) -> SignInExchange | ASGIResponse:
    """Let a sign-in in progress in; anyone else begins anew."""
    in_sign_in = await sign_in_of(request)
    if in_sign_in:
        return in_sign_in
    return (await _turned_away(request, Access.SIGN_IN)).sign_in_anew(await _why_anew(request))


async def _turned_away(request: WebRequest, access: Access) -> Exchange:
    """Answer a request that came too late; its form is read only if it is kept, and only if our own page sent it."""
    exchange = Exchange(request)
    if request.keeps:
        with suppress(Forged, Malformed):
            exchange.form = await verified_form(request, access)
    return exchange


async def _why_signed_out(request: WebRequest) -> str | None:
    """The browsers that asked for the change and that pressed its link hear what comes next, whatever they open."""
    ticket = request.session_ticket
    if ticket and not await email_of_asker(request.site.services, ticket):
        return "session_ended"
    return "number_removed" if ticket or request.cookie(cookies.RESET) else None


async def _why_anew(request: WebRequest) -> str:
    """The browser that pressed the link hears again what comes next."""
    ticket = request.sign_in_ticket
    if ticket and await was_ended(request.site.services, ticket):
        return "session_ended"
    return "number_removed" if request.cookie(cookies.RESET) else "took_too_long"


async def session_of(request: WebRequest) -> SessionExchange | None:
    """Find the live session behind the cookie."""
    return await session_behind(request, request.session_ticket, KeyedHash.SESSION)


async def session_behind(request: WebRequest, ticket: Ticket | None, kind: KeyedHash) -> SessionExchange | None:
    """Find the live session of this kind behind a cookie of its kind."""
    find = glance_at_visit if request.is_by_itself else find_visit
    visit = await find(request.site.services, ticket, kind) if ticket else None
    return SessionExchange(request, visit, ticket) if visit and ticket else None


async def sign_in_of(request: WebRequest) -> SignInExchange | None:
    """Find the live sign-in behind the cookie."""
    ticket, site = request.sign_in_ticket, request.site
    progress = await find_progress(site.services, ticket) if ticket else None
    return SignInExchange(request, progress, ticket) if progress and ticket else None


async def visit_of(exchange: Exchange) -> Visit | None:
    """Find the session of somebody who opens a page for anyone, and greet them."""
    in_session = await session_of(exchange.request)
    if in_session is None:
        return None
    exchange.greet(in_session.visit.account)
    return in_session.visit
