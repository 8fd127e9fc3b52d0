"""What machines ask: is the process up, is the database there, the metrics, and errors as problem details."""

import json
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from litestar import Request, route
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

Ready = Callable[[], Awaitable[bool]]
Metrics = Callable[[str], tuple[bytes, str] | None]  # the Authorization header → the text and its type, or no access
READ: Any = ["GET", "HEAD"]


def handlers(is_ready: Ready, metrics: Metrics | None) -> Sequence[HTTPRouteHandler]:
    """The routes of operation."""

    @route("/healthz", http_method=READ)
    async def answer_health(request: Request[Any, Any, Any]) -> ASGIResponse:
        return ASGIResponse(body=b"ok\n", media_type="text/plain", is_head_response=request.method == "HEAD")

    @route("/readyz", http_method=READ)
    async def answer_readiness(request: Request[Any, Any, Any]) -> ASGIResponse:
        ready = await is_ready()
        body, status = (b"ready\n", 200) if ready else (b"the database does not answer\n", 503)
        is_head = request.method == "HEAD"
        return ASGIResponse(body=body, media_type="text/plain", status_code=status, is_head_response=is_head)

    @route("/metrics", http_method=READ)
    async def answer_metrics(request: Request[Any, Any, Any]) -> ASGIResponse:
        answer = metrics(request.headers.get("authorization", "")) if metrics else None
        if answer is None:
            raise NotFoundException
        body, media_type = answer
        return ASGIResponse(body=body, media_type=media_type, is_head_response=request.method == "HEAD")

    return [answer_health, answer_readiness, answer_metrics]


def problem_json(status: int, request_id: str, retry_after: int | None) -> ASGIResponse:
    """An error for a program (RFC 9457)."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "request_id": request_id}
    headers = [("retry-after", str(retry_after))] if retry_after is not None else []
    return ASGIResponse(
        body=json.dumps(body).encode(), media_type="application/problem+json", status_code=status, headers=headers
    )
