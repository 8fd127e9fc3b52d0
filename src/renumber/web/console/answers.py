"""The answers that pages of the console share."""

from collections.abc import Mapping

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.web.console.exchange import StaffExchange
from renumber.web.forms.returned_forms import Returned
from renumber.web.refusals import problem_of, status_of


def refused(exchange: StaffExchange, refusal: Refusal, typed: Mapping[str, str], *, back: str) -> ASGIResponse:
    """Give a refused form back to its page, which says why."""
    problem = problem_of(exchange, refusal)
    return exchange.send_back(back, Returned(typed=typed, problem=problem), status_of(refusal))
