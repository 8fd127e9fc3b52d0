"""The accounts that somebody of staff has given a reason to look at, for half an hour, kept sealed in their browser."""

from datetime import timedelta

from renumber.web import cookies
from renumber.web.console.exchange import StaffExchange
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie

LOOKS_FOR = timedelta(minutes=30)
HISTORY_OF = "history:"
MOST = 20  # accounts at once: all that a search lists


def may_see(exchange: StaffExchange, account_id: str) -> bool:
    """True if a reason was given in this session, not too long ago: the page is shown, and not asked for."""
    return account_id in _looks(exchange)


def may_read_history(exchange: StaffExchange, account_id: str) -> bool:
    """True if a reason was given to read this account's history, or to look at the account as a whole."""
    looks = _looks(exchange)
    return account_id in looks or f"{HISTORY_OF}{account_id}" in looks


def remember_histories(exchange: StaffExchange, account_ids: list[str]) -> None:
    """Let this session read histories that have just kept the reason; the accounts' pages it doesn't open."""
    remember_looks(exchange, [f"{HISTORY_OF}{account_id}" for account_id in account_ids])


def remember_looks(exchange: StaffExchange, account_ids: list[str]) -> None:
    """Let this session see accounts whose history has just kept the reason."""
    others = [each for each in _looks(exchange) if each not in account_ids]
    seen, place = [*account_ids, *others][:MOST], exchange.held_by
    cookie = sealed_cookie(exchange.request, cookies.LOOKS, seen, place=place, now=exchange.now, lives_for=LOOKS_FOR)
    exchange.set_cookie(cookie)


def _looks(exchange: StaffExchange) -> list[str]:
    return open_sealed(exchange.request, cookies.LOOKS, list[str], place=exchange.held_by, now=exchange.now) or []
