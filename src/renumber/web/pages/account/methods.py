"""The page of a method of which an account has one: the phone and the authenticator app.

Passkeys, devices and recovery codes have pages of their own.
"""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.phone_number import masked
from renumber.flows.factors.views import MethodView, method_view
from renumber.web.exchange import SessionExchange
from renumber.web.formats.factor_rows import bar_of
from renumber.web.routes import Routes

routes = Routes()

ELSEWHERE = {
    Factor.PASSKEY.value: "/profile/passkeys",
    Factor.RECOVERY_CODE.value: "/profile/recovery-codes",
}
METHODS = "/profile#methods"


@routes.in_session.show("/methods/{factor:str}")
async def show_method(exchange: SessionExchange) -> ASGIResponse:
    """Show one method; what the account doesn't have is found in the list."""
    named, account = exchange.request.param("factor"), exchange.visit.account
    if named == Factor.TOTP and Factor.TOTP in account.factors:
        return await _app(exchange)
    if named == Factor.PHONE and account.number:
        return await _phone(exchange)
    return exchange.redirect(ELSEWHERE.get(named, METHODS))


async def _app(exchange: SessionExchange) -> ASGIResponse:
    about = await method_view(exchange.services, exchange.visit, Factor.TOTP)
    held_until = exchange.visit.held_for(about.made_at)
    return _page(exchange, Factor.TOTP, about, remove_url="/profile/app/remove", held_until=held_until)


async def _phone(exchange: SessionExchange) -> ASGIResponse:
    about = await method_view(exchange.services, exchange.visit, Factor.PHONE)
    number, is_changing = masked(exchange.visit.account.number), exchange.visit.change is not None
    return _page(exchange, Factor.PHONE, about, number=number, is_changing=is_changing)


def _page(exchange: SessionExchange, factor: Factor, about: MethodView, **more: Any) -> ASGIResponse:
    state = bar_of(exchange.visit.account, factor)
    return exchange.page(
        "method.html", key=factor.value, state=state, made_at=about.made_at, used_at=about.used_at, **more
    )
