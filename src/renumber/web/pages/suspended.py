"""Restoring a suspended factor by a code to the mailbox, and a suspended mailbox by a link."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.factors import suspended
from renumber.flows.views import code_in_flight
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.pages.code import code_status, code_times, is_whole
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes
from renumber.web.templating import Problem

routes = Routes()

LINK_STATES = {None: "asks", Refusal.LINK_USED: "open", Refusal.LINK_EXPIRED: "expired"}


@routes.in_sign_in.act("/sign-in/lift/again")
async def send_restore_code(exchange: SignInExchange) -> ASGIResponse:
    """Send the code that restores a factor, also for the first time: opening the page sends nothing."""
    step = await suspended.send_restore_code(exchange.services, exchange.client, exchange.ticket)
    return await _page(exchange, step) if step.refusal else exchange.redirect("/sign-in/lift")


@routes.in_sign_in.show("/sign-in/lift")
async def show_restore_code(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the code that restores a factor."""
    return await _page(exchange)


@routes.in_sign_in.act("/sign-in/lift")
async def restore_by_code(exchange: SignInExchange) -> ASGIResponse:
    """Check the code, and go back to the factor that is open again."""
    code = exchange.form.get("code", "")
    if not is_whole(code):
        return await _page(exchange, typed=code)
    step = await suspended.restore_by_code(exchange.services, exchange.client, exchange.ticket, code=code)
    return await _page(exchange, step) if step.refusal else exchange.go_on()


async def _page(exchange: SignInExchange, step: Step[None] | None = None, *, typed: str | None = None) -> ASGIResponse:
    progress = exchange.progress
    email = progress.account.email
    intent = suspended.restore_intent(progress.account, progress.sign_in)
    seen = await code_in_flight(exchange.services, progress, intent)
    if seen.challenge is None and step is None:
        return exchange.go_on()  # no code was sent, so that there is none to enter
    return exchange.page(
        "code.html",
        status=code_status(step, typed),
        problem=_problem(exchange, step),
        typed_code=None if typed is None else typed[:32],
        kind="lift",
        action="/sign-in/lift",
        again="/sign-in/lift/again",
        destination=email.masked,
        suspended=progress.bar(Factor.MAILBOX, step.refusal if step else None),
        cancel="/sign-in",
        **code_times(exchange, seen.challenge),
    )


def _problem(exchange: SignInExchange, step: Step[None] | None) -> Problem | None:
    if step is None:
        return None
    tries_left, open_at = step.tries_left, step.open_at
    return problem_of(exchange, step.refusal, tries_left=tries_left, open_at=open_at, has_other=False)


@routes.for_anyone.show("/sign-in/mailbox/{token:str}")
async def show_restore_link(exchange: Exchange) -> ASGIResponse:
    """Explain the button that restores a mailbox; opening the link does nothing."""
    view = await suspended.look_at_restore_link(exchange.services, exchange.request.param("token"))
    if view.account:
        exchange.account_language = view.account.locale
    state = LINK_STATES.get(view.refusal, "unknown")
    return exchange.page("mailbox.html", status=200 if state == "open" else status_of(view.refusal), state=state)


@routes.for_anyone.act("/sign-in/mailbox/{token:str}")
async def restore_mailbox(exchange: Exchange) -> ASGIResponse:
    """Send codes to the mailbox again; a second press finds it done."""
    token = exchange.request.param("token")
    await suspended.restore_mailbox(exchange.services, exchange.client, token)
    return exchange.redirect(f"/sign-in/mailbox/{token}")
