"""Opening a suspended factor again, by a code to the mailbox."""

from litestar.response.base import ASGIResponse

from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.views import code_in_flight
from renumber.web.exchange import Exchange
from renumber.web.pages.code import code_status, code_times, is_whole
from renumber.web.refusals import problem_of
from renumber.web.routes import Access, Routes, page_of
from renumber.web.templating import Problem

routes = Routes()


@routes.act("/sign-in/lift/again", Access.SIGN_IN)
async def send(exchange: Exchange) -> ASGIResponse:
    """Send the code, also the first time: opening the page sends nothing."""
    await exchange.form()
    assert exchange.sign_in_ticket
    result = await send_restore_code(exchange.services, exchange.client, exchange.sign_in_ticket)
    return await _shown(exchange, result) if result.refusal else exchange.go("/sign-in/lift")


@routes.show("/sign-in/lift", Access.SIGN_IN)
async def show(exchange: Exchange) -> ASGIResponse:
    """Ask for the code."""
    return await _shown(exchange)


@routes.act("/sign-in/lift", Access.SIGN_IN)
async def prove(exchange: Exchange) -> ASGIResponse:
    """Check it, and go back to the factor that is open again."""
    code = (await exchange.form()).get("code", "")
    if not is_whole(code):
        return await _shown(exchange, typed=code)
    assert exchange.sign_in_ticket
    result = await restore_by_code(exchange.services, exchange.client, exchange.sign_in_ticket, code=code)
    return await _shown(exchange, result) if result.refusal else exchange.go(page_of(exchange.progress.sign_in))


async def _shown(exchange: Exchange, result: SignInResult | None = None, *, typed: str | None = None) -> ASGIResponse:
    progress = exchange.progress
    email = progress.account.email
    intent = CodeIntent(CodePurpose.RESTORE, progress.sign_in.sign_in_id, email.text)
    seen = await code_in_flight(exchange.site.reads, progress, intent)
    if seen.challenge is None and result is None:
        return exchange.go(page_of(progress.sign_in))  # no code was sent, so that there is none to enter
    return exchange.page(
        "code.html",
        status=code_status(result, typed),
        problem=_problem(exchange, result),
        typed_code=None if typed is None else typed[:32],
        kind="lift",
        action="/sign-in/lift",
        again="/sign-in/lift/again",
        destination=email.masked,
        suspended=progress.is_suspended(Factor.MAILBOX, result.refusal if result else None),
        cancel="/sign-in",
        **code_times(exchange, seen.challenge),
    )


def _problem(exchange: Exchange, result: SignInResult | None) -> Problem | None:
    if result is None:
        return None
    tries_left, open_at = result.tries_left, result.open_at
    return problem_of(exchange, result.refusal, tries_left=tries_left, open_at=open_at, has_other=False)
