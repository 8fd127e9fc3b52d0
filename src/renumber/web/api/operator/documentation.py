"""The documentation of the operator's API, which anybody may read: it tells nothing of any account."""

from collections.abc import Iterator, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from renumber.web.api.call import JSON, ApiCall
from renumber.web.api.operator.openapi import document
from renumber.web.api.operator.operation import Operation
from renumber.web.api.operator.problems import PROBLEMS
from renumber.web.api.routes import ApiRoutes
from renumber.web.exchange import Exchange
from renumber.web.problem import OPERATOR_API, problem_reply
from renumber.web.reply import reply

PAGE = f"{OPERATOR_API}/docs"


def document_operations(routes: ApiRoutes, operations: Sequence[Operation]) -> None:
    """Add the routes of the OpenAPI document, of the page for people, and of the address of each problem."""

    @cache
    def described(base_url: str) -> bytes:
        return msgspec.json.encode(document(operations, base_url))

    @routes.for_anyone("GET", "/openapi.json")
    async def give_document(call: ApiCall) -> ASGIResponse:
        return reply(call.request.http, described(call.site.base_url), JSON)

    @routes.for_anyone("GET", "/docs")
    async def show_page(call: ApiCall) -> ASGIResponse:
        return Exchange(call.request).page("api.html", **page_of(operations))

    @routes.for_anyone("GET", "/problems/{code:str}")
    async def lead_to_problem(call: ApiCall) -> ASGIResponse:
        code = call.request.param("code")
        if code not in PROBLEMS:
            return problem_reply(call.request, 404, {})
        return Exchange(call.request).redirect(f"{PAGE}#problem-{code}")


def page_of(operations: Sequence[Operation]) -> dict[str, Any]:
    """Give what the page shows."""
    return {"base": OPERATOR_API, "operations": [_shown(one) for one in operations], "problems": PROBLEMS.items()}


def _shown(one: Operation) -> SimpleNamespace:
    parts = (("Query", one.asks), ("Body", one.takes), ("Answer", one.gives))
    shapes = [(heading, list(_members(kind))) for heading, kind in parts if kind and kind.__struct_fields__]
    about = {name: getattr(one, name) for name in ("name", "method", "summary", "is_act", "is_tagged")}
    path = one.path.replace("{account_id}", "ACCOUNT_ID").replace("{stream_id}", "STREAM_ID")
    return SimpleNamespace(**about, path=path, scope=one.scope.value, problems=one.problems, shapes=shapes)


def _members(kind: type[msgspec.Struct]) -> Iterator[SimpleNamespace]:
    shape = msgspec.json.schema_components([kind], ref_template="{name}")[1][kind.__name__]
    for name, schema in shape["properties"].items():
        required = name in shape.get("required", ())
        yield SimpleNamespace(name=name, is_required=required, about=schema.get("description", ""))
