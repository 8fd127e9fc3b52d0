"""The authorization endpoint (RFC 6749 3.1, OpenID Connect Core 3.1.2)."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc import authorize
from renumber.flows.oidc.authorize import Asked
from renumber.policies.oidc.onward import Failure, Onward
from renumber.policies.oidc.request import Mistake
from renumber.web.admission import session_of
from renumber.web.exchange import Exchange
from renumber.web.oidc.answers import answer_uri, error_uri, go, own_page
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
        return go(exchange, failure_uri(exchange, asked, due))
    if in_session and due is Onward.CODE:
        step = await authorize.give_code(exchange.services, exchange.client, in_session.ticket, asked)
        if step.state:
            return go(exchange, code_uri(exchange, asked, step.state.text))
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
    return go(exchange, error_uri(exchange.site.base_url, mistake)) if mistake.redirect_uri else own_page(exchange)


def code_uri(exchange: Exchange, asked: Asked, code: str) -> str:
    """The address at which the application takes the code."""
    return answer_uri(exchange.site.base_url, asked.request.redirect_uri, asked.request.state, code=code)


SAID = {
    Failure.LOGIN_REQUIRED: "The person has to sign in.",
    Failure.CONSENT_REQUIRED: "The person has to agree.",
    Failure.ACCESS_DENIED: "The person has not agreed.",
    Failure.UNMET: "The person has no method that would be strong enough.",
}


def failure_uri(exchange: Exchange, asked: Asked, failure: Failure) -> str:
    """The address at which the application hears why there is no code."""
    said = {"error": failure.value, "error_description": SAID[failure]}
    return answer_uri(exchange.site.base_url, asked.request.redirect_uri, asked.request.state, **said)
