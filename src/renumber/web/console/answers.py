"""The answers that pages of the console share."""

from collections.abc import Mapping
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Step
from renumber.web.console.exchange import StaffExchange
from renumber.web.forms.returned_forms import Returned
from renumber.web.refusals import problem_of, status_of


def refused(exchange: StaffExchange, step: Step[Any], typed: Mapping[str, str], *, back: str) -> ASGIResponse:
    """Give a refused form back to its page, which says why, and when it can be tried again."""
    problem = problem_of(exchange, step.refusal, open_at=step.open_at)
    return exchange.send_back(back, Returned(typed=typed, problem=problem), status_of(step.refusal))
