"""Freezing an account by the link of a notice, and releasing it: with its password, or by a link and a new one."""

from datetime import datetime
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.domain.sign_in import SignInState
from renumber.flows.account import freeze, release, release_link
from renumber.flows.account.freeze_by_person import digits_to_type, freeze_by_person
from renumber.flows.sign_in.in_progress import is_stale
from renumber.flows.views import wait_for_release
from renumber.policies.release import has_stronger, later_releases_from
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes
from renumber.web.templating import Problem

routes = Routes()

ENDS = {Refusal.LINK_EXPIRED: "expired", Refusal.NOTHING_TO_STOP: "nothing", Refusal.CHANNEL_LEFT: "left"}
ENDS_OF_RELEASE = {
    Refusal.LINK_EXPIRED: "expired",
    Refusal.LINK_REPLACED: "replaced",
    Refusal.LINK_STOPPED: "stopped",
    Refusal.ACCOUNT_NOT_FROZEN: "released",
}
UNFIT = frozenset({Refusal.PASSWORD_TOO_SHORT, Refusal.PASSWORD_TOO_LONG, Refusal.PASSWORD_TOO_COMMON})


@routes.for_anyone.show("/freeze/{token:str}")
async def show_stop(exchange: Exchange) -> ASGIResponse:
    """Explain the button that freezes the account; opening the link does nothing."""
    return await _ask(exchange, exchange.request.param("token"))


async def _ask(exchange: Exchange, token: str, refusal: Refusal | None = None, *, typed: str = "") -> ASGIResponse:
    view = await freeze.look_at_stop(exchange.services, token)
    if view.account:
        exchange.account_language = view.account.locale
    if view.refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", later_from=view.later_from)
    if view.refusal:
        return _end(exchange, view.refusal)
    digits = await digits_to_type(exchange.services, exchange.client, token)
    return exchange.page(
        "freeze.html",
        status=status_of(refusal),
        stops_release=view.stops_release,
        digits=digits,
        problem=problem_of(exchange, refusal),
        typed=typed,
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
        return await _ask(exchange, token, step.refusal, typed=typed)
    if step.refusal and step.refusal is not Refusal.ACCOUNT_FROZEN:
        return _end(exchange, step.refusal)
    exchange.forget_sign_in()
    return exchange.redirect(f"/freeze/{token}")


@routes.in_sign_in.show("/sign-in/release")
async def show_release(exchange: SignInExchange) -> ASGIResponse:
    """Explain what a release asks for."""
    is_due = exchange.progress.sign_in.state is SignInState.AWAITING_RELEASE_MAILBOX
    return _release(exchange) if is_due else exchange.go_on()


def _release(exchange: SignInExchange, refusal: Refusal | None = None, open_at: datetime | None = None) -> ASGIResponse:
    account = exchange.progress.account
    return exchange.page(
        "release.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, open_at=open_at),
        masked_email=account.email.masked,
        is_paused=refusal in (Refusal.RELEASE_PAUSED, Refusal.SEND_LIMIT_REACHED),
        **_numbers(exchange, account),
    )


def _numbers(exchange: Exchange, account: Account) -> dict[str, Any]:
    """The number that releases, and the one that may do so later, or now."""
    number, release_for = account.number_for_release(exchange.now), exchange.services.rules.limits.release_for
    later_from = later_releases_from(account, release_for=release_for)
    return {
        "number": masked(number),
        "is_former": number is not None and number != account.number,
        "lacks_number": number is None,
        "later_from": later_from,
        "later_number": masked(account.number) if later_from and exchange.now >= later_from else "",
        "later_days": release_for.days,
    }


@routes.in_sign_in.act("/sign-in/release")
async def begin_release(exchange: SignInExchange) -> ASGIResponse:
    """Send the first code; one that is still on its way is as good."""
    begin = release.begin_release_by_later if _is_by_later(exchange) else release.begin_release
    step = await begin(exchange.services, exchange.client, exchange.ticket)
    if step.refusal in (None, Refusal.SEND_TOO_SOON):
        return exchange.redirect("/sign-in/release/email")
    if is_stale(step):
        return exchange.go_on(step)
    return _release(exchange, step.refusal, step.open_at)


def _is_by_later(exchange: Exchange) -> bool:
    return exchange.form.get("number") == "later"


@routes.for_anyone.show("/sign-in/release/link/{token:str}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Explain what a release without the password asks for; opening the link does nothing."""
    return await _link(exchange)


async def _link(exchange: Exchange, refusal: Refusal | None = None) -> ASGIResponse:
    view = await release_link.look_at_release_link(exchange.services, exchange.request.param("token"))
    refusal = view.refusal or refusal
    if view.account:
        exchange.account_language = view.account.locale
    if view.account is None or refusal not in (None, Refusal.RELEASE_NEEDS_NUMBER):
        return _end_of_link(exchange, refusal or Refusal.LINK_UNKNOWN)
    return exchange.page(
        "release_link.html",
        status=status_of(refusal),
        has_stronger=has_stronger(view.account),
        wait=await wait_for_release(exchange.services, exchange.client, view.account),
        **_numbers(exchange, view.account),
    )


def _end_of_link(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    return exchange.page("password_end.html", status=status_of(refusal), end=ENDS_OF_RELEASE.get(refusal, "unknown"))


@routes.for_anyone.act("/sign-in/release/link/{token:str}")
async def begin_by_link(exchange: Exchange) -> ASGIResponse:
    """Send the number its code, and go on in a sign-in that opens nothing but the account's release."""
    begin = release_link.begin_by_link_and_later if _is_by_later(exchange) else release_link.begin_by_link
    step = await begin(exchange.services, exchange.client, exchange.request.param("token"))
    if step.refusal or step.state is None or step.state.ticket is None:
        return await _link(exchange, step.refusal)
    exchange.open_sign_in(step.state.ticket)
    return exchange.redirect("/sign-in/release/phone")


@routes.in_sign_in.show("/sign-in/release/password")
async def show_password(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the password that releases the account, once all else was shown."""
    is_due = exchange.progress.sign_in.state is SignInState.AWAITING_RELEASE_PASSWORD
    return _password(exchange) if is_due else exchange.go_on()


def _password(exchange: Exchange, problem: Problem | None = None) -> ASGIResponse:
    least = exchange.services.rules.limits.password_min
    status = 422 if problem else 200
    return exchange.page("new_password.html", status=status, problem=problem, password_min=least, releases=True)


@routes.in_sign_in.act("/sign-in/release/password")
async def choose_password(exchange: SignInExchange) -> ASGIResponse:
    """Set the password and release the account."""
    password = exchange.form.get("password", "")[:1024]
    step = await release_link.release_with_password(
        exchange.services, exchange.client, exchange.ticket, password=password
    )
    if step.refusal in UNFIT:
        return _password(exchange, problem_of(exchange, step.refusal))
    return exchange.go_on(step)
