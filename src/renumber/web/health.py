"""Endpoints for operators' machines: liveness, readiness and metrics."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web.reply import READ, reply
from renumber.web.request import HttpRequest
from renumber.web.shared_signature import Answering

Unready = Callable[[], Awaitable[str]]  # the reason why nobody should be sent here now; empty if there is none
TEXT = "text/plain"
SOON = 2  # seconds


class Metrics(Protocol):
    """Figures for those who show the token."""

    def admits(self, authorization: str) -> bool:
        """Judge the token of an Authorization header."""

    async def exposition(self) -> tuple[bytes, str]:
        """Give the figures as text, and its media type."""


def handlers(unready: Unready, metrics: Metrics | None) -> Sequence[HTTPRouteHandler]:
    """Serve liveness, readiness and metrics."""

    @Answering("/healthz", http_method=READ)
    async def answer_health(request: HttpRequest) -> ASGIResponse:
        return reply(request, "ok\n", TEXT)

    @Answering("/readyz", http_method=READ)
    async def answer_readiness(request: HttpRequest) -> ASGIResponse:
        reason = await unready()
        if not reason:
            return reply(request, "ready\n", TEXT)
        headers = [("retry-after", str(SOON))]
        return reply(request, f"{reason}\n", TEXT, status=503, headers=headers)

    @Answering("/metrics", http_method=READ)
    async def answer_metrics(request: HttpRequest) -> ASGIResponse:
        # A wrong token is told the same as an installation without metrics: there is nothing here to guess at.
        if metrics is None or not metrics.admits(request.headers.get("authorization", "")):
            raise NotFoundException
        body, media_type = await metrics.exposition()
        return reply(request, body, media_type)

    return [answer_health, answer_readiness, answer_metrics]
