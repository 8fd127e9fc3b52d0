"""The page behind the link that sends codes to a suspended mailbox again."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.factors.suspended import look_at_restore_link, restore_mailbox
from renumber.web.exchange import Exchange
from renumber.web.refusals import status_of
from renumber.web.routes import Routes

routes = Routes()

STATES = {None: "asks", Refusal.LINK_USED: "open", Refusal.LINK_EXPIRED: "expired"}


@routes.show("/sign-in/mailbox/{token:str}")
async def show(exchange: Exchange) -> ASGIResponse:
    """Say what the button will do; opening the link does nothing."""
    view = await look_at_restore_link(exchange.services, exchange.param("token"))
    if view.account:
        exchange.account_language = view.account.locale
    state = STATES.get(view.refusal, "unknown")
    return exchange.page("mailbox.html", status=200 if state == "open" else status_of(view.refusal), state=state)


@routes.act("/sign-in/mailbox/{token:str}")
async def press(exchange: Exchange) -> ASGIResponse:
    """Send codes again; a second press finds it done."""
    await exchange.form()
    token = exchange.param("token")
    await restore_mailbox(exchange.services, exchange.client, token)
    return exchange.go(f"/sign-in/mailbox/{token}")
