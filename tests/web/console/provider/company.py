"""A company's identity provider on loopback, and people who come from there with a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from tests.flows.support.company import Company
from tests.web.console.desk import Desk
from tests.web.oidc.party import Guest


@contextmanager
def a_company() -> Iterator[Company]:
    """Run a provider on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            self._answer(dict(parse_qsl(self.rfile.read(length).decode())))

        def _answer(self, given: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            said = company.answers(path, given, self.headers.get("authorization", ""))
            refused = isinstance(said, dict) and "error" in said
            body = company.body.get(path, json.dumps(said).encode())
            self.send_response(company.status.get(path, 400 if refused else 200))
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    company = Company(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield company
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Newcomer:
    """A browser of somebody who comes with the company account."""

    company: Company
    browser: Guest

    async def sent(self) -> str:
        """Begin, and give the address at the provider."""
        reply = await self.browser.get("/console/sign-in/start")
        assert reply.status_code == 303, reply.text
        return str(reply.headers["location"])

    async def come_back(self, address: str, **given: str) -> httpx2.Response:
        """Come back from the provider with its answer."""
        asked = dict(parse_qsl(urlsplit(address).query))
        answer = {"code": "", "state": asked["state"], **given}
        answer["code"] = answer["code"] or self.company.code_for(address)
        return await self.browser.ask("GET", "/console/sign-in/done", params=answer)

    async def read(self, reply: httpx2.Response) -> str:
        """What the page says that a refused sign-in leads to."""
        assert reply.headers["location"] == "/console/sign-in"
        return (await self.browser.get("/console/sign-in")).text

    async def sign_in(self, **given: str) -> httpx2.Response:
        """Go to the provider and come back."""
        return await self.come_back(await self.sent(), **given)


def newcomer(desk: Desk, company: Company) -> Newcomer:
    """Somebody with a fresh browser that speaks English."""
    company.clock = desk.world.clock
    browser = Guest(desk.guest._client, desk.guest.app)
    browser.cookies["__Host-language"] = "en"
    return Newcomer(company, browser)
