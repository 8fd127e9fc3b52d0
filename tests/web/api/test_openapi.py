"""The OpenAPI documents say what is served, no more and no less; every answer in these tests is held against it."""

import re

from litestar import Litestar

from renumber.policies.oidc.scopes import PersonScope
from renumber.web.api import operator, person
from renumber.web.api.operations.problems import Code, type_of
from tests.web.api.described import DOCUMENT, OF_PERSON
from tests.web.api.operator_program import API, Program

OPEN = {"/openapi.json", "/docs", "/problems/{code}", "/me/openapi.json", "/me/docs"}
OPERATIONS = [*operator.OPERATIONS, *person.OPERATIONS]


async def test_every_route_of_the_api_stands_in_the_document_and_the_other_way_round(sqlite_program: Program) -> None:
    app = sqlite_program.visitor.app._app
    assert isinstance(app, Litestar)

    served = {
        (method, re.sub(r":str}", "}", route.path))
        for route in app.routes
        for method in route.methods - {"OPTIONS"}
        if route.path.startswith(API)
    }
    paths = [*DOCUMENT["paths"].items(), *OF_PERSON["paths"].items()]
    described = {(method.upper(), path) for path, methods in paths for method in methods}

    assert served - described == {("GET", f"{API}{path}") for path in OPEN}
    assert described <= served


async def test_each_document_is_served_to_anybody(sqlite_program: Program) -> None:
    served = [(await sqlite_program.visitor.get(f"{API}{at}/openapi.json")).json() for at in ("", "/me")]

    assert [one["paths"].keys() for one in served] == [DOCUMENT["paths"].keys(), OF_PERSON["paths"].keys()]
    assert {one["openapi"] for one in served} == {"3.1.0"}


def test_no_operation_goes_without_a_sentence_a_scope_and_a_name_of_its_own() -> None:
    assert all(one.summary.endswith(".") and "\n" not in one.summary for one in OPERATIONS)
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)


def test_every_scope_of_applications_opens_something_and_no_token_enters_a_number() -> None:
    assert {one.scope for one in person.OPERATIONS if one.scope} == set(PersonScope)
    assert {one.path.rpartition("/")[2] for one in person.OPERATIONS if one.scope is None} == {
        "form-token",
        "enrolment",
        "number",
        "resend",
        "code",
    }


async def test_each_page_names_its_operations_and_problems_and_every_type_leads_to_one(
    sqlite_program: Program,
) -> None:
    pages = [await sqlite_program.visitor.get(api.page, accept="text/html") for api in (operator.API, person.API)]
    led = {code: (await sqlite_program.visitor.get(type_of(code))).headers["location"] for code in Code}

    for page, api in zip(pages, (operator.API, person.API), strict=True):
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert [one.name for one in api.operations if f'id="{one.name}"' not in page.text] == []
        assert [code for code in api.problems if f'id="problem-{code}"' not in page.text] == []
    assert {to.partition("#")[2] for to in led.values()} == {f"problem-{code}" for code in Code}
    assert all(led[code] == f"{operator.API.page}#problem-{code}" for code in operator.API.problems)
    assert {led[code].partition("#")[0] for code in led.keys() - {*operator.API.problems}} == {person.API.page}
    assert (await sqlite_program.visitor.get(f"{API}/problems/none")).status_code == 404
