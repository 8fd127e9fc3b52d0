"""A program of the operator's, which calls the API of a service in the process of the test."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from harness.server import CHEAP_PASSWORDS
from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.policies.joins import Scope
from renumber.store.audit.entries import AuditEntries
from renumber.wiring.parts import Parts
from tests.observability.service import BASE, Visitor, serving
from tests.web.api.described import assert_described

API = "/api/v1"
QUICK = {**CHEAP_PASSWORDS, "api_acts_per_minute": "1000"}
KEYS = {
    "billing": tuple(Scope),
    "payments": (Scope.ACCOUNTS_READ,),
    "support": (Scope.ACCOUNTS_WRITE,),
    "shop": (Scope.JOURNEYS,),
    "mill": (Scope.EVENTS,),
    "signals": (Scope.SHARED_SIGNALS,),
    "watch": (Scope.SHARED_SIGNALS,),
}
NUMBER = PhoneNumber("+4915123456789")


def shown(name: str) -> str:
    """The key of this name, as its program shows it."""
    return f"rnk_{name:_<43}"


def joins_file(folder: Path) -> Path:
    """Write a joins file with these keys, and an application that people may be sent back to."""
    rows = [
        f'[[api_key]]\nname = "{name}"\nhash = "{hashlib.sha256(shown(name).encode()).hexdigest()}"\n'
        f"scopes = {json.dumps([scope.value for scope in scopes])}\n"
        for name, scopes in KEYS.items()
    ]
    path = folder / "joins.toml"
    path.write_text("\n".join(rows) + CLIENT)
    path.chmod(0o600)
    return path


CLIENT = """
[[client]]
id = "shop"
name = "Example Shop"
public = true
redirect_uris = ["https://shop.example/callback"]
scopes = [
  "openid", "account:read", "factors:read", "factors:write", "sessions:read", "sessions:write", "phone_change",
]
return_to = ["https://shop.example/number", "https://shop.example/number?from=renumber"]
initiate_login_uri = "https://shop.example/login"
"""


@dataclass
class Program:
    """A program with a key, and the service that it calls."""

    visitor: Visitor
    parts: Parts
    key: str = "billing"
    turn: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: object = None, *, key: str = "", **headers: str) -> Any:
        """Call, with an idempotency key of its own for each post."""
        self.turn += 1
        sent = {"authorization": f"Bearer {shown(key or self.key)}"}
        if method == "POST":
            sent["idempotency-key"] = f"turn-{self.turn}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        more: dict[str, Any] = {}
        if body is not None:
            sent.setdefault("content-type", "application/json")
            more["content"] = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer: httpx2.Response = await self.visitor.ask(method, f"{API}{path}", headers=sent, **more)
        assert "set-cookie" not in answer.headers
        assert_described(method, f"{API}{path}", answer)
        return answer

    async def get(self, path: str, **more: Any) -> Any:
        """Read something."""
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: object = None, **more: Any) -> Any:
        """Do something."""
        return await self.call("POST", path, {} if body is None else body, **more)

    async def entered(self, email: str = "erika@example.com", number: PhoneNumber | None = NUMBER) -> str:
        """Enter an account with a password, and give its id."""
        parts = self.parts
        hashed = await parts.passwords.hash("a password of Erika's")
        newcomer = Newcomer(EmailAddress(email), "Erika Muster", "de", number, hashed, number_is_verified=True)
        await enter_accounts(
            parts.new_accounts, parts.clock, parts.keys, newcomers=[newcomer], joins=parts.services.joins
        )
        found = await parts.services.store.credentials(EmailAddress(email).key, "")
        assert found is not None
        return found.account_id

    async def history(self, account_id: str) -> list[tuple[str, str, str]]:
        """Who did what to an account, and on which evidence, oldest first."""
        rows = await AuditEntries(self.parts.database).newest_of(account_id, 100)
        return [(row["actor"], row["act"], row["evidence"]) for row in reversed(rows)]


@asynccontextmanager
async def programming(url: str, folder: Path, **more: str) -> AsyncIterator[Program]:
    """Run the service with a joins file."""
    kept: list[Parts] = []

    def keep(parts: Parts) -> Parts:
        kept.append(parts)
        return parts

    joins = joins_file(folder)
    async with serving(url, folder / "key", keep, joins_file=str(joins), **{**QUICK, **more}) as visitor:
        yield Program(visitor, kept[0])


__all__ = ["API", "BASE", "KEYS", "NUMBER", "Program", "programming", "shown"]
