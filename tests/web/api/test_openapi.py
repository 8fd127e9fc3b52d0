"""The OpenAPI document says what is served, no more and no less; every answer in these tests is held against it."""

import re

from litestar import Litestar

from renumber.web.api.operator import OPERATIONS
from renumber.web.api.operator.problems import Code, type_of
from tests.web.api.described import DOCUMENT
from tests.web.api.operator_program import API, Program

OPEN = {"/openapi.json", "/docs", "/problems/{code}"}


async def test_every_route_of_the_api_stands_in_the_document_and_the_other_way_round(sqlite_program: Program) -> None:
    app = sqlite_program.visitor.app._app
    assert isinstance(app, Litestar)

    served = {
        (method, re.sub(r":str}", "}", route.path))
        for route in app.routes
        for method in route.methods - {"OPTIONS"}
        if route.path.startswith(API)
    }
    described = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}

    assert served - described == {("GET", f"{API}{path}") for path in OPEN}
    assert described <= served


async def test_the_document_is_served_to_anybody(sqlite_program: Program) -> None:
    answer = await sqlite_program.visitor.get(f"{API}/openapi.json")

    assert answer.json()["paths"].keys() == DOCUMENT["paths"].keys()
    assert answer.json()["openapi"] == "3.1.0"


def test_no_operation_goes_without_a_sentence_a_scope_and_a_name_of_its_own() -> None:
    assert all(one.summary.endswith(".") and "\n" not in one.summary for one in OPERATIONS)
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


async def test_the_page_names_every_operation_member_and_problem_and_every_type_leads_there(
    sqlite_program: Program,
) -> None:
    page = await sqlite_program.visitor.get(f"{API}/docs", accept="text/html")
    led = [await sqlite_program.visitor.get(type_of(code)) for code in Code]

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert [one.name for one in OPERATIONS if f'id="{one.name}"' not in page.text] == []
    assert [answer.headers["location"] for answer in led] == [f"{API}/docs#problem-{code}" for code in Code]
    assert [code for code in Code if f'id="problem-{code}"' not in page.text] == []
    assert (await sqlite_program.visitor.get(f"{API}/problems/none")).status_code == 404
