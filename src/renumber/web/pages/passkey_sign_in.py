"""Passkeys at the door: after the password, instead of it, and where it would be asked for again."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.passkeys.prove import (
    options_to_confirm,
    options_to_reauthenticate,
    options_to_sign_in,
    prove_passkey,
    reauthenticate_with_passkey,
    sign_in_with_passkey,
)
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.exchange import Exchange
from renumber.web.pages import sign_in as sign_in_page
from renumber.web.pages.factors import ticket_of
from renumber.web.pages.passkey import options_reply
from renumber.web.pages.password import reauthentication, safe_path
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()


@routes.show("/sign-in/passkey", Access.SIGN_IN)
async def show(exchange: Exchange) -> ASGIResponse:
    """Ask for a passkey, after the password."""
    return await _asked(exchange)


async def _asked(exchange: Exchange, result: SignInResult | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PASSKEY):
        return exchange.go(page_of(progress.sign_in))
    refusal = result.refusal if result else None
    return exchange.page(
        "passkey_prove.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, tries_left=result.tries_left if result else None),
        suspended=progress.is_suspended(Factor.PASSKEY, refusal),
        step=3 if progress.change and progress.change.old_number else None,
    )


@routes.show("/sign-in/passkey/options", Access.SIGN_IN)
async def show_options(exchange: Exchange) -> ASGIResponse:
    """What its authenticator is asked to sign."""
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PASSKEY):
        return exchange.go(page_of(progress.sign_in))
    options = await options_to_confirm(exchange.services, exchange.client, exchange.site.reads, progress=progress)
    return options_reply(exchange, options)


@routes.act("/sign-in/passkey", Access.SIGN_IN)
async def prove(exchange: Exchange) -> ASGIResponse:
    """Check what it has signed."""
    answer = (await exchange.form()).get("answer", "")
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    result = await prove_passkey(exchange.services, exchange.client, exchange.sign_in_ticket, text=answer)
    if result.refusal and not result.is_stale:
        return await _asked(exchange, result)
    return _onward(exchange, result)


def _onward(exchange: Exchange, result: SignInResult) -> ASGIResponse:
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.go("/")
    return exchange.go(page_of(result))


@routes.show("/sign-in/with-passkey/options")
async def show_options_alone(exchange: Exchange) -> ASGIResponse:
    """What any authenticator is asked that has a passkey for us."""
    return options_reply(exchange, options_to_sign_in(exchange.services, exchange.client))


@routes.act("/sign-in/with-passkey")
async def sign_in(exchange: Exchange) -> ASGIResponse:
    """Sign in without any password."""
    answer = (await exchange.form()).get("answer", "")
    result = await sign_in_with_passkey(exchange.services, exchange.client, answer)
    if result.refusal is None:
        await sign_in_page.end_session_before(exchange)
        return _onward(exchange, result)
    exchange.shown_at = "/sign-in"
    problem = problem_of(exchange, result.refusal, open_at=result.open_at)
    if result.refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", status=status_of(result.refusal))
    return sign_in_page.shown(exchange, result.refusal, problem=problem)


@routes.show("/reauthenticate/passkey/options", Access.SESSION)
async def show_options_anew(exchange: Exchange) -> ASGIResponse:
    """What the account's own authenticators are asked to sign."""
    options = await options_to_reauthenticate(
        exchange.services, exchange.client, exchange.site.reads, visit=exchange.visit
    )
    return options_reply(exchange, options)


@routes.act("/reauthenticate/passkey", Access.SESSION)
async def reauthenticate(exchange: Exchange) -> ASGIResponse:
    """Renew the session's token, and go back to where the person was."""
    form = await exchange.form()
    onward = safe_path(form.get("next", ""))
    step = await reauthenticate_with_passkey(
        exchange.services, exchange.client, ticket_of(exchange), text=form.get("answer", "")
    )
    if step.refusal:
        return reauthentication(exchange, onward, step.refusal)
    exchange.open_session(step.state)
    return exchange.go(onward)
