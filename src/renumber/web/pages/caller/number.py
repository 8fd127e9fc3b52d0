"""The number that the person on the phone reads out, or the link from the mailbox, that lead to a check."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal, Step
from renumber.flows.support.caller.opening import CallerTicket, look_at_caller_link, open_by_link, open_by_number
from renumber.web.exchange import Exchange
from renumber.web.pages.caller.held import CALLER, CHECK, hold
from renumber.web.refusals import problem_of, send_back, send_back_incomplete, status_of
from renumber.web.routes import Routes

routes = Routes()


@routes.for_anyone.show(CALLER)
async def show_number(exchange: Exchange) -> ASGIResponse:
    """Ask for the number that the person on the phone reads out."""
    returned = exchange.returned
    return exchange.page("caller.html", typed=returned.typed, lacks=returned.lacks)


@routes.for_anyone.act(CALLER)
async def type_number(exchange: Exchange) -> ASGIResponse:
    """Take the check of this number to this browser; a number that names none says nothing more."""
    number = exchange.form.get("number", "").strip()[:64]
    if not number:
        return send_back_incomplete(exchange, CALLER, "number")
    callers = exchange.site.support.callers
    step = await open_by_number(exchange.services, exchange.client, callers, number=number)
    return _opened(exchange, step, CALLER)


@routes.for_anyone.show("/caller/link/{token:path}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Explain the button; opening the link does nothing."""
    refusal = await look_at_caller_link(exchange.services, exchange.request.token)
    if refusal:
        return exchange.page("caller_end.html", status=status_of(refusal), end="over")
    return exchange.page("caller_link.html")


@routes.for_anyone.act("/caller/link/{token:path}")
async def press_link(exchange: Exchange) -> ASGIResponse:
    """Take the check to this browser."""
    step = await open_by_link(exchange.services, exchange.client, exchange.request.token)
    return _opened(exchange, step, exchange.request.here)


def _opened(exchange: Exchange, step: Step[CallerTicket | None], back: str) -> ASGIResponse:
    if step.refusal or step.state is None:
        refusal = step.refusal or Refusal.CHECK_UNKNOWN
        return send_back(exchange, back, refusal, problem=problem_of(exchange, refusal, open_at=step.open_at))
    hold(exchange, step.state)
    return exchange.redirect(CHECK)
