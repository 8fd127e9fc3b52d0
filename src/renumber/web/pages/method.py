"""The choice among the methods of an account, and help for people who have none of them at hand."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.phone_number import masked
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.sign_in.method import choose_method
from renumber.flows.views import Progress
from renumber.policies.methods import Methods, methods_of
from renumber.web.admission import sign_in_of
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.formats.factor_rows import used_at
from renumber.web.pages.lost import may_report
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import page_of

routes = Routes()


@routes.for_anyone.show("/sign-in/help")
async def show_help(exchange: Exchange) -> ASGIResponse:
    """Say honestly what is possible without any of the methods."""
    in_sign_in = await sign_in_of(exchange.request)
    return _help_at_sign_in(in_sign_in) if in_sign_in else exchange.page("help.html", back_url="/sign-in")


def _help_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Answer in the sign-in, since the buttons go on with it, and its routes believe no form of a page for anyone."""
    progress, rules = exchange.progress, exchange.services.rules
    account, may_choose = progress.account, progress.sign_in.may_choose
    usable = [factor for factor in methods_of(account, rules.methods) if factor not in account.suspended]
    return exchange.page(
        "help.html",
        back_url=_before_help(progress),
        has=usable if may_choose else (),
        may_report=may_choose and may_report(account),
        new_number=_awaits_number(progress) and not rules.reenrolment_requires_factor,
    )


def _awaits_number(progress: Progress) -> bool:
    """Tell whether the phone stands for entering the new number, as it does after the reset."""
    return progress.account.number is None and bool(progress.change and progress.change.awaits_number)


def _before_help(progress: Progress) -> str:
    """Give the page whose last choice leads to the help."""
    return "/sign-in/method" if progress.sign_in.may_choose else page_of(progress.sign_in)


@routes.in_sign_in.show("/sign-in/method")
async def show_methods(exchange: SignInExchange) -> ASGIResponse:
    """List the methods of the account."""
    return await _page(exchange)


async def _page(exchange: SignInExchange, result: SignInResult | None = None) -> ASGIResponse:
    sign_in, account = exchange.progress.sign_in, exchange.progress.account
    if not sign_in.may_choose:
        return exchange.go_on()
    refusal = result.refusal if result else None
    return exchange.page(
        "methods.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        methods=_methods(exchange.progress, exchange.services.rules.methods),
        last_used=await _last_used(exchange, account),
        may_report=may_report(account),
        lost=_just_reported(exchange),
    )


async def _last_used(exchange: SignInExchange, account: Account) -> Factor | None:
    """Give the method that was last used, unless it was added and has not confirmed a sign-in yet."""
    last = account.last_factor
    if last is None or last not in account.second_factors:
        return None
    factor_list = await exchange.site.reads.factor_list(account.account_id)
    return last if used_at(account, factor_list, last) else None


def _just_reported(exchange: SignInExchange) -> str | None:
    """Give the method that the page before this one has suspended."""
    reported = exchange.request.query("lost")
    return reported if reported in exchange.progress.account.lost else None


def _methods(progress: Progress, methods: Methods) -> list[dict[str, Any]]:
    """List the methods, strongest first; after the reset the phone stands for entering the new number."""
    account = progress.account
    listed = [_method(account, factor) for factor in methods_of(account, methods)]
    if _awaits_number(progress):
        listed.append({**_method(account, Factor.PHONE), "new_number": True})
    return listed


def _method(account: Account, factor: Factor) -> dict[str, Any]:
    return {
        "key": factor.value,
        "detail": masked(account.number) if factor is Factor.PHONE else "",
        "url": f"/sign-in/method/{factor}",
        "new_number": False,
        "state": "lost" if factor in account.lost else "paused" if factor in account.suspended else "",
    }


@routes.in_sign_in.act("/sign-in/method/{factor:str}")
async def choose(exchange: SignInExchange) -> ASGIResponse:
    """Go on with another method; choosing the one that is asked for sends nothing twice."""
    chosen = exchange.request.param("factor")
    if chosen not in {factor.value for factor in Factor}:
        return await _page(exchange)
    result = await choose_method(exchange.services, exchange.client, exchange.ticket, factor=Factor(chosen))
    if result.refusal and not result.is_stale:
        return await _page(exchange, result)
    return exchange.go_on(result)
