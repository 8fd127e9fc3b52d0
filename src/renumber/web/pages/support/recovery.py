"""The way back for somebody without any method: asking for it, confirming it, and the link at its end."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.support import own_request, recover
from renumber.policies.support.recovery import written
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.refusals import send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

ENDS = {
    Refusal.LINK_USED: "used",
    Refusal.LINK_EXPIRED: "expired",
    Refusal.CASE_CLOSED: "closed",
    Refusal.CASE_EXPIRED: "expired",
    Refusal.CASE_ALREADY_OPEN: "open",
    Refusal.ACCOUNT_FROZEN: "frozen",
}


@routes.in_sign_in.act("/sign-in/recovery")
async def ask(exchange: SignInExchange) -> ASGIResponse:
    """Send the mail that a case begins with."""
    step = await own_request.request_recovery(exchange.services, exchange.client, exchange.ticket)
    if step.refusal:
        return send_back(exchange, "/sign-in/help", step.refusal)
    return exchange.redirect("/sign-in/recovery/sent")


@routes.for_anyone.show("/sign-in/recovery/sent")
async def show_sent(exchange: Exchange) -> ASGIResponse:
    """Say that a mail is on its way."""
    return exchange.page("recovery_sent.html")


@routes.for_anyone.show("/recovery/request/{token:path}")
async def show_request(exchange: Exchange) -> ASGIResponse:
    """Explain the button that opens a case; opening the link does nothing."""
    refusal = await own_request.look_at_request(exchange.services, exchange.request.token)
    return _end(exchange, refusal) if refusal else exchange.page("recovery_request.html")


@routes.for_anyone.act("/recovery/request/{token:path}")
async def confirm(exchange: Exchange) -> ASGIResponse:
    """Open the case, and say what comes next."""
    step = await own_request.confirm_request(exchange.services, exchange.client, exchange.request.token)
    if step.refusal or step.state is None:
        return _end(exchange, step.refusal or Refusal.NOT_NOW)
    return exchange.redirect(f"/recovery/opened/{written(step.state.number)}")


@routes.for_anyone.show("/recovery/opened/{number:str}")
async def show_opened(exchange: Exchange) -> ASGIResponse:
    """Say which case was opened, and what comes next."""
    return exchange.page("recovery_opened.html", number=exchange.request.param("number"))


@routes.for_anyone.show("/recovery/link/{token:path}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Explain the button at the end of a case; opening the link does nothing."""
    token = exchange.request.token
    view = await recover.look_at_recovery_link(exchange.services, token)
    if view.account:
        exchange.recognize(view.account)
    if view.refusal:
        return _end(exchange, view.refusal)
    return exchange.page("recovery_link.html", masked_email=view.account.email.masked if view.account else "")


@routes.for_anyone.take_away("/recovery/link/{token:path}")
async def press_link(exchange: Exchange) -> ASGIResponse:
    """Remove number and methods, and lead to the sign-in."""
    token = exchange.request.token
    step = await recover.press_recovery_link(exchange.services, exchange.client, token)
    if step.refusal or step.state is None:
        return send_back(exchange, exchange.request.here, step.refusal)
    exchange.mark_reset(step.state.token)
    exchange.forget_sign_in()
    if step.state.email:
        exchange.remember_email(step.state.email)
    return exchange.redirect("/phone-change/removed")


def _end(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    return exchange.page("recovery_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))
