"""Asking for recovery, confirming it by a mail, and seeing where it stands until it is over."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.support import own_request
from renumber.policies.support.recovery import written
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.forms.form_id import form_id
from renumber.web.pages.recovery.ends import end_page
from renumber.web.refusals import send_back
from renumber.web.routes import Routes

routes = Routes()


@routes.in_sign_in.act("/sign-in/recovery")
async def ask(exchange: SignInExchange) -> ASGIResponse:
    """Send the mail that a case begins with."""
    if not own_request.may_request(exchange.progress.sign_in):
        return exchange.go_on()
    step = await own_request.request_recovery(
        exchange.services, exchange.client, exchange.ticket, form_id=form_id(exchange.form)
    )
    if step.refusal is Refusal.CASE_ALREADY_OPEN:
        return exchange.redirect("/sign-in/recovery")
    if step.refusal:
        return send_back(exchange, "/sign-in/help", step.refusal)
    return exchange.redirect("/sign-in/recovery/sent")


@routes.in_sign_in.show("/sign-in/recovery")
async def show_standing(exchange: SignInExchange) -> ASGIResponse:
    """Say where the case stands, to somebody who has given the password."""
    if not own_request.may_request(exchange.progress.sign_in):
        return exchange.go_on()
    return await _standing(exchange, exchange.progress.account.account_id)


@routes.for_anyone.show("/sign-in/recovery/sent")
async def show_sent(exchange: Exchange) -> ASGIResponse:
    """Say that a mail is on its way."""
    return exchange.page("recovery_sent.html")


@routes.for_anyone.show("/recovery/request/{token:path}")
async def show_request(exchange: Exchange) -> ASGIResponse:
    """Explain the button that opens a case, or say where the case stands once it is open; looking does nothing.

    Whoever has the link has opened the case with it, or reads the mailbox that hears of each step anyway.
    """
    view = await own_request.look_at_request(exchange.services, exchange.request.token)
    if view.refusal is Refusal.LINK_USED:
        return await _standing(exchange, view.account_id)
    return end_page(exchange, view.refusal) if view.refusal else exchange.page("recovery_request.html")


@routes.for_anyone.act("/recovery/request/{token:path}")
async def confirm(exchange: Exchange) -> ASGIResponse:
    """Open the case, and say what comes next."""
    step = await own_request.confirm_request(exchange.services, exchange.client, exchange.request.token)
    if step.refusal or step.state is None:
        return send_back(exchange, exchange.request.here, step.refusal or Refusal.NOT_NOW)
    return exchange.redirect(f"/recovery/opened/{written(step.state.number)}")


@routes.for_anyone.show("/recovery/opened/{number:str}")
async def show_opened(exchange: Exchange) -> ASGIResponse:
    """Say which case was opened, and what comes next."""
    return exchange.page("recovery_opened.html", number=exchange.request.param("number"))


async def _standing(exchange: Exchange, account_id: str) -> ASGIResponse:
    case = await exchange.site.support.cases.newest_case(account_id)
    return exchange.page("recovery_standing.html", case=case)
