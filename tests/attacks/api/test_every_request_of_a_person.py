"""Threat: a request that nobody thought of: a person's API is asked what its document allows, by both ways in."""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from harness.person import Person
from harness.server import quick_server
from harness.sinks import Sinks
from tests.attacks.api.test_every_request import SHAPE_IS_ENOUGH
from tests.web.api.described import OF_PERSON
from tests.web.api.operator_program import QUICK, joins_file
from tests.web.api.person_program import ALL

A_KEY = re.compile(r"[!-~]{1,255}")
VERIFIER = "v" * 43
CALLBACK = "https://shop.example/callback"
# Our cookies are sent with every request of theirs, so that nothing is to be made up in their place.
WITHOUT_WAYS_IN = {
    path: {method: {**described, "security": []} for method, described in several.items()}
    for path, several in OF_PERSON["paths"].items()
}
by_token = schemathesis.openapi.from_dict(OF_PERSON)
by_cookies = schemathesis.openapi.from_dict({**OF_PERSON, "paths": WITHOUT_WAYS_IN})


@dataclass(frozen=True)
class Ways:
    """The origin of a service, and the headers by which a person calls: by a token, and by the cookies of our pages."""

    origin: str
    token: Mapping[str, str]
    cookies: Mapping[str, str]


@pytest.fixture(scope="module")
def ways(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[Ways]:
    folder = tmp_path_factory.mktemp("called")
    more = {**QUICK, "joins_file": str(joins_file(folder))}
    with quick_server(fresh_database("sqlite"), folder, sinks, workers=1, **more) as serving:
        person = serving.person()
        person.sign_in()
        yield Ways(serving.origin, {"Authorization": f"Bearer {token_of(person)}"}, cookies_of(person))


def token_of(person: Person) -> str:
    """Sign in to the shop as a browser does that is signed in here already."""
    challenge = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": "shop",
        "redirect_uri": CALLBACK,
        "scope": ALL,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    called_back = person.browser.get(f"/oauth/authorize?{urlencode(asked)}")
    code = parse_qs(urlsplit(called_back.path).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": "shop",
        "code_verifier": VERIFIER,
    }
    answer = person.server.visitor().send("POST", "/oauth/token", urlencode(form))
    return str(json.loads(answer.body)["access_token"])


def cookies_of(person: Person) -> dict[str, str]:
    """What a script of one of our pages sends along."""
    jar = "; ".join(f"{name}={value}" for name, value in person.browser.cookies.items())
    own = {"Cookie": jar, "Sec-Fetch-Site": "same-origin"}
    answer = person.server.visitor().send("GET", "/api/v1/me/form-token", headers=own)
    return {**own, "X-CSRF-Token": json.loads(answer.body)["form_token"]}


@by_token.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_with_a_token_finds_an_answer_that_is_not_documented(
    case: schemathesis.Case[Any], ways: Ways
) -> None:
    ask(case, ways.origin, ways.token)


@by_cookies.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_of_our_own_session_finds_an_answer_that_is_not_documented(
    case: schemathesis.Case[Any], ways: Ways
) -> None:
    ask(case, ways.origin, ways.cookies)


def ask(case: schemathesis.Case[Any], origin: str, way: Mapping[str, str]) -> None:
    headers = dict(way)
    if A_KEY.fullmatch(
        str(dict(case.headers or {}).get("Idempotency-Key", ""))
    ):  # else it tries one that must be refused
        headers["Idempotency-Key"] = token_hex(8)

    answer = case.call(base_url=origin, headers=headers)
    if answer.status_code != HTTPStatus.REQUEST_URI_TOO_LONG:  # bounded before any operation is reached
        case.validate_response(answer, excluded_checks=[SHAPE_IS_ENOUGH])
