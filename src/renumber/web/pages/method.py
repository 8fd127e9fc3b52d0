"""The picker: every method that the account has, and what to do with none of them."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.phone_number import masked
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.sign_in.method import choose_method
from renumber.flows.views import Progress
from renumber.policies.methods import Methods, methods_of
from renumber.web.access import progress_of
from renumber.web.exchange import Exchange
from renumber.web.formats.factor_rows import used_at
from renumber.web.pages.lost import may_report
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()


@routes.show("/sign-in/help")
async def show_help(exchange: Exchange) -> ASGIResponse:
    """Say honestly what is possible without any of the methods."""
    progress = await progress_of(exchange)
    if progress is None:
        return exchange.page("help.html", back_url="/sign-in")
    exchange.is_for_anyone = False  # its buttons go on with the sign-in, whose pages believe no other form
    account, rules = progress.account, exchange.services.rules
    usable = [factor for factor in methods_of(account, rules.methods) if factor not in account.suspended]
    return exchange.page(
        "help.html",
        back_url=_before_help(progress),
        has=usable if progress.sign_in.may_choose else (),
        may_report=progress.sign_in.may_choose and may_report(account),
        new_number=_awaits_number(progress) and not rules.reenrolment_requires_factor,
    )


def _awaits_number(progress: Progress) -> bool:
    """Whether the phone stands for entering the new number, as it does after the reset."""
    return progress.account.number is None and bool(progress.change and progress.change.awaits_number)


def _before_help(progress: Progress) -> str:
    """The page whose last choice leads to the help."""
    return "/sign-in/method" if progress.sign_in.may_choose else page_of(progress.sign_in)


@routes.show("/sign-in/method", Access.SIGN_IN)
async def show_methods(exchange: Exchange) -> ASGIResponse:
    """List what the account has."""
    return await _shown(exchange)


async def _shown(exchange: Exchange, result: SignInResult | None = None) -> ASGIResponse:
    sign_in, account = exchange.progress.sign_in, exchange.progress.account
    if not sign_in.may_choose:
        return exchange.go(page_of(sign_in))
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


async def _last_used(exchange: Exchange, account: Account) -> Factor | None:
    """The method at hand, unless it was added and has not confirmed a sign-in yet."""
    last = account.last_factor
    if last is None or last not in account.second_factors:
        return None
    factor_list = await exchange.site.reads.factor_list(account.account_id)
    return last if used_at(account, factor_list, last) else None


def _just_reported(exchange: Exchange) -> str | None:
    """The method that the page before this one has suspended."""
    reported = exchange.query("lost")
    return reported if reported in exchange.progress.account.lost else None


def _methods(progress: Progress, methods: Methods) -> list[dict[str, Any]]:
    """Strongest first; after the reset the phone stands for entering the new number."""
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


@routes.act("/sign-in/method/{factor:str}", Access.SIGN_IN)
async def choose(exchange: Exchange) -> ASGIResponse:
    """Go on with another method; choosing the one that is asked for sends nothing twice."""
    await exchange.form()
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    chosen = exchange.param("factor")
    if chosen not in {factor.value for factor in Factor}:
        return await _shown(exchange)
    result = await choose_method(exchange.services, exchange.client, exchange.sign_in_ticket, factor=Factor(chosen))
    if result.refusal and not result.is_stale:
        return await _shown(exchange, result)
    return exchange.go(page_of(result))
