"""Reporting a device lost, from a sign-in under way or from the profile, and taking it back."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.policies.methods import STRONGEST_FIRST
from renumber.web.exchange import Exchange
from renumber.web.pages.factors import anew, finished, ticket_of
from renumber.web.pages.home import profile
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()


@routes.show("/sign-in/lost", Access.SIGN_IN)
async def show_at_sign_in(exchange: Exchange) -> ASGIResponse:
    """Ask what is gone."""
    return _at_sign_in(exchange)


def _at_sign_in(exchange: Exchange, refusal: Refusal | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.may_choose:
        return exchange.go(page_of(progress.sign_in))
    return _shown(exchange, progress.account, "/sign-in/lost", refusal=refusal, back="/sign-in/method")


def _shown(
    exchange: Exchange, account: Account, path: str, *, refusal: Refusal | None = None, back: str
) -> ASGIResponse:
    exchange.shown_at = path
    here = [factor for factor in STRONGEST_FIRST if factor in account.second_factors - account.lost]
    return exchange.page(
        "lost.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        methods=[_method(account, factor, path) for factor in here] if may_report(account) else [],
        back_url=back,
    )


def may_report(account: Account) -> bool:
    """Whether anything can be suspended at all: the only way in can't."""
    return len(account.second_factors - account.lost) > 1


def _method(account: Account, factor: Factor, path: str) -> dict[str, Any]:
    detail = masked(account.number) if factor is Factor.PHONE else ""
    return {"key": factor.value, "detail": detail, "url": f"{path}/{factor}"}


def _factor(exchange: Exchange) -> Factor | None:
    named = exchange.param("factor")
    return Factor(named) if named in STRONGEST_FIRST else None


@routes.act("/sign-in/lost/{factor:str}", Access.SIGN_IN)
async def report_after_password(exchange: Exchange) -> ASGIResponse:
    """Suspend it, and go on with another."""
    await exchange.form()
    factor = _factor(exchange)
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    if factor is None:
        return _at_sign_in(exchange, Refusal.FACTOR_UNKNOWN)
    result = await report_at_sign_in(exchange.services, exchange.client, exchange.sign_in_ticket, factor=factor)
    if result.refusal and not result.is_stale:
        return _at_sign_in(exchange, result.refusal)
    return exchange.go(f"/sign-in/method?lost={factor}" if result.refusal is None else page_of(result))


@routes.show("/profile/lost", Access.SESSION)
async def show_in_session(exchange: Exchange) -> ASGIResponse:
    """Ask what is gone."""
    return _in_session(exchange)


def _in_session(exchange: Exchange, refusal: Refusal | None = None) -> ASGIResponse:
    return _shown(exchange, exchange.visit.account, "/profile/lost", refusal=refusal, back="/profile")


@routes.act("/profile/lost/{factor:str}", Access.SESSION)
async def report_from_profile(exchange: Exchange) -> ASGIResponse:
    """Suspend it."""
    await exchange.form()
    factor = _factor(exchange)
    if factor is None:
        return _in_session(exchange, Refusal.FACTOR_UNKNOWN)
    refusal = await report_in_session(exchange.services, exchange.client, ticket_of(exchange), factor=factor)
    return _in_session(exchange, refusal) if refusal else finished(exchange, "reported_lost")


@routes.act("/profile/found/{factor:str}", Access.SESSION)
async def trust_again(exchange: Exchange) -> ASGIResponse:
    """Open it again."""
    await exchange.form()
    factor = _factor(exchange)
    if factor is None:
        return await profile(exchange, Refusal.FACTOR_UNKNOWN)
    refusal = await restore_lost(exchange.services, exchange.client, ticket_of(exchange), factor=factor)
    return await anew(exchange, refusal) if refusal else finished(exchange, "taken_back")
