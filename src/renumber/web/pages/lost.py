"""Reporting a method lost, at a sign-in or on the profile, and restoring it."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.flows.factors import lost
from renumber.flows.factors.views import reportable
from renumber.flows.sign_in.in_progress import is_stale
from renumber.policies.methods import STRONGEST_FIRST
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange
from renumber.web.formats.verbs import Verb
from renumber.web.pages.profile import finished, profile, refused
from renumber.web.refusals import send_back
from renumber.web.routes import Routes

routes = Routes()

AT_SIGN_IN, IN_SESSION = "/sign-in/lost", "/profile/lost"


@routes.in_sign_in.show(AT_SIGN_IN)
async def show_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Ask which method was lost."""
    progress = exchange.progress
    if not progress.sign_in.may_choose:
        return exchange.go_on()
    return _page(exchange, progress.account, AT_SIGN_IN, back="/sign-in/method")


def _page(exchange: Exchange, account: Account, path: str, *, back: str) -> ASGIResponse:
    return exchange.page(
        "lost.html",
        methods=[_method(account, factor, path) for factor in reportable(account)],
        back_url=back,
    )


def _method(account: Account, factor: Factor, path: str) -> dict[str, Any]:
    detail = masked(account.number) if factor is Factor.PHONE else ""
    return {"key": factor.value, "detail": detail, "url": f"{path}/{factor}"}


def _factor(exchange: Exchange) -> Factor | None:
    named = exchange.request.param("factor")
    return Factor(named) if named in STRONGEST_FIRST else None


@routes.in_sign_in.take_away("/sign-in/lost/{factor:str}")
async def report_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Suspend a method that was lost, and go on with another."""
    factor = _factor(exchange)
    if factor is None:
        return send_back(exchange, AT_SIGN_IN, Refusal.FACTOR_UNKNOWN)
    step = await lost.report_at_sign_in(exchange.services, exchange.client, exchange.ticket, factor=factor)
    if step.refusal and not is_stale(step):
        return send_back(exchange, AT_SIGN_IN, step.refusal)
    return exchange.go_on(step) if step.refusal else exchange.redirect(f"/sign-in/method?lost={factor}")


@routes.in_session.show(IN_SESSION)
async def show_in_session(exchange: SessionExchange) -> ASGIResponse:
    """Ask which method was lost."""
    return _page(exchange, exchange.visit.account, IN_SESSION, back="/profile")


@routes.in_session.take_away("/profile/lost/{factor:str}")
async def report_in_session(exchange: SessionExchange) -> ASGIResponse:
    """Suspend a method that the owner has lost."""
    factor = _factor(exchange)
    if factor is None:
        return send_back(exchange, IN_SESSION, Refusal.FACTOR_UNKNOWN)
    step = await lost.report_in_session(exchange.services, exchange.client, exchange.ticket, factor)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return await refused(exchange, step.refusal, f"/profile/lost/{factor}", verb=Verb.SUSPEND)
    return send_back(exchange, IN_SESSION, step.refusal) if step.refusal else finished(exchange, "reported_lost")


@routes.in_session.act("/profile/found/{factor:str}")
async def restore_named(exchange: SessionExchange) -> ASGIResponse:
    """Restore the method that the address names."""
    factor = _factor(exchange)
    return await restore(exchange, factor) if factor else await profile(exchange, Refusal.FACTOR_UNKNOWN)


async def restore(exchange: SessionExchange, factor: Factor) -> ASGIResponse:
    """Restore a method that was found again."""
    step = await lost.restore_lost(exchange.services, exchange.client, exchange.ticket, factor)
    if step.refusal:
        return await refused(exchange, step.refusal, act=f"/profile/found/{factor}")
    return finished(exchange, "taken_back")
