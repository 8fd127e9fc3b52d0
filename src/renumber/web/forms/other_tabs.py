"""A form of a sign-in that went on meanwhile, in another tab: its browser is led to where that stands, and told so."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal, Step
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.access import NO_FORM, Expired, Form
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.forms.returned_forms import Overtaken, Returned
from renumber.web.problem import asks_a_program
from renumber.web.sign_in_pages import page_of

KEPT = ("code", "country", "number")
CODE_PAGES = {"/sign-in/number": "/sign-in/number/code", "/sign-in/release": "/sign-in/release/email"}
LIFT = "/sign-in/lift"


def of_older_sign_in(exchange: Exchange, expired: Expired) -> ASGIResponse:
    """Lead from a page of an older sign-in to the one that is due in the newer, with what was typed, and check nothing.

    Only a post of which the browser vouches that one of our pages sent it is read; anything else stays refused.
    """
    if not (isinstance(exchange, SignInExchange) and expired.form) or asks_a_program(exchange.request):
        raise expired
    path = _due(exchange, expired.form)
    typed = {name: expired.form[name] for name in KEPT if name in expired.form}
    fits = path == exchange.request.here  # a code of the app is none of a text
    return exchange.hand_on(path, Returned(overtaken=Overtaken.NEWER_SIGN_IN, typed=typed if fits else NO_FORM))


def of_earlier_step(exchange: SignInExchange, step: Step[SignInResult | None]) -> ASGIResponse:
    """Lead from a step that is over to the one that is due, and say why what was typed isn't asked for any more."""
    is_typed = any(exchange.form.get(name) for name in KEPT)
    is_over = step.refusal in (Refusal.NOT_NOW, Refusal.NO_CODE)
    if not (is_typed and is_over) or asks_a_program(exchange.request):
        return exchange.go_on(step)
    return exchange.hand_on(page_of(exchange.progress.sign_in), Returned(overtaken=Overtaken.LATER_STEP))


def _due(exchange: SignInExchange, form: Form) -> str:
    """Name the page of the step that is due; of a step with several pages, the one for what was typed."""
    here, due = exchange.request.here, page_of(exchange.progress.sign_in)
    if here == LIFT:
        return here
    return CODE_PAGES.get(due, due) if "code" in form and exchange.progress.intent else due
