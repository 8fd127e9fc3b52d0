"""The page that asks for a stronger method on behalf of an application, and the way back for who gives up."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.flows.oidc import authorize
from renumber.flows.oidc.authorize import Asked
from renumber.flows.oidc.step_up import begin_step_up, methods_for
from renumber.policies.oidc.onward import Onward, declined
from renumber.web import cookies
from renumber.web.exchange import SessionExchange, onward_path
from renumber.web.oidc.answers import own_page
from renumber.web.oidc.onward import asked_for_here, leave_with
from renumber.web.refusals import send_back
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import page_of

routes = Routes()


@routes.in_session.show("/oauth/step-up/{request_id:str}")
async def show_step_up(exchange: SessionExchange) -> ASGIResponse:
    """Say which application asks for a stronger method, and list those that the person has; looking sends nothing."""
    asked = await asked_for_here(exchange)
    if asked is None:
        return own_page(exchange, 410)
    if await authorize.due(exchange.services, asked, exchange.visit) is not Onward.STEP_UP:
        return exchange.redirect(onward_path(asked.request_id))
    return exchange.page(
        "step_up.html",
        application=asked.application.name,
        request_id=asked.request_id,
        methods=[factor.value for factor in methods_for(exchange.services, asked, exchange.visit)],
    )


@routes.in_session.act("/oauth/step-up/{request_id:str}")
async def choose(exchange: SessionExchange) -> ASGIResponse:
    """Go on with one of the methods; the session stays beside it."""
    asked = await asked_for_here(exchange)
    chosen = exchange.form.get("method", "")
    if asked is None or chosen not in set(Factor):
        return exchange.redirect(exchange.request.here)  # where the page says so, and can be loaded again
    if await authorize.due(exchange.services, asked, exchange.visit) is not Onward.STEP_UP:
        return exchange.redirect(onward_path(asked.request_id))
    return await _begin(exchange, asked, Factor(chosen))


async def _begin(exchange: SessionExchange, asked: Asked, factor: Factor) -> ASGIResponse:
    step = await begin_step_up(exchange.services, exchange.client, exchange.ticket, asked, factor)
    if step.state is None or step.state.ticket is None:
        return send_back(exchange, exchange.request.here, step.refusal)
    exchange.open_sign_in_beside_session(step.state.ticket)
    exchange.lead_on(step.state.ticket, asked.request_id)
    return exchange.redirect(page_of(step.state))


@routes.in_session.act("/oauth/decline/{request_id:str}")
async def decline(exchange: SessionExchange) -> ASGIResponse:
    """Go back to the application without what it asks for, which it is told; the session is what it was."""
    asked = await asked_for_here(exchange)
    why = declined(await authorize.due(exchange.services, asked, exchange.visit)) if asked else None
    if asked is None or why is None:
        return exchange.redirect(onward_path(exchange.request.param("request_id")))
    exchange.set_cookie(cookies.removed(cookies.SIGN_IN))
    return await leave_with(exchange, asked, why)
