"""The check that a browser holds once its number or its link was used there, sealed into a cookie."""

from datetime import timedelta

from renumber.flows.support.caller.opening import CallerTicket
from renumber.web import cookies
from renumber.web.exchange import Exchange
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie

CALLER, CHECK = "/caller", "/caller/check"
HELD_FOR = timedelta(hours=1)  # longer than a check can last, so that its page can say how it ended


def held(exchange: Exchange) -> CallerTicket | None:
    """Find the check that this browser holds."""
    found = open_sealed(exchange.request, cookies.CALLER, tuple[str, str], place=CALLER, now=exchange.now)
    return CallerTicket(account_id=found[0], check_id=found[1]) if found else None


def hold(exchange: Exchange, ticket: CallerTicket) -> None:
    """Let this browser hold the check, which opens nothing but its page."""
    named = (ticket.account_id, ticket.check_id)
    exchange.set_cookie(
        sealed_cookie(exchange.request, cookies.CALLER, named, place=CALLER, now=exchange.now, lives_for=HELD_FOR)
    )
