"""The pages at which a link of a recovery case doesn't lead on."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.web.exchange import Exchange
from renumber.web.refusals import status_of

ENDS = {
    Refusal.LINK_USED: "used",
    Refusal.LINK_EXPIRED: "expired",
    Refusal.CASE_CLOSED: "closed",
    Refusal.CASE_EXPIRED: "expired",
    Refusal.CASE_ALREADY_OPEN: "open",
    Refusal.ACCOUNT_FROZEN: "frozen",
}


def end_page(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    """Say why a link doesn't lead on, and what does."""
    return exchange.page("recovery_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))
