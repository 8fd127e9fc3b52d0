"""Hearing from the company's identity provider that somebody has signed out there, or was locked out."""

from litestar.response.base import ASGIResponse

from renumber.flows.support.provider import Arrival, sign_out_by_provider
from renumber.web.console.exchange import SIGN_IN
from renumber.web.oidc.call import NOT_KEPT, OAuthCall, one
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()
BACKCHANNEL = f"{SIGN_IN}/ended"


@routes.answers("POST", BACKCHANNEL)
async def hear(call: OAuthCall) -> ASGIResponse:
    """Take a logout token; whatever is wrong with it is one answer (OpenID Connect Back-Channel Logout 1.0, 2.8)."""
    support, token = call.site.support, one(await call.form() or {}, "logout_token")
    if support.provider is None or not token:
        return call.error("invalid_request", "A form with one logout_token is needed.")
    arrival = Arrival(services=call.services, support=support, asked=support.provider, client=call.client)
    step = await sign_out_by_provider(arrival, token)
    if step.refusal:
        return call.error("invalid_request", "The logout token is not one for us, is too old, or came before.")
    return call.say({}, headers=NOT_KEPT)
