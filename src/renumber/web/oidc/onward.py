"""The pages between a sign-in and the application that asked for it."""

from litestar.response.base import ASGIResponse

from renumber.flows.oidc import authorize
from renumber.flows.oidc.authorize import Asked
from renumber.policies.oidc.onward import Failure, Onward
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.admission import session_of
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.verbs import reauthentication_path
from renumber.web.forms.asked_for import request_id
from renumber.web.oidc.answers import own_page
from renumber.web.oidc.authorize import code_uri, failure_uri
from renumber.web.routes import Routes

routes = Routes()

# Who somebody is first, then what it may see and do, and that it lasts last.
TOLD_IN_ORDER = ("profile", "email", "phone", *PersonScope, "offline_access")


@routes.for_anyone.show("/oauth/continue/{request_id:str}")
async def go_on(exchange: Exchange) -> ASGIResponse:
    """Lead on to what a request still needs, and at last to the application."""
    asked = await _asked(exchange)
    if asked is None:
        return own_page(exchange, 410)
    in_session = await session_of(exchange.request)
    due = await authorize.due(exchange.services, asked, in_session.visit if in_session else None)
    if exchange.request.is_head:  # a look ahead uses no request up, and gives no code
        return exchange.page("leaving.html", uri=exchange.request.here, application=asked.application.name)
    if isinstance(due, Failure):
        return await _leave(exchange, asked, failure_uri(exchange, asked, due))
    if in_session and due is Onward.CODE:
        return await _give_code(in_session, asked)
    return exchange.redirect(_page_of(due, asked.request_id))


async def _asked(exchange: Exchange) -> Asked | None:
    named = request_id(exchange.request.param("request_id"))
    return await authorize.find(exchange.services, named) if named else None


def _page_of(due: Onward, named: str) -> str:
    here = f"/oauth/continue/{named}"
    match due:
        case Onward.REAUTHENTICATE:
            return reauthentication_path(here)
        case Onward.CONSENT:
            return f"/oauth/consent/{named}"
        case Onward.SIGN_IN_ANEW:
            return f"/sign-in?request={named}&anew=1"
    return f"/sign-in?request={named}"


async def _give_code(exchange: SessionExchange, asked: Asked) -> ASGIResponse:
    step = await authorize.give_code(exchange.services, exchange.client, exchange.ticket, asked)
    if step.state is None:
        return exchange.redirect(f"/sign-in?request={asked.request_id}")
    return await _leave(exchange, asked, code_uri(exchange, asked, step.state.text))


async def _leave(exchange: Exchange, asked: Asked, uri: str) -> ASGIResponse:
    """Go on by a page, not by a redirect: where a form led here, `form-action` would hold for the application too.

    The request is over with it, so that going back brings no second code.
    """
    await exchange.services.requests.drop(asked.request_id)
    return exchange.page("leaving.html", uri=uri, application=asked.application.name)


@routes.in_session.show("/oauth/consent/{request_id:str}")
async def show_consent(exchange: SessionExchange) -> ASGIResponse:
    """Ask whether somebody else's application may learn of the person."""
    asked = await _asked(exchange)
    if asked is None:
        return own_page(exchange, 410)
    if await authorize.due(exchange.services, asked, exchange.visit) is not Onward.CONSENT:
        return exchange.redirect(f"/oauth/continue/{asked.request_id}")
    return exchange.page(
        "consent.html",
        application=asked.application.name,
        host=_host(asked.request.redirect_uri),
        scopes=[scope for scope in TOLD_IN_ORDER if scope in asked.request.scopes],
    )


def _host(uri: str) -> str:
    return uri.split("/")[2] if "://" in uri else ""


@routes.in_session.act("/oauth/consent/{request_id:str}")
async def answer_consent(exchange: SessionExchange) -> ASGIResponse:
    """Remember that the person agrees, and go on; a no goes back to the application as such."""
    asked = await _asked(exchange)
    if asked is None:
        return exchange.redirect(exchange.request.here)  # where the page says so, and can be loaded again
    if exchange.form.get("answer") != "yes":
        return await _leave(exchange, asked, failure_uri(exchange, asked, Failure.ACCESS_DENIED))
    await authorize.agree(exchange.services, exchange.client, exchange.ticket, asked)
    return exchange.redirect(f"/oauth/continue/{asked.request_id}")
