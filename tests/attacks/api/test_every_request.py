"""Threat: a request that nobody thought of: every operation is asked what its document allows, and what it forbids."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from secrets import token_hex
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from harness.server import Server, quick_server
from harness.sinks import Sinks
from tests.web.api.described import DOCUMENT
from tests.web.api.operator_program import QUICK, joins_file, shown

# A shape can't say what there is: an address, a cursor of this key, or a page that an application has named.
SHAPE_IS_ENOUGH = positive_data_acceptance
schema = schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def server(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("asked")
    settings = {**QUICK, "joins_file": str(joins_file(folder))}
    with quick_server(fresh_database("sqlite"), folder, sinks, workers=1, **settings) as serving:
        serving.person()
        yield serving


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_finds_an_answer_that_is_not_documented(case: schemathesis.Case[Any], server: Server) -> None:
    headers = {"Authorization": f"Bearer {shown('billing')}"}
    if case.operation.method == "post" and "Idempotency-Key" in (case.headers or {}):
        headers["Idempotency-Key"] = token_hex(8)

    answer = case.call(base_url=server.origin, headers=headers)
    if answer.status_code != HTTPStatus.REQUEST_URI_TOO_LONG:  # bounded before any operation is reached
        case.validate_response(answer, excluded_checks=[SHAPE_IS_ENOUGH])
