"""Who may open a page: anyone, a session, or a sign-in under way."""

from litestar.response.base import ASGIResponse

from renumber.flows.views import Progress, Visit, find_progress, find_visit
from renumber.web.exchange import Exchange
from renumber.web.routes import Access, Route, page_of


async def pass_through(route: Route, exchange: Exchange) -> ASGIResponse:
    """Let the request in, or send it where it belongs."""
    exchange.is_for_anyone = route.access is Access.ANYONE
    if route.access is Access.SESSION:
        return await _with_session(route, exchange)
    if route.access is Access.SIGN_IN:
        return await _with_sign_in(route, exchange)
    return await route.answer(exchange)


async def _with_session(route: Route, exchange: Exchange) -> ASGIResponse:
    visit = await visit_of(exchange)
    if visit is not None:
        exchange.visit = visit
        return await route.answer(exchange)
    progress = await progress_of(exchange)
    if progress is not None and progress.sign_in.change_id:
        is_first = progress.change is None or progress.change.old_number is None
        return exchange.page("wrong_state.html", status=403, step=None if is_first else 3)
    if progress is not None:
        return exchange.go(page_of(progress.sign_in))
    was_signed_in = exchange.session_ticket is not None
    return exchange.go("/sign-in?notice=session_ended" if was_signed_in else "/sign-in")


async def _with_sign_in(route: Route, exchange: Exchange) -> ASGIResponse:
    progress = await progress_of(exchange)
    if progress is None:
        return exchange.go(f"/sign-in?notice={_why_anew(exchange)}")
    exchange.progress = progress
    return await route.answer(exchange)


def _why_anew(exchange: Exchange) -> str:
    """A cookie that ran out left no trace; the browser that pressed the link then hears again what comes next."""
    if exchange.sign_in_ticket:
        return "session_ended"
    return "number_removed" if exchange.client.reset_token else "took_too_long"


async def visit_of(exchange: Exchange) -> Visit | None:
    """The session behind the cookie; its language is the account's unless another was chosen."""
    ticket = exchange.session_ticket
    visit = await find_visit(exchange.services, exchange.site.reads, ticket) if ticket else None
    if visit is not None:
        exchange.person, exchange.account_language = visit.account.name, visit.account.locale
        exchange.served.account_id = visit.account.account_id
    return visit


async def progress_of(exchange: Exchange) -> Progress | None:
    """The sign-in behind the cookie."""
    ticket = exchange.sign_in_ticket
    progress = await find_progress(exchange.services, exchange.site.reads, ticket) if ticket else None
    if progress is not None:
        exchange.account_language = progress.account.locale
        exchange.served.account_id = progress.account.account_id
    return progress
