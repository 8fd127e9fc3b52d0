"""The pages that say what is waited for, until when, and how it goes quicker."""

from litestar.response.base import ASGIResponse

from renumber.domain.applications.journey import JourneyStatus
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.mailed_password import wait_instead
from renumber.flows.factors.views import picker_view
from renumber.flows.views import wait_at_sign_in, wait_in_session
from renumber.policies.release import is_by_later, may_release_with, may_stop_release
from renumber.policies.waits import needs_older_factor
from renumber.web.exchange import SessionExchange, SignInExchange
from renumber.web.forms.kept_journey import leading_back, way_back_of
from renumber.web.refusals import send_back
from renumber.web.routes import Routes

routes = Routes()


@routes.in_sign_in.show("/sign-in/wait")
async def show_wait(exchange: SignInExchange) -> ASGIResponse:
    """Say until when; nothing is to be done here, since the time counts in any case."""
    progress = exchange.progress
    if progress.sign_in.state is not SignInState.WAITING:
        return exchange.go_on()
    change = progress.change
    return exchange.page(
        "wait.html",
        wait=await wait_at_sign_in(exchange.services, exchange.client, progress),
        first=change is None or change.proof is None,
        release=progress.account.is_frozen,
        by_link=progress.sign_in.link_id is not None,
        by_later=is_by_later(progress.sign_in),
        stoppable=may_stop_release(
            progress.account, exchange.now, release_for=exchange.services.rules.limits.release_for
        ),
        other_method_url="/sign-in/method" if _has_other(exchange) else None,
        way_back=leading_back(exchange, change.journey if change else None, JourneyStatus.PENDING),
    )


def _has_other(exchange: SignInExchange) -> bool:
    if is_by_later(exchange.progress.sign_in):
        return False
    if exchange.progress.account.is_frozen:
        return bool(picker_view(exchange.services, exchange.client, exchange.progress).methods)
    return exchange.progress.has_other_method


@routes.in_session.show("/profile/wait")
async def show_doubt(exchange: SessionExchange) -> ASGIResponse:
    """Say why a method from before is needed, and what a wait would do instead."""
    visit, limits = exchange.visit, exchange.services.rules.limits
    mailed_at, proven = visit.account.password_mailed_at, visit.session.proven
    doubted_for = limits.mailed_password_for
    if mailed_at is None or not needs_older_factor(visit.account, proven, exchange.now, doubted_for=doubted_for):
        return exchange.redirect("/profile")
    return exchange.page(
        "doubt.html",
        mailed_at=mailed_at,
        doubted_until=mailed_at + doubted_for,
        wait=await wait_in_session(exchange.services, exchange.client, visit),
        others=[
            factor.value for factor in sorted(visit.account.factors) if may_release_with(visit.account, factor) is None
        ],
        way_back=way_back_of(exchange),
    )


@routes.in_session.act("/profile/wait")
async def begin_to_wait(exchange: SessionExchange) -> ASGIResponse:
    """Begin to wait in this browser."""
    step = await wait_instead(exchange.services, exchange.client, exchange.ticket)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.redirect("/reauthenticate?next=/profile/wait")
    return send_back(exchange, "/profile/wait", step.refusal) if step.refusal else exchange.redirect("/profile/wait")
