"""Errors for programs, on pages and in the API alike, as problem details (RFC 9457)."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from litestar.response.base import ASGIResponse

from renumber.web.reply import reply
from renumber.web.request import WebRequest

MEDIA_TYPE = "application/problem+json"
API = "/device/api"
API_V1 = "/api/v1"


def asks_a_program(request: WebRequest) -> bool:
    """Tell a program from a browser: it says so, or nobody else calls there."""
    return f"{request.path}/".startswith((f"{API}/", f"{API_V1}/")) or _prefers_json(request.header("accept"))


def _prefers_json(accept: str) -> bool:
    """The weights of RFC 9110 are too fine for two choices."""
    return "json" in accept and "text/html" not in accept


def problem_reply(
    request: WebRequest, status: int, members: Mapping[str, object], *, headers: Iterable[tuple[str, str]] = ()
) -> ASGIResponse:
    """Answer a program with an error, with members of its own beside those of the standard."""
    body = problem_body(request, status, members)
    return reply(request.http, body, MEDIA_TYPE, status=status, headers=headers)


def problem_body(request: WebRequest, status: int, members: Mapping[str, object]) -> bytes:
    """Word an error for a program."""
    about = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    said = {**about, **members, "request_id": request.served.request_id}
    return json.dumps(said, ensure_ascii=False).encode()
