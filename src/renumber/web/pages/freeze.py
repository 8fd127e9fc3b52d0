""" "This wasn't me": freezing, and the start of a release."""

from datetime import datetime

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import begin_release, freeze_by_link, look_at_stop
from renumber.web.exchange import Exchange
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()

ENDS = {Refusal.LINK_EXPIRED: "expired", Refusal.NOTHING_TO_STOP: "nothing"}


@routes.show("/freeze/{token:str}")
async def show(exchange: Exchange) -> ASGIResponse:
    """Say what freezing does; opening the page does nothing."""
    view = await look_at_stop(exchange.services, exchange.param("token"))
    if view.account:
        exchange.account_language = view.account.locale
    if view.refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", release_until=view.release_until)
    return _end(exchange, view.refusal) if view.refusal else exchange.page("freeze.html")


def _end(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    return exchange.page("freeze_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))


@routes.act("/freeze/{token:str}")
async def press(exchange: Exchange) -> ASGIResponse:
    """Freeze the account."""
    await exchange.form()
    token = exchange.param("token")
    step = await freeze_by_link(exchange.services, exchange.client, token)
    if step.refusal and step.refusal is not Refusal.ACCOUNT_FROZEN:
        return _end(exchange, step.refusal)
    exchange.forget_sign_in()
    return exchange.go(f"/freeze/{token}")


@routes.show("/sign-in/release", Access.SIGN_IN)
async def show_release(exchange: Exchange) -> ASGIResponse:
    """Say what releasing will ask for."""
    if exchange.progress.sign_in.state is not SignInState.AWAITING_RELEASE_MAILBOX:
        return exchange.go(page_of(exchange.progress.sign_in))
    return _release(exchange)


def _release(exchange: Exchange, refusal: Refusal | None = None, open_at: datetime | None = None) -> ASGIResponse:
    account = exchange.progress.account
    number = account.number_for_release(exchange.now)
    return exchange.page(
        "release.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, open_at=open_at),
        number=masked(number),
        masked_email=account.email.masked,
        release_until=account.former_until,
        too_late=number is None,
    )


@routes.act("/sign-in/release", Access.SIGN_IN)
async def start_release(exchange: Exchange) -> ASGIResponse:
    """Send the first code; one that is still on its way is as good."""
    await exchange.form()
    assert exchange.sign_in_ticket
    result = await begin_release(exchange.services, exchange.client, exchange.sign_in_ticket)
    if result.refusal in (None, Refusal.SEND_TOO_SOON):
        return exchange.go("/sign-in/release/email")
    if result.is_stale:
        return exchange.go(page_of(result))
    return _release(exchange, result.refusal, result.open_at)
