"""Freezing an account by the link of a notice, and the start of its release."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.domain.sign_in import SignInState
from renumber.flows.account import freeze, release
from renumber.flows.account.freeze_by_person import digits_to_type, freeze_by_person
from renumber.flows.sign_in.in_progress import is_stale
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.refusals import problem_of, send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

ENDS = {Refusal.LINK_EXPIRED: "expired", Refusal.NOTHING_TO_STOP: "nothing", Refusal.CHANNEL_LEFT: "left"}


@routes.for_anyone.show("/freeze/{token:str}")
async def show_stop(exchange: Exchange) -> ASGIResponse:
    """Explain the button that freezes the account; opening the link does nothing."""
    return await _ask(exchange, exchange.request.param("token"))


async def _ask(exchange: Exchange, token: str) -> ASGIResponse:
    view = await freeze.look_at_stop(exchange.services, token)
    if view.account:
        exchange.account_language = view.account.locale
    if view.refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", release_until=view.release_until)
    if view.refusal:
        return _end(exchange, view.refusal)
    digits = await digits_to_type(exchange.services, exchange.client, token)
    return exchange.page(
        "freeze.html",
        stops_release=view.stops_release,
        digits=digits,
        typed=exchange.returned.typed.get("digits", ""),
    )


def _end(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    return exchange.page("freeze_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))


@routes.for_anyone.act("/freeze/{token:str}")
async def freeze_account(exchange: Exchange) -> ASGIResponse:
    """Freeze the account, and end what this browser has of it."""
    token = exchange.request.param("token")
    typed = exchange.form.get("digits", "")
    step = await freeze_by_person(exchange.services, exchange.client, token, typed=typed)
    if step.refusal is Refusal.NOT_CONFIRMED:
        ended = (await freeze.look_at_stop(exchange.services, token)).refusal
        return send_back(exchange, exchange.request.here, ended or step.refusal, typed={"digits": typed})
    if step.refusal and step.refusal is not Refusal.ACCOUNT_FROZEN:
        return send_back(exchange, exchange.request.here, step.refusal)
    exchange.forget_sign_in()
    return exchange.redirect(exchange.request.here)


@routes.in_sign_in.show("/sign-in/release")
async def show_release(exchange: SignInExchange) -> ASGIResponse:
    """Explain what a release asks for."""
    is_due = exchange.progress.sign_in.state is SignInState.AWAITING_RELEASE_MAILBOX
    return _release(exchange) if is_due else exchange.go_on()


def _release(exchange: SignInExchange) -> ASGIResponse:
    account = exchange.progress.account
    number = account.number_for_release(exchange.now)
    return exchange.page(
        "release.html",
        number=masked(number),
        masked_email=account.email.masked,
        release_until=account.present_releases_from(exchange.now),
        is_former=number is not None and number != account.number,
        lacks_number=number is None,
    )


@routes.in_sign_in.act("/sign-in/release")
async def begin_release(exchange: SignInExchange) -> ASGIResponse:
    """Send the first code; one that is still on its way is as good."""
    step = await release.begin_release(exchange.services, exchange.client, exchange.ticket)
    if step.refusal in (None, Refusal.SEND_TOO_SOON):
        return exchange.redirect("/sign-in/release/email")
    if is_stale(step):
        return exchange.go_on(step)
    problem = problem_of(exchange, step.refusal, open_at=step.open_at)
    return send_back(exchange, "/sign-in/release", step.refusal, problem=problem)
