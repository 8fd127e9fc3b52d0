"""The choice among the methods of an account, and help for people who have none of them at hand."""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.phone_number import masked
from renumber.domain.sign_in import SignInState
from renumber.flows.factors.views import PickerView, last_used, picker_view
from renumber.flows.sign_in.in_progress import is_stale
from renumber.flows.sign_in.method import choose_method
from renumber.web.admission import sign_in_of
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.refusals import send_back
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import page_of

routes = Routes()


@routes.for_anyone.show("/sign-in/help")
async def show_help(exchange: Exchange) -> ASGIResponse:
    """Say honestly what is possible without any of the methods."""
    in_sign_in = await sign_in_of(exchange.request)
    return await _help_at_sign_in(in_sign_in) if in_sign_in else exchange.page("help.html", back_url="/sign-in")


async def _help_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Answer in the sign-in, since the buttons go on with it, and its routes believe no form of a page for anyone."""
    progress, view = exchange.progress, picker_view(exchange.services, exchange.client, exchange.progress)
    may_choose, at_number = progress.sign_in.may_choose, progress.sign_in.state is SignInState.AWAITING_NEW_NUMBER
    may_recover = exchange.site.has_console and not at_number
    return exchange.page(
        "help.html",
        back_url="/sign-in/method" if may_choose and not at_number else page_of(progress.sign_in),
        has=view.usable if may_choose else (),
        may_report=may_choose and view.may_report,
        may_recover=may_recover,
        case=await exchange.site.support.cases.newest_case(progress.account.account_id) if may_recover else None,
        new_number=view.enters_number and not exchange.services.rules.reenrolment_requires_factor,
        form_id=exchange.services.secrets.new_id(),
    )


@routes.in_sign_in.show("/sign-in/method")
async def show_methods(exchange: SignInExchange) -> ASGIResponse:
    """List the methods of the account."""
    progress, view = exchange.progress, picker_view(exchange.services, exchange.client, exchange.progress)
    if not progress.sign_in.may_choose:
        return exchange.go_on()
    return exchange.page(
        "methods.html",
        methods=_methods(progress.account, view),
        last_used=await last_used(exchange.services, progress.account),
        may_report=view.may_report,
        lost=_just_reported(exchange),
    )


def _just_reported(exchange: SignInExchange) -> str | None:
    """Give the method that the page before this one has suspended."""
    reported = exchange.request.query("lost")
    return reported if reported in exchange.progress.account.lost else None


def _methods(account: Account, view: PickerView) -> list[dict[str, Any]]:
    """List the methods, strongest first; after the reset the phone, for entering the new number, before all others."""
    listed = [_method(account, factor) for factor in view.methods]
    return [{**_method(account, Factor.PHONE), "new_number": True}, *listed] if view.enters_number else listed


def _method(account: Account, factor: Factor) -> dict[str, Any]:
    return {
        "key": factor.value,
        "detail": masked(account.number) if factor is Factor.PHONE else "",
        "url": f"/sign-in/method/{factor}",
        "new_number": False,
        "state": "lost" if factor in account.lost else "paused" if factor in account.suspended else "",
    }


@routes.in_sign_in.act("/sign-in/method/{factor:str}")
async def choose(exchange: SignInExchange) -> ASGIResponse:
    """Go on with another method; choosing the one that is asked for sends nothing twice."""
    chosen = exchange.request.param("factor")
    if chosen not in {factor.value for factor in Factor}:
        return exchange.redirect("/sign-in/method")
    step = await choose_method(exchange.services, exchange.client, exchange.ticket, factor=Factor(chosen))
    if step.refusal and not is_stale(step):
        return send_back(exchange, "/sign-in/method", step.refusal)
    return exchange.go_on(step)
