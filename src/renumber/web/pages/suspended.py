"""Restoring a suspended factor by a code to the mailbox, and a suspended mailbox by a link."""

from litestar.response.base import ASGIResponse

from renumber.domain.challenge import DIGITS
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.typed.codes import digits_in
from renumber.flows.factors import suspended
from renumber.flows.views import code_in_flight
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.pages.code import COUNTED, code_times
from renumber.web.refusals import problem_of, send_back, send_back_incomplete, status_of
from renumber.web.routes import Routes

routes = Routes()

LINK_STATES = {None: "asks", Refusal.LINK_USED: "open", Refusal.LINK_EXPIRED: "expired"}


@routes.in_sign_in.act("/sign-in/lift/again")
async def send_restore_code(exchange: SignInExchange) -> ASGIResponse:
    """Send the code that restores a factor, also for the first time: opening the page sends nothing."""
    step = await suspended.send_restore_code(exchange.services, exchange.client, exchange.ticket)
    return _refused(exchange, step) if step.refusal else exchange.redirect("/sign-in/lift")


@routes.in_sign_in.show("/sign-in/lift")
async def show_restore_code(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the code that restores a factor."""
    return await _page(exchange)


@routes.in_sign_in.act("/sign-in/lift")
async def restore_by_code(exchange: SignInExchange) -> ASGIResponse:
    """Check the code, and go back to the factor that is open again."""
    code = exchange.form.get("code", "")
    if not digits_in(code, DIGITS):
        return send_back_incomplete(exchange, "/sign-in/lift", "code", typed={"code": code})
    step = await suspended.restore_by_code(exchange.services, exchange.client, exchange.ticket, code=code)
    return _refused(exchange, step) if step.refusal else exchange.go_on()


async def _page(exchange: SignInExchange) -> ASGIResponse:
    progress = exchange.progress
    email = progress.account.email
    intent = suspended.restore_intent(progress.account, progress.sign_in)
    seen = await code_in_flight(exchange.services, progress, intent)
    if seen.challenge is None and exchange.returned.refusal is None:
        return exchange.go_on()  # no code was sent, so that there is none to enter
    return exchange.page(
        "code.html",
        lacks=exchange.returned.lacks,
        typed=exchange.returned.typed,
        kind="lift",
        action="/sign-in/lift",
        again="/sign-in/lift/again",
        destination=email.masked,
        suspended=progress.bar(Factor.MAILBOX, exchange.returned.refusal),
        cancel="/sign-in",
        **code_times(exchange, seen.challenge),
        delivery=seen.delivery,
    )


def _refused(exchange: SignInExchange, step: Step[None]) -> ASGIResponse:
    tries_left, open_at = step.tries_left, step.open_at
    problem = problem_of(
        exchange, step.refusal, tries_left=tries_left, open_at=open_at, has_other=False, counted=COUNTED
    )
    return send_back(exchange, "/sign-in/lift", step.refusal, problem=problem)


@routes.for_anyone.show("/sign-in/mailbox/{token:path}")
async def show_restore_link(exchange: Exchange) -> ASGIResponse:
    """Explain the button that restores a mailbox; opening the link does nothing."""
    view = await suspended.look_at_restore_link(exchange.services, exchange.request.token)
    if view.account:
        exchange.account_language = view.account.locale
    state = LINK_STATES.get(view.refusal, "unknown")
    return exchange.page("mailbox.html", status=200 if state == "open" else status_of(view.refusal), state=state)


@routes.for_anyone.act("/sign-in/mailbox/{token:path}")
async def restore_mailbox(exchange: Exchange) -> ASGIResponse:
    """Send codes to the mailbox again; a second press finds it done."""
    token = exchange.request.token
    await suspended.restore_mailbox(exchange.services, exchange.client, token)
    return exchange.redirect(f"/sign-in/mailbox/{token}")
