"""A form that is given back fits into a cookie, however much stands in it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Request

from renumber.crypto import KeyRing
from renumber.web import cookies
from renumber.web.edge import Served
from renumber.web.forms.returned_forms import Returned, open_returned, returned_form
from renumber.web.forms.sealed_cookies import sealed_cookie
from renumber.web.request import WebRequest
from renumber.web.templating import Problem
from tests.web.specimens import NOW

SITE: Any = SimpleNamespace(sealing=KeyRing.from_secret("k" * 64))
MOST = 4096  # bytes of name and value that browsers keep (RFC 6265 6.1)
PROBLEM = Problem(text="Too short.", field="name")


def a_request(cookie: str = "") -> WebRequest:
    jar = f"{cookies.BROWSER}={'b' * 32}; {cookies.RETURNED_FORM}={cookie}"
    scope: Any = {"type": "http", "method": "GET", "path": "/page", "query_string": b"", "served": Served("GET", "id")}
    scope["headers"] = [(b"cookie", jar.encode())]
    return WebRequest(Request(scope), SITE)


@pytest.mark.parametrize(("fields", "is_kept"), [(1, True), (16, False)])
@pytest.mark.parametrize("letter", ["a", "ä", "\x01", "😀"])
def test_what_was_typed_goes_back_as_long_as_it_fits(letter: str, fields: int, *, is_kept: bool) -> None:
    typed = {f"field-{number}": letter * 1000 for number in range(fields)}
    form = Returned(problem=PROBLEM, typed=typed)

    cookie = returned_form(a_request(), form, NOW, path="/page?query", held_by="")
    found = open_returned(a_request(cookie.value), "", NOW)

    assert len(cookie.name + cookie.value) < MOST
    assert found.problem == PROBLEM
    assert list(found.typed.values()) == ([letter * 320] if is_kept else [])


@pytest.mark.parametrize("written", [{"refusal": "a_word_of_the_next_version"}, {"typed": ["other", "shape"]}, "other"])
def test_what_another_version_has_written_is_as_if_it_was_not_there(written: object) -> None:
    cookie = sealed_cookie(
        a_request(), cookies.RETURNED_FORM, written, place=":/page", now=NOW, lives_for=timedelta(minutes=1)
    )

    assert open_returned(a_request(cookie.value), "", NOW) == Returned()


def test_it_opens_until_its_time_is_over() -> None:
    cookie = returned_form(a_request(), Returned(problem=PROBLEM), NOW, path="/page", held_by="")

    assert open_returned(a_request(cookie.value), "", NOW + timedelta(seconds=59)).problem == PROBLEM
    assert open_returned(a_request(cookie.value), "", NOW + timedelta(seconds=60)) == Returned()
