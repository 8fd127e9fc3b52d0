"""The link at the end of a recovery case."""

from litestar.response.base import ASGIResponse

from renumber.flows.support import recover
from renumber.web.exchange import Exchange
from renumber.web.pages.recovery.ends import end_page
from renumber.web.refusals import send_back
from renumber.web.routes import Routes

routes = Routes()


@routes.for_anyone.show("/recovery/link/{token:path}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Explain the button at the end of a case; opening the link does nothing."""
    token = exchange.request.token
    view = await recover.look_at_recovery_link(exchange.services, token)
    if view.account:
        exchange.recognize(view.account)
    if view.refusal:
        return end_page(exchange, view.refusal)
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
