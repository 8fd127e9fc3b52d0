"""Reporting a method lost, at a sign-in or on the profile, and restoring it."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.flows.factors import lost
from renumber.policies.methods import STRONGEST_FIRST
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange
from renumber.web.pages.profile import finished, profile, refused
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes

routes = Routes()


@routes.in_sign_in.show("/sign-in/lost")
async def show_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Ask which method was lost."""
    return _at_sign_in(exchange)


def _at_sign_in(exchange: SignInExchange, refusal: Refusal | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.may_choose:
        return exchange.go_on()
    return _page(exchange, progress.account, "/sign-in/lost", refusal=refusal, back="/sign-in/method")


def _page(
    exchange: Exchange, account: Account, path: str, *, refusal: Refusal | None = None, back: str
) -> ASGIResponse:
    exchange.reload_path = path
    here = [factor for factor in STRONGEST_FIRST if factor in account.second_factors - account.lost]
    return exchange.page(
        "lost.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        methods=[_method(account, factor, path) for factor in here] if may_report(account) else [],
        back_url=back,
    )


def may_report(account: Account) -> bool:
    """Tell whether a method can be reported lost: the only way in can't."""
    return len(account.second_factors - account.lost) > 1


def _method(account: Account, factor: Factor, path: str) -> dict[str, Any]:
    detail = masked(account.number) if factor is Factor.PHONE else ""
    return {"key": factor.value, "detail": detail, "url": f"{path}/{factor}"}


def _factor(exchange: Exchange) -> Factor | None:
    named = exchange.request.param("factor")
    return Factor(named) if named in STRONGEST_FIRST else None


@routes.in_sign_in.act("/sign-in/lost/{factor:str}")
async def report_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Suspend a method that was lost, and go on with another."""
    factor = _factor(exchange)
    if factor is None:
        return _at_sign_in(exchange, Refusal.FACTOR_UNKNOWN)
    result = await lost.report_at_sign_in(exchange.services, exchange.client, exchange.ticket, factor=factor)
    if result.refusal and not result.is_stale:
        return _at_sign_in(exchange, result.refusal)
    return exchange.go_on(result) if result.refusal else exchange.redirect(f"/sign-in/method?lost={factor}")


@routes.in_session.show("/profile/lost")
async def show_in_session(exchange: SessionExchange) -> ASGIResponse:
    """Ask which method was lost."""
    return _in_session(exchange)


def _in_session(exchange: SessionExchange, refusal: Refusal | None = None) -> ASGIResponse:
    return _page(exchange, exchange.visit.account, "/profile/lost", refusal=refusal, back="/profile")


@routes.in_session.act("/profile/lost/{factor:str}")
async def report_in_session(exchange: SessionExchange) -> ASGIResponse:
    """Suspend a method that was lost."""
    factor = _factor(exchange)
    if factor is None:
        return _in_session(exchange, Refusal.FACTOR_UNKNOWN)
    refusal = await lost.report_in_session(exchange.services, exchange.client, exchange.ticket, factor=factor)
    return _in_session(exchange, refusal) if refusal else finished(exchange, "reported_lost")


@routes.in_session.act("/profile/found/{factor:str}")
async def restore_lost(exchange: SessionExchange) -> ASGIResponse:
    """Restore a method that was found again."""
    factor = _factor(exchange)
    if factor is None:
        return await profile(exchange, Refusal.FACTOR_UNKNOWN)
    refusal = await lost.restore_lost(exchange.services, exchange.client, exchange.ticket, factor=factor)
    return await refused(exchange, refusal) if refusal else finished(exchange, "taken_back")
