"""Entering the new number."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.domain.sign_in import SignInState
from renumber.flows.phone_change.new_number import enter_number
from renumber.flows.views import code_in_flight
from renumber.policies.numbers import country_of, read_number, written
from renumber.web.exchange import Exchange
from renumber.web.formats.country_names import country_options, country_rows
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of
from renumber.web.templating import Problem

routes = Routes()


@routes.show("/sign-in/number", Access.SIGN_IN)
async def show(exchange: Exchange) -> ASGIResponse:
    """Ask for country and number."""
    if exchange.progress.sign_in.state is not SignInState.AWAITING_NEW_NUMBER or exchange.progress.change is None:
        return exchange.go(page_of(exchange.progress.sign_in))
    if exchange.query("problem") == "capacity":
        return _refused(exchange, _preset(exchange), await _entered(exchange), refusal=Refusal.NUMBER_AT_CAPACITY)
    return _shown(exchange, _preset(exchange), await _entered(exchange))


async def _entered(exchange: Exchange) -> str:
    """What was typed before, so that a slip needs no typing anew; what a sign-in before this one entered stays masked,
    since it may have been somebody else's.
    """
    progress = exchange.progress
    if progress.intent is None:
        return ""
    sent = (await code_in_flight(exchange.site.reads, progress, progress.intent)).challenge
    is_own = sent is not None and sent.last_sent_at >= progress.sign_in.started_at
    return written(PhoneNumber(progress.intent.destination)) if is_own else ""


def _preset(exchange: Exchange) -> str:
    """The country of the old number, else that of the browser's locale, else the operator's."""
    change, rules = exchange.progress.change, exchange.services.rules.numbers
    number = (change.new_number or change.old_number) if change else None
    if number:
        return country_of(number, rules)
    region = exchange.request.headers.get("accept-language", "")[:5].partition("-")[2][:2].upper()
    served = {row[0] for row in country_rows(rules, exchange.language)}
    return region if region in served else rules.default_country


@routes.act("/sign-in/number", Access.SIGN_IN)
async def enter(exchange: Exchange) -> ASGIResponse:
    """Read the number and send it a code."""
    form = await exchange.form()
    typed, country = form.get("number", "").strip(), form.get("country", "")
    rules = exchange.services.rules.numbers
    if country not in {row[0] for row in country_rows(rules, exchange.language)}:
        country = rules.default_country
    number = read_number(typed, country, rules)
    if isinstance(number, Refusal):
        return _refused(exchange, country, typed, refusal=number)
    return await _enter(exchange, country, typed, number=number)


def _refused(exchange: Exchange, country: str, typed: str, *, refusal: Refusal) -> ASGIResponse:
    problem = problem_of(exchange, refusal, country=country)
    return _shown(exchange, country, typed, problem=problem, status=status_of(refusal))


async def _enter(exchange: Exchange, country: str, typed: str, *, number: PhoneNumber) -> ASGIResponse:
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    result = await enter_number(exchange.services, exchange.client, exchange.sign_in_ticket, number=number)
    if result.is_stale:
        return exchange.go(page_of(result))
    if result.refusal is Refusal.FACTOR_SUSPENDED:
        return exchange.go("/sign-in/number/code")
    if result.refusal:
        problem = problem_of(
            exchange, result.refusal, open_at=result.open_at, has_other=exchange.progress.has_other_method
        )
        return _shown(exchange, country, typed, problem=problem, status=status_of(result.refusal))
    return exchange.go("/sign-in/number/code")


def _shown(
    exchange: Exchange, country: str, typed: str = "", *, problem: Problem | None = None, status: int = 200
) -> ASGIResponse:
    change = exchange.progress.change
    old = change.old_number if change else None
    return exchange.page(
        "number.html",
        status=status,
        problem=problem,
        step=3 if old else None,
        country_options=country_options(exchange.services.rules.numbers, exchange.language, country),
        typed={"number": typed},
        old_number=masked(old),
        first=old is None,
        other_method_url="/sign-in/method" if exchange.progress.has_other_method else None,
    )
