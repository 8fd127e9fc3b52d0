"""The OpenAPI 3.1 document of an API, made of the declarations by which it is routed."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from renumber.web.api.operations.operation import Api, Operation
from renumber.web.api.operations.problems import PROBLEMS, Code, type_of
from renumber.web.api.operations.shapes import Flow
from renumber.web.problem import API_V1, MEDIA_TYPE

JSON, KEYS = "application/json", "^[!-~]{1,255}$"


class ProblemDetails(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Why a request was not carried out (RFC 9457)."""

    type: str
    title: str
    status: int
    request_id: str
    code: str | msgspec.UnsetType = msgspec.UNSET
    detail: str | msgspec.UnsetType = msgspec.UNSET
    scope: str | msgspec.UnsetType = msgspec.UNSET
    max_age: int | msgspec.UnsetType = msgspec.UNSET
    acr_values: str | msgspec.UnsetType = msgspec.UNSET
    tries_left: int | msgspec.UnsetType = msgspec.UNSET
    open_at: datetime | msgspec.UnsetType = msgspec.UNSET
    flows: tuple[Flow, ...] | msgspec.UnsetType = msgspec.UNSET


def document(api: Api, base_url: str) -> dict[str, Any]:
    """Describe an API as OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for one in api.operations:
        paths.setdefault(f"{API_V1}{one.path}", {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": "1"},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {"schemas": _schemas(api.operations), "securitySchemes": api.schemes},
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    kinds = {kind for one in operations for kind in (one.gives, one.takes) if kind}
    ordered = sorted(kinds | {ProblemDetails}, key=lambda kind: kind.__name__)
    schemas = msgspec.json.schema_components(ordered, ref_template="#/components/schemas/{name}")[1]
    return {name: _typed(schema) for name, schema in schemas.items()}


def _typed(schema: Any) -> Any:
    """Say of every list of words that they are strings: some generators make nothing of an enum without a type."""
    if isinstance(schema, list):
        return list(map(_typed, schema))
    if not isinstance(schema, dict):
        return schema
    words = {"type": "string"} if all(isinstance(word, str) for word in schema.get("enum", [0])) else {}
    return {**words, **{name: _typed(part) for name, part in schema.items()}}


def _operation(one: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary.partition("\n")[0],
        "tags": [one.path.split("/")[1]],
        "security": one.security,
        "parameters": [*_of_path(one), *_of_query(one), *_of_headers(one)],
        "responses": {str(one.status): _success(one), **_problems(one)},
    }
    if one.is_tagged:
        said["responses"]["304"] = {"description": "What If-None-Match names is still what there is."}
    if one.takes:
        said["requestBody"] = {"required": True, "content": _content(JSON, one.takes)}
    return said


def _of_path(one: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _of_query(one: Operation) -> list[dict[str, Any]]:
    if one.asks is None:
        return []
    shape = msgspec.json.schema_components([one.asks], ref_template="{name}")[1][one.asks.__name__]
    return [
        {"name": name, "in": "query", "required": name in shape.get("required", ()), "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def _of_headers(one: Operation) -> list[dict[str, Any]]:
    key = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "pattern": KEYS}}
    tag = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
    return [*([key] if one.takes_key else []), *([tag] if one.is_tagged else [])]


def _success(one: Operation) -> dict[str, Any]:
    tags = ["ETag"] if one.is_tagged else []
    headers = {name: {"schema": {"type": "string"}} for name in ("RateLimit", "RateLimit-Policy", *tags)}
    return {"description": "Done.", **_given(one), "headers": headers}


def _given(one: Operation) -> dict[str, Any]:
    if one.gives is None:
        return {}
    given = _content(JSON, one.gives)
    if one.or_all:
        single = given[JSON]["schema"]
        given[JSON]["schema"] = {"oneOf": [single, {"type": "array", "items": single}]}
    return {"content": given}


def _problems(one: Operation) -> dict[str, Any]:
    """One answer for each status, which names all problems that have it."""
    ordered = sorted(one.problems, key=lambda code: PROBLEMS[code].status)
    grouped = groupby(ordered, key=lambda code: PROBLEMS[code].status)
    return {str(status): _problem(list(codes)) for status, codes in grouped}


def _problem(codes: list[Code]) -> dict[str, Any]:
    said = " ".join(f"`{type_of(code)}`: {PROBLEMS[code].title}." for code in codes)
    return {"description": said, "content": _content(MEDIA_TYPE, ProblemDetails)}


def _content(media_type: str, kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}
