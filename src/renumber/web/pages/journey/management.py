"""Account management for applications that know no more of us than our metadata: an address that leads to a page."""

from litestar.response.base import ASGIResponse

from renumber.domain.applications.journey import Journey
from renumber.flows.oidc.hint import read_hint
from renumber.policies.oidc.action import read_action
from renumber.web.exchange import Exchange
from renumber.web.forms.kept_journey import keep_journey
from renumber.web.routes import Routes

routes = Routes()


@routes.for_anyone.show("/account")
async def lead_to_account(exchange: Exchange) -> ASGIResponse:
    """Lead to the account page, or to what `action` says, as `account_management_uri` promises; it signs nobody in.

    An `id_token_hint` names the person, so that nobody else is led there, and the application that they go back to.
    """
    kind = read_action(exchange.request.query("action"))
    hint = await read_hint(exchange.services, exchange.request.query("id_token_hint"))
    if kind is None:
        return exchange.redirect("/profile")
    keep_journey(exchange, hint.account_id, Journey(kind, hint.client_id))
    return exchange.redirect("/journey")
