"""The authenticator app: adding it on the profile, and its code at a sign-in."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.totp import TotpKey
from renumber.flows.factors.totp import begin_totp, confirm_totp, pending_totp, prove_totp, remove_totp
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.exchange import Exchange
from renumber.web.formats.qr import drawn
from renumber.web.pages.factors import anew, finished, ticket_of
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()


@routes.act("/profile/app", Access.SESSION)
async def begin(exchange: Exchange) -> ASGIResponse:
    """Make a key to be shown."""
    await exchange.form()
    step = await begin_totp(exchange.services, exchange.client, ticket_of(exchange))
    return await anew(exchange, step.refusal) if step.refusal else exchange.go("/profile/app")


@routes.show("/profile/app", Access.SESSION)
async def show(exchange: Exchange) -> ASGIResponse:
    """Show the key, as a QR code and as text, and ask for its first code."""
    step = await pending_totp(exchange.services, exchange.client, ticket_of(exchange))
    if step.refusal:
        return await anew(exchange, step.refusal)
    return _key(exchange, step.state) if step.state else exchange.go("/profile")


def _key(exchange: Exchange, key: TotpKey, refusal: Refusal | None = None) -> ASGIResponse:
    exchange.shown_at = "/profile/app"
    uri = key.uri(exchange.site.brand, exchange.visit.account.email.text)
    problem = problem_of(exchange, refusal)
    return exchange.page(
        "app_new.html", status=status_of(refusal), problem=problem, key=key.text, qr=drawn(uri), uri=uri
    )


@routes.act("/profile/app/confirm", Access.SESSION)
async def confirm(exchange: Exchange) -> ASGIResponse:
    """Put it to use."""
    code = (await exchange.form()).get("code", "")
    step = await confirm_totp(exchange.services, exchange.client, ticket_of(exchange), code=code)
    if step.refusal and step.state:
        return _key(exchange, step.state, step.refusal)
    return await anew(exchange, step.refusal) if step.refusal else finished(exchange, "app_added")


@routes.act("/profile/app/remove", Access.SESSION)
async def remove(exchange: Exchange) -> ASGIResponse:
    """Take it away."""
    await exchange.form()
    refusal = await remove_totp(exchange.services, exchange.client, ticket_of(exchange))
    return await anew(exchange, refusal) if refusal else finished(exchange, "factor_removed")


@routes.show("/sign-in/app", Access.SIGN_IN)
async def show_code(exchange: Exchange) -> ASGIResponse:
    """Ask for the code that the app shows."""
    return await _asked(exchange)


async def _asked(exchange: Exchange, result: SignInResult | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.TOTP):
        return exchange.go(page_of(progress.sign_in))
    refusal = result.refusal if result else None
    return exchange.page(
        "app_code.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, tries_left=result.tries_left if result else None),
        suspended=progress.is_suspended(Factor.TOTP, refusal),
        step=3 if progress.change and progress.change.old_number else None,
    )


@routes.act("/sign-in/app", Access.SIGN_IN)
async def prove(exchange: Exchange) -> ASGIResponse:
    """Check it."""
    code = (await exchange.form()).get("code", "")
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    result = await prove_totp(exchange.services, exchange.client, exchange.sign_in_ticket, code=code)
    if result.refusal and not result.is_stale:
        return await _asked(exchange, result)
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.go("/")
    return exchange.go(page_of(result))
