"""Signing in with a passkey: after the password, instead of it, and to authenticate again."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.passkeys import prove
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange
from renumber.web.pages import sign_in as sign_in_page
from renumber.web.pages.passkey import options_reply
from renumber.web.pages.password import reauthentication, safe_path
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import page_of

routes = Routes()


@routes.in_sign_in.show("/sign-in/passkey")
async def show_passkey_request(exchange: SignInExchange) -> ASGIResponse:
    """Ask for a passkey, after the password."""
    return await _page(exchange)


async def _page(exchange: SignInExchange, result: SignInResult | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PASSKEY):
        return exchange.go_on()
    refusal = result.refusal if result else None
    return exchange.page(
        "passkey_prove.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, tries_left=result.tries_left if result else None),
        suspended=progress.is_suspended(Factor.PASSKEY, refusal),
        step=exchange.step,
    )


@routes.in_sign_in.show("/sign-in/passkey/options")
async def show_options(exchange: SignInExchange) -> ASGIResponse:
    """Give the options that one of the account's authenticators signs, after the password."""
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PASSKEY):
        return exchange.go_on()
    options = await prove.options_to_confirm(exchange.services, exchange.client, exchange.site.reads, progress=progress)
    return options_reply(exchange, options)


@routes.in_sign_in.act("/sign-in/passkey")
async def prove_passkey(exchange: SignInExchange) -> ASGIResponse:
    """Check the answer of the authenticator."""
    answer = exchange.form.get("answer", "")
    result = await prove.prove_passkey(exchange.services, exchange.client, exchange.ticket, text=answer)
    if result.refusal and not result.is_stale:
        return await _page(exchange, result)
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.redirect("/")
    return exchange.go_on(result)


@routes.for_anyone.show("/sign-in/with-passkey/options")
async def show_options_alone(exchange: Exchange) -> ASGIResponse:
    """Give the options that any authenticator signs that has a passkey for us."""
    return options_reply(exchange, prove.options_to_sign_in(exchange.services, exchange.client))


@routes.for_anyone.act("/sign-in/with-passkey")
async def sign_in_with_passkey(exchange: Exchange) -> ASGIResponse:
    """Sign in without any password."""
    answer = exchange.form.get("answer", "")
    result = await prove.sign_in_with_passkey(exchange.services, exchange.client, answer)
    if result.refusal is None:
        await sign_in_page.end_own_session(exchange)
        return _enter(exchange, result)
    exchange.reload_path = "/sign-in"
    problem = problem_of(exchange, result.refusal, open_at=result.open_at)
    if result.refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", status=status_of(result.refusal))
    return sign_in_page.page(exchange, result.refusal, problem=problem)


def _enter(exchange: Exchange, result: SignInResult) -> ASGIResponse:
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.redirect("/")
    return exchange.redirect(page_of(result))


@routes.in_session.show("/reauthenticate/passkey/options")
async def show_options_anew(exchange: SessionExchange) -> ASGIResponse:
    """Give the options that one of the account's authenticators signs to authenticate again."""
    options = await prove.options_to_reauthenticate(
        exchange.services, exchange.client, exchange.site.reads, visit=exchange.visit
    )
    return options_reply(exchange, options)


@routes.in_session.act("/reauthenticate/passkey")
async def reauthenticate_with_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Renew the session's token, and go back to where the person was."""
    onward = safe_path(exchange.form.get("next", ""))
    step = await prove.reauthenticate_with_passkey(
        exchange.services, exchange.client, exchange.ticket, text=exchange.form.get("answer", "")
    )
    if step.refusal:
        return reauthentication(exchange, onward, step.refusal)
    exchange.open_session(step.state)
    return exchange.redirect(onward)
