"""The documentation of an API, which anybody may read: it tells nothing of any account."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from renumber.web.api.call import JSON, ApiCall
from renumber.web.api.operations.openapi import document
from renumber.web.api.operations.operation import Api, Operation
from renumber.web.api.operations.problems import PROBLEMS
from renumber.web.api.routes import ApiRoutes
from renumber.web.exchange import Exchange
from renumber.web.problem import API_V1, problem_reply
from renumber.web.reply import reply


def document_operations(routes: ApiRoutes, api: Api) -> None:
    """Add the routes of the OpenAPI document and of the page for people."""
    at = api.page.removeprefix(API_V1).removesuffix("/docs")

    @cache
    def described(base_url: str) -> bytes:
        return msgspec.json.encode(document(api, base_url))

    @routes.for_anyone("GET", f"{at}/openapi.json")
    async def give_document(call: ApiCall) -> ASGIResponse:
        return reply(call.request.http, described(call.site.base_url), JSON)

    @routes.for_anyone("GET", f"{at}/docs")
    async def show_page(call: ApiCall) -> ASGIResponse:
        return Exchange(call.request).page("api.html", **page_of(api))


def lead_to_problems(routes: ApiRoutes, apis: Sequence[Api]) -> None:
    """Add the address of each problem, which leads to its place on the page of the first API that tells it."""
    pages = {code.value: api.page for api in reversed(apis) for code in api.problems}

    @routes.for_anyone("GET", "/problems/{code:str}")
    async def lead_to_problem(call: ApiCall) -> ASGIResponse:
        code = call.request.param("code")
        if code not in pages:
            return problem_reply(call.request, 404, {})
        return Exchange(call.request).redirect(f"{pages[code]}#problem-{code}")


def page_of(api: Api) -> dict[str, Any]:
    """Give what the page shows."""
    problems = [(code, PROBLEMS[code]) for code in api.problems]
    about = {"heading": api.title, "document_url": api.page.replace("/docs", "/openapi.json"), "schemes": api.schemes}
    return {**about, "base": API_V1, "operations": [_shown(one) for one in api.operations], "problems": problems}


def _shown(one: Operation) -> SimpleNamespace:
    parts = (("Query", one.asks), ("Body", one.takes), ("Answer", one.gives))
    shapes = [(heading, list(_members(kind))) for heading, kind in parts if kind and kind.__struct_fields__]
    about = {name: getattr(one, name) for name in ("name", "method", "summary", "takes_key", "is_tagged", "problems")}
    path = re.sub(r"\{(\w+)\}", lambda part: part[1].upper(), one.path)
    return SimpleNamespace(**about, path=path, scope=one.scope.value if one.scope else "", shapes=shapes)


def _members(kind: type[msgspec.Struct]) -> Iterator[SimpleNamespace]:
    shape = msgspec.json.schema_components([kind], ref_template="{name}")[1][kind.__name__]
    for name, schema in shape["properties"].items():
        required = name in shape.get("required", ())
        yield SimpleNamespace(name=name, is_required=required, about=schema.get("description", ""))
