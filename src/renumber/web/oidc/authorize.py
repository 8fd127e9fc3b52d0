"""The authorization endpoint (RFC 6749 3.1, OpenID Connect Core 3.1.2)."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc import authorize
from renumber.flows.oidc.authorize import Asked
from renumber.policies.oidc.onward import Failure, Onward
from renumber.policies.oidc.request import Mistake
from renumber.web.admission import session_of
from renumber.web.exchange import Exchange
from renumber.web.oidc.answers import Answer, answer_to, error_to, own_page, send
from renumber.web.oidc.call import OAuthCall, Params, one
from renumber.web.oidc.routes import OAuthRoutes

routes = OAuthRoutes()


@routes.answers("GET POST", "/oauth/authorize")
async def ask(call: OAuthCall) -> ASGIResponse:
    """Take a request by its address, or by a form."""
    return await (_ask_by_form(call) if call.request.is_post else _ask_by_address(call))


async def _ask_by_address(call: OAuthCall) -> ASGIResponse:
    """Answer a request at once, if the person is signed in well enough, or keep it and lead on to what is due."""
    exchange = Exchange(call.request)
    asked = await _read(call, call.queried())
    if isinstance(asked, Mistake):
        return _refuse(exchange, asked)
    in_session = await session_of(call.request)
    due = await authorize.due(exchange.services, asked, in_session.visit if in_session else None)
    if isinstance(due, Failure):
        return send(exchange, failure(exchange, asked, due))
    if in_session and due is Onward.CODE:
        step = await authorize.give_code(exchange.services, exchange.client, in_session.ticket, asked)
        if step.state:
            return send(exchange, answer_to(exchange, asked, code=step.state.text))
    return await _keep(exchange, asked)


async def _ask_by_form(call: OAuthCall) -> ASGIResponse:
    """Take a posted request, which comes without our cookies from another site: keep it, and go on by our own GET.

    It changes nothing of any account, and so it needs no proof that a page of ours has sent it.
    """
    exchange = Exchange(call.request)
    asked = await _read(call, await call.form())
    if isinstance(asked, Mistake):
        return _refuse(exchange, asked)
    return await _keep(exchange, asked)


async def _keep(exchange: Exchange, asked: Asked) -> ASGIResponse:
    named, exchange.retry_at = await authorize.admit(exchange.services, exchange.client, asked)
    if exchange.retry_at:
        return exchange.page("error.html", status=429)
    return exchange.redirect(f"/oauth/continue/{named}")


async def _read(call: OAuthCall, params: Params | None) -> Asked | Mistake:
    if params is None:
        return Mistake(error="invalid_request", description="The parameters can't be read.")
    if "request_uri" in params:
        return await authorize.pushed(call.services, one(params, "request_uri"), one(params, "client_id"))
    return await authorize.read(call.services, params)


def _refuse(exchange: Exchange, mistake: Mistake) -> ASGIResponse:
    return send(exchange, error_to(exchange, mistake)) if mistake.redirect_uri else own_page(exchange)


SAID = {
    Failure.LOGIN_REQUIRED: "The person has to sign in.",
    Failure.CONSENT_REQUIRED: "The person has to agree.",
    Failure.ACCESS_DENIED: "The person has not agreed.",
    Failure.UNMET: "The person has not shown a method that is strong enough.",
}


def failure(exchange: Exchange, asked: Asked, why: Failure) -> Answer:
    """Tell the application why there is no code."""
    return answer_to(exchange, asked, error=why.value, error_description=SAID[why])
