"""Answers held against the OpenAPI documents."""

import json
from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator

from renumber.web.api import operator, person
from renumber.web.api.operations.openapi import document

DOCUMENT = document(operator.API, "https://account.example.com")
OF_PERSON = document(person.API, "https://account.example.com")
FAULTS = (500, 503)  # of any operation


def assert_described(method: str, path: str, answer: httpx2.Response) -> None:
    """A document knows the operation, its status, its media type and the shape of what it answers."""
    operation = _operation(method, path.partition("?")[0])
    if operation is None or answer.status_code in FAULTS:
        assert answer.status_code >= 400
        return
    if answer.status_code == 405:  # the client has folded dots, and asked for another path
        return
    assert str(answer.status_code) in operation["responses"], answer.text
    described = operation["responses"][str(answer.status_code)]
    assert all(name in answer.headers for name in described.get("headers", {}))
    if "content" not in described:
        assert answer.content == b""
        return
    [(media_type, shape)] = described["content"].items()
    assert answer.headers["content-type"].partition(";")[0] == media_type
    _validator(json.dumps(shape["schema"]), "/me" in path).validate(answer.json())
    told = answer.json() if answer.status_code >= 400 else {}
    assert "code" not in told or told["code"] in described["description"]


def _operation(method: str, path: str) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = [
        operations[method.lower()]
        for template, operations in (*DOCUMENT["paths"].items(), *OF_PERSON["paths"].items())
        if _fits(template.split("/"), path.split("/")) and method.lower() in operations
    ]
    return found[0] if found else None


def _fits(template: list[str], path: list[str]) -> bool:
    pairs = zip(template, path, strict=False)
    return len(template) == len(path) and all(one == other or one.startswith("{") for one, other in pairs)


@cache
def _validator(schema: str, is_of_person: bool) -> Draft202012Validator:  # noqa: FBT001 - a key of the cache
    of = OF_PERSON if is_of_person else DOCUMENT
    return Draft202012Validator({**json.loads(schema), "components": of["components"]})
