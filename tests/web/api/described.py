"""Answers held against the OpenAPI document."""

import json
from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

from renumber.web.api.operator import OPERATIONS
from renumber.web.api.operator.openapi import document

DOCUMENT = document(OPERATIONS, "https://account.example.com")
FAULTS = (500, 503)  # of any operation


def assert_described(method: str, path: str, answer: httpx2.Response) -> None:
    """The document knows the operation, its status, its media type and the shape of what it answers."""
    operation = _operation(method, path.partition("?")[0])
    if operation is None or answer.status_code in FAULTS:
        assert answer.status_code >= 400
        return
    described = operation["responses"][str(answer.status_code)]
    assert all(name in answer.headers for name in described.get("headers", {}))
    if "content" not in described:
        assert answer.content == b""
        return
    [(media_type, shape)] = described["content"].items()
    assert answer.headers["content-type"].partition(";")[0] == media_type
    _validator(json.dumps(shape["schema"])).validate(answer.json())


def _operation(method: str, path: str) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = [
        operations[method.lower()]
        for template, operations in DOCUMENT["paths"].items()
        if _fits(template.split("/"), path.split("/")) and method.lower() in operations
    ]
    return found[0] if found else None


def _fits(template: list[str], path: list[str]) -> bool:
    pairs = zip(template, path, strict=False)
    return len(template) == len(path) and all(one == other or one.startswith("{") for one, other in pairs)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": DOCUMENT["components"]})
