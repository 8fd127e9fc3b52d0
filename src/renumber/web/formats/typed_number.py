"""The number that was just typed, kept sealed by this browser alone: a slip is seen where it can be mended."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import msgspec

from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.services import Unreadable
from renumber.policies.numbers import in_full
from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.exchange import SessionExchange, SignInExchange
from renumber.web.request import WebRequest


class Typed(msgspec.Struct):
    """The number in E.164, the sign-in in which it was typed, and until when it is shown (seconds since 1970)."""

    until: float
    sign_in_id: str
    number: str


NOTHING = Typed(0, "", "")


def keep_typed(exchange: SignInExchange, number: PhoneNumber) -> None:
    """Have this browser keep the number that was typed in it, as long as a sign-in lasts at most."""
    request, sign_in = exchange.request, exchange.progress.sign_in
    lasting = exchange.services.rules.limits.sign_in_for
    typed = Typed((exchange.now + lasting).timestamp(), sign_in.sign_in_id, number.e164)
    sealed = request.site.sealing.seal(msgspec.json.encode(typed).decode(), _place(request, sign_in.account_id))
    exchange.set_cookie(SetCookie(cookies.TYPED_NUMBER, urlsafe_b64encode(sealed).decode(), lasting))


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
    try:
        sealed = urlsafe_b64decode(request.cookie(cookies.TYPED_NUMBER))
        text = request.site.sealing.unseal(sealed, _place(request, account_id))
    except (ValueError, Unreadable):
        return NOTHING
    typed = msgspec.json.decode(text, type=Typed)
    return typed if now.timestamp() < typed.until else NOTHING


def _place(request: WebRequest, account_id: str) -> str:
    """Bind it to account and browser: moved elsewhere it doesn't open."""
    return f"typed number:{account_id}:{request.browser_id}"
