"""Asking for the change, and its link."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.flows.phone_change.link import LinkView, look_at_link, press_link
from renumber.flows.phone_change.new_number import begin_in_session
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.exchange import Exchange
from renumber.web.pages.home import profile
from renumber.web.refusals import status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()

ENDS = {
    Refusal.LINK_EXPIRED: "expired",
    Refusal.LINK_USED: "used",
    Refusal.LINK_REPLACED: "replaced",
    Refusal.LINK_CANCELLED: "cancelled",
    Refusal.LINK_STOPPED: "stopped",
    Refusal.NEEDS_ANOTHER_FACTOR: "needs_factor",
}


@routes.show("/phone-change/new", Access.SESSION)
async def show_question(exchange: Exchange) -> ASGIResponse:
    """The dialog as a page of its own."""
    visit = exchange.visit
    if not visit.is_fresh:
        return exchange.go("/reauthenticate?next=/phone-change/new")
    if visit.change or visit.account.number is None:
        return exchange.go("/profile")
    return exchange.page(
        "change_new.html",
        step=1,
        masked_email=visit.account.email.masked,
        number=masked(visit.account.number),
    )


@routes.act("/phone-change", Access.SESSION)
async def request(exchange: Exchange) -> ASGIResponse:
    """Send the first mail."""
    await exchange.form()
    assert exchange.session_ticket
    step = await request_change(exchange.services, exchange.client, exchange.session_ticket)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.go("/reauthenticate?next=/phone-change/new")
    if step.refusal and step.refusal is not Refusal.CHANGE_ALREADY_OPEN:
        return await profile(exchange, step.refusal, open_at=step.open_at)
    return exchange.go("/profile?notice=change_requested")


@routes.act("/phone-change/again", Access.SESSION)
async def send_again(exchange: Exchange) -> ASGIResponse:
    """Send a newer link."""
    await exchange.form()
    assert exchange.session_ticket
    step = await send_link_again(exchange.services, exchange.client, exchange.session_ticket)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.go("/reauthenticate?next=/profile")
    if step.refusal:
        return await profile(exchange, step.refusal, open_at=step.open_at)
    return exchange.go("/profile?notice=sent_again")


@routes.act("/phone-change/cancel", Access.SESSION)
async def cancel(exchange: Exchange) -> ASGIResponse:
    """Take the request back."""
    await exchange.form()
    assert exchange.session_ticket
    step = await cancel_change(exchange.services, exchange.client, exchange.session_ticket)
    return await profile(exchange, step.refusal) if step.refusal else exchange.go("/profile?notice=change_cancelled")


@routes.act("/phone-change/number", Access.SESSION)
async def enter_number(exchange: Exchange) -> ASGIResponse:
    """Go on to the new number from a session that another factor opened after the reset."""
    await exchange.form()
    assert exchange.session_ticket
    result = await begin_in_session(exchange.services, exchange.client, exchange.session_ticket)
    if result.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.go("/reauthenticate?next=/profile")
    if result.refusal or result.ticket is None:
        return await profile(exchange, result.refusal)
    lasting = exchange.services.rules.limits.sign_in_for  # the session's cookie stays beside it until that is done
    exchange.set_cookie(SetCookie(cookies.SIGN_IN, cookies.written(result.ticket), lasting))
    return exchange.go(page_of(result))


@routes.show("/phone-change/link/{token:str}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Say what the button will do; opening the link does nothing, however often and by whomever."""
    view = await look_at_link(exchange.services, exchange.param("token"))
    if view.account:
        exchange.account_language = view.account.locale
    return _end(exchange, view) if view.refusal else _link(exchange, view)


def _link(exchange: Exchange, view: LinkView) -> ASGIResponse:
    stop_url = f"/freeze/{exchange.param('token')}"
    return exchange.page("link.html", step=2, number=masked(view.number), stop_url=stop_url)


def _end(exchange: Exchange, view: LinkView) -> ASGIResponse:
    assert view.refusal is not None
    is_finished = view.refusal is Refusal.LINK_USED and view.account is not None and view.account.number is not None
    end = "finished" if is_finished else ENDS.get(view.refusal, "unknown")
    return exchange.page("link_end.html", status=status_of(view.refusal), end=end, number=masked(view.number))


@routes.act("/phone-change/link/{token:str}")
async def press(exchange: Exchange) -> ASGIResponse:
    """Reset the number; a second press of the same browser finds its way on as well as the first."""
    await exchange.form()
    token = exchange.param("token")
    pressed = await press_link(exchange.services, exchange.client, token)
    if pressed.refusal:
        view = await look_at_link(exchange.services, token)
        return _end(exchange, LinkView(pressed.refusal, pressed.number, view.account))
    exchange.mark_reset(pressed.reset_token)
    exchange.forget_sign_in()
    return exchange.go("/phone-change/removed")


@routes.show("/phone-change/removed")
async def show_removed(exchange: Exchange) -> ASGIResponse:
    """What happened, and what to do next."""
    return exchange.page("removed.html", step=3)


@routes.show("/phone-change/finished", Access.SESSION)
async def show_finished(exchange: Exchange) -> ASGIResponse:
    """The new number is bound."""
    visit = exchange.visit
    first = visit.account.former_number is None
    number = masked(visit.account.number)
    return exchange.page(
        "done.html", step=None if first else 4, number=number, hold_until=visit.held_until, first=first
    )
