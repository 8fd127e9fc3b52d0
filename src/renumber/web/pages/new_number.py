"""The page on which the new number is entered."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.domain.sign_in import SignInState
from renumber.flows.phone_change import new_number
from renumber.flows.sign_in.in_progress import is_stale
from renumber.flows.views import code_in_flight
from renumber.policies.numbers import country_of, read_number, written
from renumber.web import cookies
from renumber.web.access import Form
from renumber.web.exchange import SignInExchange
from renumber.web.formats.country_names import country_options, country_rows
from renumber.web.forms.kept_entries import kept
from renumber.web.refusals import problem_of, send_back
from renumber.web.routes import Routes

routes = Routes()

HERE = "/sign-in/number"


@routes.in_sign_in.show(HERE)
async def show_number(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the country and the new number."""
    progress = exchange.progress
    if progress.sign_in.state is not SignInState.AWAITING_NEW_NUMBER or progress.change is None:
        return exchange.go_on()
    typed = exchange.returned.typed or _kept(exchange)
    if typed:
        return _page(exchange, _served(exchange, typed.get("country", "")), typed.get("number", ""))
    return _page(exchange, _preset(exchange), await _entered(exchange))


def _kept(exchange: SignInExchange) -> Form:
    """Give back, once, what this browser had typed here when its sign-in was over."""
    typed = kept(exchange.request, exchange.progress.account.account_id, exchange.now)
    if typed:
        exchange.set_cookie(cookies.removed(cookies.KEPT_ENTRY))
    return typed


async def _entered(exchange: SignInExchange) -> str:
    """Give the number that was entered before, so that a slip needs no typing anew.

    What a sign-in before this one entered stays masked, since it may have been somebody else's.
    """
    progress = exchange.progress
    if progress.intent is None:
        return ""
    sent = (await code_in_flight(exchange.services, progress, progress.intent)).challenge
    is_own = sent is not None and sent.last_sent_at >= progress.sign_in.started_at
    return written(PhoneNumber(progress.intent.destination)) if is_own else ""


def _preset(exchange: SignInExchange) -> str:
    """Give the country of the old number, else that of the browser's locale, else the operator's."""
    change, rules = exchange.progress.change, exchange.services.rules.numbers
    number = (change.new_number or change.old_number) if change else None
    if number:
        return country_of(number, rules)
    return _served(exchange, exchange.request.header("accept-language")[:5].partition("-")[2][:2].upper())


@routes.in_sign_in.act(HERE, keeps=("country", "number"))
async def enter_number(exchange: SignInExchange) -> ASGIResponse:
    """Read the number and send it a code."""
    typed, country = exchange.form.get("number", "").strip(), _served(exchange, exchange.form.get("country", ""))
    number = read_number(typed, country, exchange.services.rules.numbers)
    if isinstance(number, Refusal):
        problem = problem_of(exchange, number, country=country)
        return send_back(exchange, HERE, number, problem=problem, typed={"country": country, "number": typed})
    return await _enter(exchange, country, typed, number=number)


def _served(exchange: SignInExchange, country: str) -> str:
    """Give a country that we send texts to as it is, and the operator's own for any other."""
    rules = exchange.services.rules.numbers
    return country if country in {row[0] for row in country_rows(rules, exchange.language)} else rules.default_country


async def _enter(exchange: SignInExchange, country: str, typed: str, *, number: PhoneNumber) -> ASGIResponse:
    step = await new_number.enter_number(exchange.services, exchange.client, exchange.ticket, number=number)
    if is_stale(step):
        return exchange.go_on(step)
    if step.refusal is Refusal.FACTOR_SUSPENDED:
        return exchange.redirect("/sign-in/number/code")
    if step.refusal:
        problem = problem_of(exchange, step.refusal, open_at=step.open_at, has_other=exchange.progress.has_other_method)
        return send_back(exchange, HERE, step.refusal, problem=problem, typed={"country": country, "number": typed})
    return exchange.redirect("/sign-in/number/code")


def _page(exchange: SignInExchange, country: str, typed: str = "") -> ASGIResponse:
    change = exchange.progress.change
    old = change.old_number if change else None
    return exchange.page(
        "number.html",
        step=exchange.step,
        country_options=country_options(exchange.services.rules.numbers, exchange.language, country),
        typed={"number": typed},
        old_number=masked(old),
        first=old is None,
        other_method_url="/sign-in/method" if exchange.progress.has_other_method else None,
    )
