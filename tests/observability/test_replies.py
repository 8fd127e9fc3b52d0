"""Whatever is answered: a request id, the safety headers, problem details for programs, and when to come back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from renumber.store.database.open import StoreUnavailable
from renumber.web.edge import SAFETY
from tests.observability.conftest import Log
from tests.observability.secrets import NUMBER
from tests.observability.service import SESSION, Visitor, reads_that_fail, serving

JSON = {"accept": "application/json"}
PROBLEM = "application/problem+json"
TOO_LONG = f"/sign-in?q={'a' * 5000}"
ODD_REQUESTS: dict[int, tuple[str, str, dict[str, Any]]] = {
    200: ("GET", "/sign-in", {}),
    303: ("GET", "/profile", {}),
    400: ("POST", "/sign-in", {"content": "x"}),
    403: ("POST", "/sign-in", {"data": {"csrf": "forged"}}),
    404: ("GET", "/nowhere", {}),
    405: ("PUT", "/sign-in", {}),
    413: ("POST", "/sign-in", {"data": {"email": "e" * 70_000}}),
    414: ("GET", TOO_LONG, {}),
    431: ("GET", "/sign-in", {"headers": {"x-much": "a" * 17_000}}),
}


@pytest.fixture
async def visitor(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Visitor]:
    async with serving(sqlite_url, tmp_path / "key") as browser:
        yield browser


def assert_safe(reply: httpx2.Response) -> None:
    """Every safety header but the one that says who may frame, which has its own test, and an id."""
    for name, value in SAFETY[1:]:
        assert reply.headers[name.decode()] == value.decode()
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert len(reply.headers["x-request-id"]) == 12
    assert reply.headers["cache-control"]


@pytest.mark.parametrize(("status", "request_"), ODD_REQUESTS.items(), ids=map(str, ODD_REQUESTS))
async def test_every_reply_is_safe_and_has_an_id(
    status: int, request_: tuple[str, str, dict[str, Any]], visitor: Visitor
) -> None:
    method, path, more = request_

    reply = await visitor.ask(method, path, **more)

    assert reply.status_code == status
    assert_safe(reply)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/robots.txt", "/brand.css", "/sign-in", "/nowhere"])
async def test_head_gets_the_headers_of_get_and_no_body(path: str, visitor: Visitor) -> None:
    await visitor.get(path)  # a browser that sends no cookie is told so, in a few words more
    shown, asked = await visitor.get(path), await visitor.ask("HEAD", path)

    assert asked.status_code == shown.status_code
    assert [message.get("body", b"") for message in await visitor.messages("HEAD", path)] == [b"", b""]
    assert asked.headers["content-length"] == str(len(shown.content))
    assert asked.headers["content-type"] == shown.headers["content-type"]
    assert_safe(asked)


async def test_a_wrong_method_is_told_the_right_ones(visitor: Visitor) -> None:
    reply = await visitor.ask("DELETE", "/sign-in")

    assert {"GET", "HEAD", "POST"} <= set(reply.headers["allow"].split(", "))


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413])
async def test_a_program_is_told_of_an_error_as_problem_details(status: int, visitor: Visitor) -> None:
    method, path, more = ODD_REQUESTS[status]

    reply = await visitor.ask(method, path, headers=JSON, **more)

    assert reply.headers["content-type"] == PROBLEM
    problem = reply.json()
    assert problem["status"] == reply.status_code == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["request_id"] == reply.headers["x-request-id"]


async def test_a_program_is_told_of_a_refusal_with_its_sentence(visitor: Visitor) -> None:
    await visitor.get("/sign-in")

    reply = await visitor.post("/sign-in", {"email": "nobody@example.com", "password": "wrong"}, **JSON)

    assert reply.status_code == 422
    assert (
        reply.json()["detail"]
        == "E\u2011Mail-Adresse oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal."
    )


async def test_a_browser_gets_a_page_although_it_takes_anything(visitor: Visitor) -> None:
    reply = await visitor.get("/nowhere", accept="text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8")

    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["x-request-id"] in reply.text


async def test_who_has_to_wait_is_told_for_how_long(visitor: Visitor) -> None:
    await visitor.get("/sign-in")
    wrong = {"email": "nobody@example.com", "password": "wrong"}
    for _ in range(5):
        assert (await visitor.post("/sign-in", wrong, **JSON)).status_code == 422

    reply = await visitor.post("/sign-in", wrong, **JSON)

    assert reply.status_code == 429
    assert 1 <= int(reply.headers["retry-after"]) <= 300


@pytest.mark.parametrize("asked", [{}, JSON], ids=["page", "problem"])
async def test_a_fault_says_nothing_of_the_inside(
    asked: dict[str, str], sqlite_url: str, tmp_path: Path, logged: Log
) -> None:
    failing = reads_that_fail(KeyError(NUMBER))
    async with serving(sqlite_url, tmp_path / "key", failing) as visitor:
        reply = await visitor.get("/profile", cookie=SESSION, **asked)

    assert reply.status_code == 500
    assert_safe(reply)
    assert reply.headers["x-request-id"] in reply.text
    assert NUMBER not in reply.text + logged.text
    (line,) = [each for each in logged.lines if each["event"] == "request"]
    assert line["fault"] == "KeyError"
    assert line["route"] == "/profile"
    assert line["frames"][-1].startswith("observability/service.py:")


@pytest.mark.parametrize("asked", [{}, JSON], ids=["page", "problem"])
async def test_a_fault_that_passes_says_when_to_come_back(
    asked: dict[str, str], sqlite_url: str, tmp_path: Path
) -> None:
    failing = reads_that_fail(StoreUnavailable("away"))
    async with serving(sqlite_url, tmp_path / "key", failing) as visitor:
        reply = await visitor.get("/profile", cookie=SESSION, **asked)

    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "2"
    assert_safe(reply)


async def test_metrics_are_not_there_unless_the_operator_wants_them(visitor: Visitor) -> None:
    assert (await visitor.get("/metrics", authorization="Bearer ")).status_code == 404


async def test_metrics_are_shown_to_who_has_the_token(sqlite_url: str, tmp_path: Path) -> None:
    async with serving(sqlite_url, tmp_path / "key", metrics_token="a token of sixteen") as visitor:
        reply = await visitor.get("/metrics", authorization="Bearer a token of sixteen")
        other = await visitor.get("/metrics", authorization="Bearer another of sixteen")

    assert reply.status_code == 200
    assert "renumber_outbox_messages" in reply.text
    assert_safe(reply)
    assert other.status_code == 404


async def test_in_development_a_reply_says_where_its_time_went(sqlite_url: str, tmp_path: Path) -> None:
    async with serving(sqlite_url, tmp_path / "key", development="yes") as visitor:
        shown = await visitor.get("/sign-in")
        given = await visitor.post("/sign-in", {"email": "nobody@example.com", "password": "wrong"})

    assert shown.headers["server-timing"].startswith("app;dur=")
    parts = dict(part.split(";dur=") for part in given.headers["server-timing"].split(", "))
    assert parts.keys() == {"app", "db", "hash"}
    assert float(parts["app"]) > float(parts["hash"]) > 1
    assert float(parts["db"]) > 0


async def test_elsewhere_it_does_not(visitor: Visitor) -> None:
    assert "server-timing" not in (await visitor.get("/sign-in")).headers
