"""Signing in to the console by the company's identity provider, and out of it again."""

import msgspec
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.ports.provider import AuthorizationRequest
from renumber.flows.support.provider import (
    Arrival,
    ProviderAnswer,
    begin_sign_in,
    sign_in_by_provider,
    sign_out_of_console,
)
from renumber.policies.support.provider import SIGN_IN_FOR
from renumber.web import cookies
from renumber.web.console.exchange import SIGN_IN
from renumber.web.cookies import SetCookie
from renumber.web.exchange import Exchange
from renumber.web.forms.returned_forms import Returned
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes

routes = Routes()
CALLBACK = f"{SIGN_IN}/done"
MOST_CODE = 4096  # characters


class Begun(msgspec.Struct, frozen=True):
    """The secrets of a sign-in that was begun in this browser, as it keeps them for us."""

    state: str
    nonce: str
    verifier: str


@routes.for_anyone.show(SIGN_IN)
async def show_sign_in(exchange: Exchange) -> ASGIResponse:
    """Offer the company's account, and an account here."""
    return exchange.page("console/sign_in.html", is_signed_out=exchange.request.query("signed") == "out")


@routes.for_anyone.show(f"{SIGN_IN}/start")
async def start(exchange: Exchange) -> ASGIResponse:
    """Send the browser to the provider, with secrets that it alone can come back with."""
    provider = exchange.site.support.provider
    if provider is None or exchange.request.is_head:
        return exchange.page("error.html", status=404)
    step = await begin_sign_in(exchange.services, provider)
    if step.state is None:
        return refused(exchange, step.refusal)
    asked, address = step.state
    begun = Begun(asked.state, asked.nonce, asked.verifier)
    exchange.set_cookie(
        sealed_cookie(
            exchange.request, cookies.STAFF_SIGN_IN, begun, place=SIGN_IN, now=exchange.now, lives_for=SIGN_IN_FOR
        )
    )
    return exchange.redirect(address)


@routes.for_anyone.show(CALLBACK)
async def finish(exchange: Exchange) -> ASGIResponse:
    """Take the answer of the provider, once, and let in whom it vouches for; it leads nowhere but to the console."""
    support, request = exchange.site.support, exchange.request
    if support.provider is None or request.is_head:
        return exchange.page("error.html", status=404)
    begun = open_sealed(request, cookies.STAFF_SIGN_IN, Begun, place=SIGN_IN, now=exchange.now)
    exchange.set_cookie(cookies.removed(cookies.STAFF_SIGN_IN))
    answer = ProviderAnswer(
        begun=AuthorizationRequest(begun.state, begun.nonce, begun.verifier) if begun else None,
        state=request.query("state"),
        code=request.query("code")[:MOST_CODE],
        issuer=request.query("iss"),
        error=request.query("error"),
        locale=exchange.language,
    )
    arrival = Arrival(services=exchange.services, support=support, asked=support.provider, client=exchange.client)
    step = await sign_in_by_provider(arrival, answer)
    if step.state is None:
        return refused(exchange, step.refusal)
    exchange.set_cookie(SetCookie(cookies.STAFF, step.state.text, support.provider_rules.session_for))
    return exchange.redirect("/console")


@routes.for_anyone.act("/console/sign-out")
async def sign_out(exchange: Exchange) -> ASGIResponse:
    """End the session at the console that this browser has from the provider."""
    ticket = exchange.request.staff_ticket
    if ticket:
        await sign_out_of_console(exchange.services, exchange.client, ticket)
    exchange.set_cookie(cookies.removed(cookies.STAFF))
    return exchange.redirect(f"{SIGN_IN}?signed=out")


def refused(exchange: Exchange, refusal: Refusal | None) -> ASGIResponse:
    """Lead to the page from which one signs in again, which says why nobody was let in and what would help."""
    problem = problem_of(exchange, refusal)
    return exchange.send_back(SIGN_IN, Returned(refusal=refusal, problem=problem), status_of(refusal))
