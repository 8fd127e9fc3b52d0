"""The number that was just typed, kept sealed by this browser alone: a slip is seen where it can be mended."""

from datetime import datetime

import msgspec

from renumber.domain.phone_number import PhoneNumber
from renumber.policies.numbers import in_full
from renumber.web import cookies
from renumber.web.exchange import SessionExchange, SignInExchange
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie
from renumber.web.request import WebRequest


class Typed(msgspec.Struct):
    """The number in E.164, and the sign-in in which it was typed."""

    sign_in_id: str
    number: str


NOTHING = Typed("", "")


def keep_typed(exchange: SignInExchange, number: PhoneNumber) -> None:
    """Have this browser keep the number that was typed in it, as long as a sign-in lasts at most."""
    request, sign_in = exchange.request, exchange.progress.sign_in
    lasting = exchange.services.rules.limits.sign_in_for
    typed, place = Typed(sign_in.sign_in_id, number.e164), sign_in.account_id
    name, now = cookies.TYPED_NUMBER, exchange.now
    exchange.set_cookie(sealed_cookie(request, name, typed, place=place, now=now, lives_for=lasting))


def typed_in_sign_in(exchange: SignInExchange, number: PhoneNumber) -> bool:
    """Tell whether this number was typed in this browser and in this sign-in: an earlier one may be somebody else's."""
    sign_in = exchange.progress.sign_in
    typed = _typed(exchange.request, sign_in.account_id, exchange.now)
    return (typed.number, typed.sign_in_id) == (number.e164, sign_in.sign_in_id)


def shown_in_sign_in(exchange: SignInExchange, number: PhoneNumber) -> str:
    """Write the number in full where it was just typed; any other browser in the same sign-in sees it masked."""
    return in_full(number) if typed_in_sign_in(exchange, number) else number.masked


def shown_in_session(exchange: SessionExchange) -> str:
    """Write the number in full where it was just typed; any other browser in the same session sees it masked."""
    account = exchange.visit.account
    if account.number is None:
        return ""
    typed = _typed(exchange.request, account.account_id, exchange.now)
    return in_full(account.number) if typed.number == account.number.e164 else account.number.masked


def _typed(request: WebRequest, account_id: str, now: datetime) -> Typed:
    return open_sealed(request, cookies.TYPED_NUMBER, Typed, place=account_id, now=now) or NOTHING
