"""The page of a check: a caller chooses a method and answers, or says that it isn't them on the phone.

Nobody is signed in here, and the page says nothing of the account: neither which methods it has, nor whose it is.
"""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import CallerCheck
from renumber.flows.support.caller.answer import answer_check, choose_method, deny_call
from renumber.flows.support.caller.views import STANDS_OPEN, CheckPage, look_at_check
from renumber.policies.support.caller import CALLER_METHODS, CallerStand
from renumber.web.exchange import Exchange
from renumber.web.forms.returned_forms import Returned
from renumber.web.pages.caller.held import CHECK, held
from renumber.web.pages.push import stream_of
from renumber.web.refusals import problem_of, send_back_incomplete, status_of
from renumber.web.routes import Routes

routes = Routes()
METHODS = {method.value: method for method in CALLER_METHODS}
ENDS = {CallerStand.OUTDATED: CallerStand.PROVEN}  # that the call is over matters at the console alone
SAID_BY_PAGE = frozenset({Refusal.CHECK_OVER, Refusal.CHECK_UNKNOWN})


@routes.for_anyone.show(CHECK)
async def show_check(exchange: Exchange) -> ASGIResponse:
    """Show what can be chosen or has to be answered, and at the end what became of it."""
    view = await _look(exchange)
    if view is None:
        return exchange.page("caller_end.html", status=410 if held(exchange) else 404, end="over")
    if view.stand not in STANDS_OPEN:
        return exchange.page("caller_end.html", end=ENDS.get(view.stand, view.stand).value, method=view.check.method)
    choosing = view.check.method is None or exchange.request.query("method") == "other"
    template = "caller_choose.html" if choosing else "caller_push.html" if _is_push(view) else "caller_code.html"
    returned = exchange.returned
    return exchange.page(template, view=view, methods=list(METHODS), typed=returned.typed, lacks=returned.lacks)


def _is_push(view: CheckPage) -> bool:
    return view.check.method is Factor.PUSH


async def _look(exchange: Exchange) -> CheckPage | None:
    ticket = held(exchange)
    return await look_at_check(exchange.services, exchange.site.support.callers, ticket) if ticket else None


@routes.for_anyone.show(f"{CHECK}/events")
async def stream_answer(exchange: Exchange) -> ASGIResponse:
    """Tell the page as soon as the device has answered."""
    view = await _look(exchange)
    if view is None or view.prompt is None or exchange.request.is_head:
        return exchange.redirect(CHECK)
    return stream_of(exchange, view.prompt)


@routes.for_anyone.act(f"{CHECK}/method/{{method:str}}")
async def choose(exchange: Exchange) -> ASGIResponse:
    """Choose a method, or have it send once more."""
    method, ticket = METHODS.get(exchange.request.param("method")), held(exchange)
    if method is None or ticket is None:
        return exchange.redirect(CHECK)
    return _answered(exchange, await choose_method(exchange.services, exchange.client, ticket, method))


@routes.for_anyone.act(f"{CHECK}/code")
async def type_code(exchange: Exchange) -> ASGIResponse:
    """Take the code that was typed; it is never given back to the page."""
    ticket, code = held(exchange), exchange.form.get("code", "")[:64]
    if ticket is None:
        return exchange.redirect(CHECK)
    if not any(letter.isdigit() for letter in code):
        return send_back_incomplete(exchange, CHECK, "code")
    return _answered(exchange, await answer_check(exchange.services, exchange.client, ticket, code))


@routes.for_anyone.act(f"{CHECK}/not-me")
async def deny(exchange: Exchange) -> ASGIResponse:
    """End the check, since it isn't them on the phone."""
    ticket = held(exchange)
    if ticket is None:
        return exchange.redirect(CHECK)
    return _answered(exchange, await deny_call(exchange.services, exchange.client, ticket))


def _answered(exchange: Exchange, step: Step[CallerCheck | None]) -> ASGIResponse:
    if step.refusal is None or step.refusal in SAID_BY_PAGE:
        return exchange.redirect(CHECK)
    problem = problem_of(exchange, step.refusal, tries_left=step.tries_left, open_at=step.open_at)
    return exchange.send_back(CHECK, Returned(refusal=step.refusal, problem=problem), status_of(step.refusal))
