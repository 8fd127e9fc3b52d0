"""The pages between a sign-in and the application that asked for it."""

from litestar.response.base import ASGIResponse

from renumber.domain.applications.journey import Journey
from renumber.flows.journey.begin import begin_for_application
from renumber.flows.oidc import authorize
from renumber.flows.oidc.authorize import Asked
from renumber.policies.oidc.onward import Failure, Onward
from renumber.web.admission import session_of
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.scope_texts import in_order
from renumber.web.formats.verbs import reauthentication_path
from renumber.web.forms.asked_for import request_id
from renumber.web.forms.kept_journey import keep_journey
from renumber.web.oidc.answers import Answer, answer_to, leave, own_page
from renumber.web.oidc.authorize import failure
from renumber.web.routes import Routes

routes = Routes()


@routes.for_anyone.show("/oauth/continue/{request_id:str}")
async def go_on(exchange: Exchange) -> ASGIResponse:
    """Lead on to what a request still needs, and at last to the application."""
    asked = await asked_for_here(exchange)
    if asked is None:
        return own_page(exchange, 410)
    in_session = await session_of(exchange.request)
    due = await authorize.due(exchange.services, asked, in_session.visit if in_session else None)
    if exchange.request.is_head:  # a look ahead uses no request up, and gives no code
        return exchange.page("leaving.html", uri=exchange.request.here, application=asked.application.name)
    if isinstance(due, Failure):
        return await leave_with(exchange, asked, due)
    if in_session and due is Onward.CODE:
        return await _give_code(in_session, asked)
    if in_session and due is Onward.ACTION:
        return await _begin_action(in_session, asked)
    return exchange.redirect(_page_of(due, asked.request_id))


async def asked_for_here(exchange: Exchange) -> Asked | None:
    """Find the request that the address of the page names."""
    named = request_id(exchange.request.param("request_id"))
    return await authorize.find(exchange.services, named) if named else None


def _page_of(due: Onward, named: str) -> str:
    here = f"/oauth/continue/{named}"
    match due:
        case Onward.REAUTHENTICATE:
            return reauthentication_path(here)
        case Onward.STEP_UP:
            return f"/oauth/step-up/{named}"
        case Onward.CONSENT:
            return f"/oauth/consent/{named}"
        case Onward.SIGN_IN_ANEW:
            return f"/sign-in?request={named}&anew=1"
    return f"/sign-in?request={named}"


async def _give_code(exchange: SessionExchange, asked: Asked) -> ASGIResponse:
    step = await authorize.give_code(exchange.services, exchange.client, exchange.ticket, asked)
    if step.state is None:
        return exchange.redirect(f"/sign-in?request={asked.request_id}")
    return await _leave(exchange, asked, answer_to(exchange, asked, code=step.state.text))


async def _begin_action(exchange: SessionExchange, asked: Asked) -> ASGIResponse:
    """Lead the person to what the application sent them here to do; the way back begins a sign-in of its own."""
    assert asked.request.action, "there is something to do"
    await exchange.services.requests.drop(asked.request_id)
    await begin_for_application(exchange.services, exchange.client, exchange.ticket, asked.request.client_id)
    keep_journey(exchange, exchange.visit.account.account_id, Journey(asked.request.action, asked.request.client_id))
    return exchange.redirect("/journey")


async def leave_with(exchange: Exchange, asked: Asked, why: Failure) -> ASGIResponse:
    """Go back to the application with an error."""
    return await _leave(exchange, asked, failure(exchange, asked, why))


async def _leave(exchange: Exchange, asked: Asked, answer: Answer) -> ASGIResponse:
    """Take the answer to the application. The request is over with it, so that going back brings no second code."""
    await exchange.services.requests.drop(asked.request_id)
    return leave(exchange, answer)


@routes.in_session.show("/oauth/consent/{request_id:str}")
async def show_consent(exchange: SessionExchange) -> ASGIResponse:
    """Ask whether somebody else's application may learn of the person."""
    asked = await asked_for_here(exchange)
    if asked is None:
        return own_page(exchange, 410)
    if await authorize.due(exchange.services, asked, exchange.visit) is not Onward.CONSENT:
        return exchange.redirect(f"/oauth/continue/{asked.request_id}")
    return exchange.page(
        "consent.html",
        application=asked.application.name,
        host=_host(asked.request.redirect_uri),
        scopes=in_order(asked.request.scopes),
    )


def _host(uri: str) -> str:
    return uri.split("/")[2] if "://" in uri else ""


@routes.in_session.act("/oauth/consent/{request_id:str}")
async def answer_consent(exchange: SessionExchange) -> ASGIResponse:
    """Remember that the person agrees, and go on; a no goes back to the application as such."""
    asked = await asked_for_here(exchange)
    if asked is None:
        return exchange.redirect(exchange.request.here)  # where the page says so, and can be loaded again
    if exchange.form.get("answer") != "yes":
        return await leave_with(exchange, asked, Failure.ACCESS_DENIED)
    await authorize.agree(exchange.services, exchange.client, exchange.ticket, asked)
    return exchange.redirect(f"/oauth/continue/{asked.request_id}")
