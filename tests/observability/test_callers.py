"""Whatever callers put where: nothing of it gets into a log line."""

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.observability.conftest import Log
from tests.observability.secrets import NUMBER, TYPED
from tests.observability.service import Visitor, serving

PATHS = ("/sign-in", "/{}", "/freeze/{}", "/phone-change/link/{}", "/sign-in/new-password/{}", "/static/{}/app.css")
FORMS = {
    "/sign-in": ("email", "password", "next"),
    "/sign-in/forgotten": ("email",),
    "/sign-in/code": ("code",),
    "/sign-in/number": ("country", "number"),
    "/language": ("language", "next"),
}


def headers(said: str) -> dict[str, str]:
    """Every header that somebody reads."""
    names = ("user-agent", "accept-language", "referer", "origin", "x-request-id", "x-forwarded-for", "traceparent")
    return dict.fromkeys((*names, "sec-fetch-site", "content-type", "authorization", "idempotency-key"), said)


async def say_everywhere(visitor: Visitor, said: str) -> None:
    """Put a text into paths, queries, headers, cookies, forms and methods."""
    for path in PATHS:
        await visitor.get(f"{path.format(quote(said, safe=''))}?{quote(said)}={quote(said)}")
    await visitor.get("/sign-in", **headers(said))
    await visitor.ask("GET", "/profile", headers={"cookie": f"__Host-session={said}; __Host-browser={said}"})
    for path, fields in FORMS.items():
        await visitor.get("/sign-in")
        await visitor.post(path, dict.fromkeys(fields, said), **{"user-agent": said})
    await visitor.post("/sign-in", {said: said, "csrf": said})


@pytest.mark.parametrize("typed", [*TYPED, NUMBER])
async def test_no_line_repeats_what_a_caller_has_said(typed: str, sqlite_url: str, tmp_path: Path, logged: Log) -> None:
    async with serving(sqlite_url, tmp_path / "key", json_logs="yes") as visitor:
        await say_everywhere(visitor, typed)

    assert len(logged.lines) > 10
    assert typed not in logged.text
    assert quote(typed) not in logged.text


async def test_a_method_that_nobody_knows_is_told_as_another(sqlite_url: str, tmp_path: Path, logged: Log) -> None:
    async with serving(sqlite_url, tmp_path / "key") as visitor:
        await visitor.ask("ERIKA", "/sign-in")

    assert [line["method"] for line in logged.lines if line["event"] == "request"] == ["OTHER"]
