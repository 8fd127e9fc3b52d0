"""Replies in bytes, with what HTTP asks of each."""

import hashlib
from collections.abc import Iterable
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.web.request import HttpRequest
from renumber.web.templating import Asset

READ: Any = ["GET", "HEAD"]  # the methods of whatever can only be looked at


class Reply(ASGIResponse):
    """An answer for pages and for exception handlers alike."""

    def to_asgi_response(self, *_: object, **__: object) -> ASGIResponse:
        """Litestar asks for this where an exception is answered."""
        return self


def reply(
    request: HttpRequest,
    body: bytes | str,
    media_type: str,
    *,
    status: int = 200,
    headers: Iterable[tuple[str, str]] = (),
) -> Reply:
    """Answer; HEAD gets the same headers, and no body (RFC 9110 9.3.2)."""
    kind = media_type.removesuffix("; charset=utf-8")  # which Litestar adds to every text
    answer = Reply(body=body, media_type=kind, status_code=status, headers=headers)
    answer.is_head_response = request.method == "HEAD"
    return answer


def file_reply(request: HttpRequest, asset: Asset, caching: str) -> Reply:
    """Answer with a file; a browser that still has it hears only that (RFC 9110 13.1.2)."""
    tag = f'"{hashlib.sha256(asset.content).hexdigest()[:16]}"'
    headers = [("cache-control", caching), ("etag", tag)]
    kept = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if kept & {tag, "*"}:
        return reply(request, b"", asset.media_type, status=304, headers=headers)
    return reply(request, asset.content, asset.media_type, headers=headers)
