"""The request that this context serves."""

from contextvars import ContextVar
from typing import Protocol

from renumber.domain.outcomes import Refusal


class Request(Protocol):
    """A request as the web describes it; complete when it is done."""

    request_id: str
    method: str
    route: str
    status: int
    elapsed: float
    account_id: str | None
    fault: Exception | None
    acts: list[str]
    refusal: Refusal | None
    spent: dict[str, float]


CURRENT: ContextVar[Request | None] = ContextVar("request", default=None)
