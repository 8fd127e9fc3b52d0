"""Releasing a frozen account: with its password, or by a link to the mailbox and a new one."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import masked
from renumber.domain.sign_in import SignInState
from renumber.flows.account import release, release_link
from renumber.flows.sign_in.in_progress import is_stale
from renumber.flows.views import wait_for_release
from renumber.policies.release import has_stronger, later_releases_from
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.refusals import problem_of, send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

HERE = "/sign-in/release"
ENDS = {
    Refusal.LINK_EXPIRED: "expired",
    Refusal.LINK_REPLACED: "replaced",
    Refusal.LINK_STOPPED: "stopped",
    Refusal.ACCOUNT_NOT_FROZEN: "released",
}
UNFIT = frozenset({Refusal.PASSWORD_TOO_SHORT, Refusal.PASSWORD_TOO_LONG, Refusal.PASSWORD_TOO_COMMON})


@routes.in_sign_in.show(HERE)
async def show_release(exchange: SignInExchange) -> ASGIResponse:
    """Explain what a release asks for."""
    is_due = exchange.progress.sign_in.state is SignInState.AWAITING_RELEASE_MAILBOX
    return _release(exchange) if is_due else exchange.go_on()


def _release(exchange: SignInExchange) -> ASGIResponse:
    account = exchange.progress.account
    return exchange.page(
        "release.html",
        masked_email=account.email.masked,
        is_paused=exchange.returned.refusal in (Refusal.RELEASE_PAUSED, Refusal.SEND_LIMIT_REACHED),
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


@routes.in_sign_in.act(HERE)
async def begin_release(exchange: SignInExchange) -> ASGIResponse:
    """Send the first code; one that is still on its way is as good."""
    begin = release.begin_release_by_later if _is_by_later(exchange) else release.begin_release
    step = await begin(exchange.services, exchange.client, exchange.ticket)
    if step.refusal in (None, Refusal.SEND_TOO_SOON):
        return exchange.redirect("/sign-in/release/email")
    if is_stale(step):
        return exchange.go_on(step)
    problem = problem_of(exchange, step.refusal, open_at=step.open_at)
    return send_back(exchange, HERE, step.refusal, problem=problem)


def _is_by_later(exchange: Exchange) -> bool:
    return exchange.form.get("number") == "later"


@routes.for_anyone.show("/sign-in/release/link/{token:path}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Explain what a release without the password asks for; opening the link does nothing."""
    view = await release_link.look_at_release_link(exchange.services, exchange.request.token)
    refusal = view.refusal or exchange.returned.refusal
    if view.account:
        exchange.account_language = view.account.locale
    if view.account is None or refusal not in (None, Refusal.RELEASE_NEEDS_NUMBER):
        return _end(exchange, refusal or Refusal.LINK_UNKNOWN)
    return exchange.page(
        "release_link.html",
        has_stronger=has_stronger(view.account),
        wait=await wait_for_release(exchange.services, exchange.client, view.account),
        **_numbers(exchange, view.account),
    )


def _end(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    return exchange.page("password_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))


@routes.for_anyone.act("/sign-in/release/link/{token:path}")
async def begin_by_link(exchange: Exchange) -> ASGIResponse:
    """Send the number its code, and go on in a sign-in that opens nothing but the account's release."""
    begin = release_link.begin_by_link_and_later if _is_by_later(exchange) else release_link.begin_by_link
    step = await begin(exchange.services, exchange.client, exchange.request.token)
    if step.refusal or step.state is None or step.state.ticket is None:
        return send_back(exchange, exchange.request.here, step.refusal)
    exchange.open_sign_in(step.state.ticket)
    return exchange.redirect("/sign-in/release/phone")


@routes.in_sign_in.show("/sign-in/release/password")
async def show_password(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the password that releases the account, once all else was shown."""
    is_due = exchange.progress.sign_in.state is SignInState.AWAITING_RELEASE_PASSWORD
    return _password(exchange) if is_due else exchange.go_on()


def _password(exchange: Exchange) -> ASGIResponse:
    least = exchange.services.rules.limits.password_min
    return exchange.page("new_password.html", password_min=least, releases=True)


@routes.in_sign_in.act("/sign-in/release/password")
async def choose_password(exchange: SignInExchange) -> ASGIResponse:
    """Set the password and release the account."""
    password = exchange.form.get("password", "")[:1024]
    step = await release_link.release_with_password(
        exchange.services, exchange.client, exchange.ticket, password=password
    )
    if step.refusal in UNFIT:
        return send_back(exchange, "/sign-in/release/password", step.refusal)
    return exchange.go_on(step)
