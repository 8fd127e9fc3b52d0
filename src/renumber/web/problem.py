"""Errors for programs, as problem details (RFC 9457)."""

import json
from http import HTTPStatus

PROBLEM = "application/problem+json"


def prefers_json(accept: str) -> bool:
    """Whether a program asks, and not a browser; the weights of RFC 9110 are too fine for two choices."""
    return "json" in accept and "text/html" not in accept


def asks_a_program(path: str, accept: str) -> bool:
    """Whether an error is worded for a program: it says so, or nobody else calls there."""
    return path.startswith("/device/api/") or prefers_json(accept)


def problem(status: int, request_id: str, said: str = "") -> str:
    """Word an error for a program (RFC 9457)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "request_id": request_id}
    return json.dumps({**body, "detail": said} if said else body)
