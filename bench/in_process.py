"""The whole application in this process, on SQLite, asked without a server; its messages wait in the outbox."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from bench.walk import Walk, walking
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import Derived
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.settings import Settings
from renumber.store.schema.migrate import upgrade
from renumber.wiring.parts import Parts, assemble
from renumber.wiring.web import application

BASE = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
CSRF = re.compile(r'name="csrf" value="([^"]*)"')
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
HEADERS = {"host": "127.0.0.1:8000", "user-agent": FIREFOX}
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    """An answer, and the way that its request took through our files."""

    status: int
    location: str
    text: str
    walk: Walk


@dataclass
class Browser:
    """A browser that keeps cookies, though ours are for https."""

    app: Any
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    async def get(self, path: str) -> Reply:
        """Open a page."""
        return await self.send("GET", path, b"", headers={})

    async def post(self, path: str, **form: str) -> Reply:
        """Press a button of the page that was seen last."""
        body = urlencode({"csrf": self.csrf, **form}).encode()
        return await self.send("POST", path, body, headers={"content-type": FORM})

    async def send(self, method: str, path: str, body: bytes, *, headers: dict[str, str]) -> Reply:
        """One request, as a server hands it to the application (ASGI 3.0)."""
        requested: list[dict[str, object]] = [{"type": "http.request", "body": body}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, object]:
            return requested.pop() if requested else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        with walking() as walk:
            await self.app(self._scope(method, path, {**headers, "content-length": str(len(body))}), receive, send)
        return self._read(sent, walk)

    def _scope(self, method: str, path: str, headers: dict[str, str]) -> dict[str, object]:
        jar = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        raw = [(name.encode(), value.encode()) for name, value in {**HEADERS, **headers, **jar}.items()]
        place, _, query = path.partition("?")
        scope: dict[str, object] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
        }
        scope |= {"path": place, "raw_path": place.encode(), "query_string": query.encode(), "root_path": ""}
        return scope | {"headers": raw, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "state": {}}

    def _read(self, sent: list[dict[str, Any]], walk: Walk) -> Reply:
        headers = [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]]
        for cookie in (value for name, value in headers if name == "set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = b"".join(message.get("body", b"") for message in sent[1:]).decode(errors="replace")
        found = CSRF.search(text)
        self.csrf = found[1] if found else self.csrf
        return Reply(sent[0]["status"], dict(headers).get("location", ""), text, walk)


@dataclass
class Service:
    """The application with its parts; `people` counts the accounts that were entered."""

    parts: Parts
    app: Any
    hashed: str
    people: int = 0

    async def person(self) -> str:
        """Enter an account, and give its address."""
        self.people += 1
        email = EmailAddress(f"person-{self.people}@example.com")
        number = PhoneNumber(f"+4915121{self.people:06}")
        newcomer = Newcomer(
            email=email, name="Erika", locale="en", number=number, password_hash=self.hashed, number_is_verified=True
        )
        await enter_accounts(
            self.parts.new_accounts,
            self.parts.clock,
            self.parts.keys,
            newcomers=[newcomer],
            joins=self.parts.services.joins,
        )
        return email.text

    async def newest_code(self) -> str:
        """Read the code of the newest message."""
        return self.parts.keys.code(await self._newest("code"))

    async def newest_token(self) -> str:
        """Read the token of the newest link."""
        return self.parts.keys.token(await self._newest("action"))

    async def _newest(self, kind: str) -> Derived:
        now = self.parts.clock.now()
        claimed = await self.parts.outbox.claim(100, "figures", now=now, until=now + timedelta(days=1))
        derived: list[Derived] = [found for one in claimed if (found := getattr(one.message, kind))]
        return derived[-1]


@asynccontextmanager
async def running() -> AsyncIterator[Service]:
    """Assemble the application on a fresh database, without its dispatcher."""
    with TemporaryDirectory(prefix="renumber-figures-") as folder:
        environment = {
            "RENUMBER_BASE_URL": BASE,
            "RENUMBER_DATABASE_URL": f"sqlite:///{Path(folder) / 'figures.db'}",
            "RENUMBER_SECRET_KEY_FILE": str(Path(folder) / "key"),
        }
        upgrade(environment["RENUMBER_DATABASE_URL"])
        parts = assemble(Settings.from_environment(environment))
        await parts.database.start()
        yield Service(parts, application(parts), await parts.passwords.hash(PASSWORD))
        parts.passwords.close()
        await parts.database.close()
