"""The page on which the new number is entered."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.domain.sign_in import SignInState
from renumber.flows.phone_change import new_number
from renumber.flows.sign_in.in_progress import SignInResult, is_stale
from renumber.policies.numbers import country_meant, country_of, read_number, written
from renumber.web import cookies
from renumber.web.access import Form
from renumber.web.exchange import SignInExchange
from renumber.web.formats.country_names import country_options, country_rows
from renumber.web.forms.kept_entries import kept
from renumber.web.forms.other_tabs import of_earlier_step
from renumber.web.forms.typed_number import keep_typed, typed_in_sign_in
from renumber.web.refusals import problem_of, send_back
from renumber.web.routes import Routes

routes = Routes()

HERE = "/sign-in/number"
Enter = Callable[..., Awaitable[Step[SignInResult | None]]]


@routes.in_sign_in.show(HERE)
async def show_number(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the country and the new number."""
    progress = exchange.progress
    if progress.sign_in.state is not SignInState.AWAITING_NEW_NUMBER or progress.change is None:
        return exchange.go_on()
    typed = exchange.returned.typed or _kept(exchange)
    if typed:
        return _page(exchange, *_typed(exchange, typed))
    return _page(exchange, _preset(exchange), _entered(exchange))


def _kept(exchange: SignInExchange) -> Form:
    """Give back, once, what this browser had typed here when its sign-in was over."""
    typed = kept(exchange.request, exchange.progress.account.account_id, exchange.now)
    if typed:
        exchange.set_cookie(cookies.removed(cookies.KEPT_ENTRY))
    return typed


def _entered(exchange: SignInExchange) -> str:
    """Give the number that was entered before in this browser, so that a slip needs no typing anew."""
    number = exchange.progress.change.new_number if exchange.progress.change else None
    return written(number) if number and typed_in_sign_in(exchange, number) else ""


def _preset(exchange: SignInExchange) -> str:
    """Give the first of the likely countries that texts are sent to."""
    return next(iso for iso in _likely(exchange) if iso == _served(exchange, iso))


def _likely(exchange: SignInExchange) -> list[str]:
    """List the country of what was just typed here, of the old number, of the browser's locale, and the operator's."""
    change, rules = exchange.progress.change, exchange.services.rules.numbers
    typed = (
        change.new_number if change and change.new_number and typed_in_sign_in(exchange, change.new_number) else None
    )
    numbers = [number for number in (typed, change.old_number if change else None) if number]
    of_locale = exchange.request.header("accept-language")[:5].partition("-")[2][:2].upper()
    return [*(country_of(number, rules) for number in numbers), of_locale, rules.default_country]


@routes.in_sign_in.act(HERE, keeps=("country", "number"))
async def enter_number(exchange: SignInExchange) -> ASGIResponse:
    """Read the number and send it a code."""
    return await _read(exchange, new_number.enter_number)


@routes.in_sign_in.act("/sign-in/number/old")
async def keep_old_number(exchange: SignInExchange) -> ASGIResponse:
    """Send the old number a code after all."""
    return await _read(exchange, new_number.keep_old_number)


async def _read(exchange: SignInExchange, enter: Enter) -> ASGIResponse:
    country, typed = _typed(exchange, exchange.form)
    number = read_number(typed, country, exchange.services.rules.numbers)
    if isinstance(number, Refusal):
        return _refused(exchange, country, typed, refusal=number)
    return await _enter(exchange, country, typed, number=number, enter=enter)


def _typed(exchange: SignInExchange, form: Form) -> tuple[str, str]:
    """Give the country and the number that were entered; a calling code that was typed along picks its country."""
    typed, picked = form.get("number", "").strip(), _served(exchange, form.get("country", ""))
    meant = country_meant(typed, picked, exchange.services.rules.numbers)
    return (meant if meant == _served(exchange, meant) else picked), typed


def _served(exchange: SignInExchange, country: str) -> str:
    """Give a country that we send texts to as it is, and the operator's own for any other."""
    rules = exchange.services.rules.numbers
    return country if country in {row[0] for row in country_rows(rules, exchange.language)} else rules.default_country


def _refused(
    exchange: SignInExchange, country: str, typed: str, *, refusal: Refusal, open_at: datetime | None = None
) -> ASGIResponse:
    has_other = exchange.progress.has_other_method
    problem = problem_of(exchange, refusal, open_at=open_at, country=country, has_other=has_other)
    return send_back(exchange, HERE, refusal, problem=problem, typed={"country": country, "number": typed})


async def _enter(
    exchange: SignInExchange, country: str, typed: str, *, number: PhoneNumber, enter: Enter
) -> ASGIResponse:
    step = await enter(exchange.services, exchange.client, exchange.ticket, number=number)
    if is_stale(step):
        return of_earlier_step(exchange, step)
    if step.refusal is Refusal.FACTOR_SUSPENDED:
        return exchange.redirect("/sign-in/number/code")
    if step.refusal:
        return _refused(exchange, country, typed, refusal=step.refusal, open_at=step.open_at)
    keep_typed(exchange, number)
    return exchange.redirect("/sign-in/number/code")


def _page(exchange: SignInExchange, country: str, typed: str = "") -> ASGIResponse:
    progress, rules = exchange.progress, exchange.services.rules.numbers
    old = progress.change.old_number if progress.change else None
    return exchange.page(
        "number.html",
        country_options=country_options(rules, exchange.language, country, likely=_likely(exchange)),
        typed={"number": typed, "country": country},
        is_old=exchange.returned.refusal is Refusal.NUMBER_IS_OLD,
        old_number=masked(old),
        first=old is None,
        other_method_url="/sign-in/method" if progress.has_other_method else None,
        back_url="/profile" if progress.sign_in.session_id else None,
    )
