"""The whole application in the process of the test, asked without a network."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import httpx2

from renumber.locale import PAGES, translations
from renumber.settings import Settings
from renumber.web.edge import Edge
from renumber.web.templating import Templates
from renumber.wiring.parts import Parts, assemble
from renumber.wiring.web import application, running

BASE = "http://127.0.0.1:8000"
CHEAP_PASSWORDS = {"RENUMBER_ARGON2_MEMORY": "8192", "RENUMBER_ARGON2_TIME": "1"}
CSRF = re.compile(r'name="csrf" value="([^"]*)"')
SESSION = f"__Host-session={'a' * 32}.{'b' * 32}.{'c' * 32}"
Change = Callable[[Parts], Parts]


class Visitor:
    """A browser that keeps cookies, though ours are for https."""

    def __init__(self, client: httpx2.AsyncClient, app: Edge) -> None:
        self._client = client
        self.app = app
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    async def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request, with its cookies."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**({"cookie": jar} if jar else {}), **more.pop("headers", {})}
        reply = await self._client.request(method, path, headers=headers, **more)
        for cookie in reply.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = CSRF.search(reply.text)
        self.csrf = found[1] if found else self.csrf
        return reply

    async def messages(self, method: str, path: str) -> list[dict[str, Any]]:
        """What the application sends to its server, of which a client sees only what HTTP lets through."""
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope: Any = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
        scope |= {
            "http_version": "1.1",
            "headers": [(b"host", b"account.example")],
            "client": ("127.0.0.1", 1),
            "state": {},
        }
        await self.app(scope, receive, send)
        return sent

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        """Open a page."""
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, form: dict[str, str], **headers: str) -> httpx2.Response:
        """Press a button of the page that was seen last."""
        return await self.ask("POST", path, data={"csrf": self.csrf, **form}, headers=headers)


@asynccontextmanager
async def serving(url: str, key_file: Any, change: Change = lambda parts: parts, **more: str) -> AsyncIterator[Visitor]:
    """Run the service on a migrated database; `more` are settings without their prefix."""
    settings = CHEAP_PASSWORDS | {f"RENUMBER_{name.upper()}": value for name, value in more.items()}
    settings |= {"RENUMBER_DATABASE_URL": url, "RENUMBER_SECRET_KEY_FILE": str(key_file), "RENUMBER_BASE_URL": BASE}
    parts = change(assemble(Settings.from_environment(settings)))
    async with running(parts):
        app = application(parts, templates=templates(parts.settings.locales))
        transport = httpx2.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar names its own
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
            yield Visitor(client, app)


@cache
def templates(locales: tuple[str, ...]) -> Templates:
    """The pages, compiled once for all tests."""
    return Templates({code: translations(code, PAGES) for code in locales})


class FailingReads:
    """What pages read fails in this way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        async def fail(*_: object) -> None:
            raise self._error

        return fail


def reads_that_fail(error: Exception) -> Change:
    """Let every signed-in page fail."""
    failing: Any = FailingReads(error)  # a fake of the port
    return lambda parts: replace(parts, services=replace(parts.services, reads=failing))
