"""Freezing an account by the link of a notice."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.account import freeze
from renumber.flows.account.freeze_by_person import digits_to_type, freeze_by_person
from renumber.web.exchange import Exchange
from renumber.web.refusals import send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

ENDS = {Refusal.LINK_EXPIRED: "expired", Refusal.NOTHING_TO_STOP: "nothing", Refusal.CHANNEL_LEFT: "left"}


@routes.for_anyone.show("/freeze/{token:path}")
async def show_stop(exchange: Exchange) -> ASGIResponse:
    """Explain the button that freezes the account; opening the link does nothing."""
    return await _ask(exchange, exchange.request.token)


async def _ask(exchange: Exchange, token: str) -> ASGIResponse:
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
        stops_release=view.stops_release,
        masked_email=view.account.email.masked if view.account else "",
        told=view.told,
        told_at=view.told_at,
        digits=digits,
        typed=exchange.returned.typed.get("digits", ""),
    )


def _end(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    return exchange.page("freeze_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))


@routes.for_anyone.take_away("/freeze/{token:path}")
async def freeze_account(exchange: Exchange) -> ASGIResponse:
    """Freeze the account, and end what this browser has of it."""
    token = exchange.request.token
    typed = exchange.form.get("digits", "")
    step = await freeze_by_person(exchange.services, exchange.client, token, typed=typed)
    if step.refusal is Refusal.NOT_CONFIRMED:
        ended = (await freeze.look_at_stop(exchange.services, token)).refusal
        return send_back(exchange, exchange.request.here, ended or step.refusal, typed={"digits": typed})
    if step.refusal and step.refusal is not Refusal.ACCOUNT_FROZEN:
        return send_back(exchange, exchange.request.here, step.refusal)
    exchange.forget_sign_in()
    return exchange.redirect(exchange.request.here)
