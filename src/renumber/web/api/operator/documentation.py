"""The documentation of the operator's API, which anybody may read: it tells nothing of any account."""

from collections.abc import Sequence
from functools import cache

import msgspec
from litestar.response.base import ASGIResponse

from renumber.web.api.call import JSON, ApiCall
from renumber.web.api.operator.openapi import document
from renumber.web.api.operator.operation import Operation
from renumber.web.api.routes import ApiRoutes
from renumber.web.reply import reply


def document_operations(routes: ApiRoutes, operations: Sequence[Operation]) -> None:
    """Add the routes of the OpenAPI document and of the page."""

    @cache
    def described(base_url: str) -> bytes:
        return msgspec.json.encode(document(operations, base_url))

    @routes.for_anyone("GET", "/openapi.json")
    async def give_document(call: ApiCall) -> ASGIResponse:
        return reply(call.request.http, described(call.site.base_url), JSON)
