"""A person who calls the API: through an application by its token, and from our own pages by their cookies."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from renumber.policies.joins import Joins
from renumber.policies.oidc.scopes import PersonScope
from tests.web.api.described import assert_described
from tests.web.oidc.party import APP, SCOPES, SHOP, Guest, Installation, Party, Provider, providing

API = "/api/v1"
OWN = {"sec-fetch-site": "same-origin"}
WIDE = replace(SHOP, scopes=SCOPES | frozenset(PersonScope))
NARROW = replace(APP, scopes=frozenset({"openid", "account:read"}))
ALL = " ".join(["openid", *PersonScope])


@dataclass
class Caller:
    """A person, their browser, and an application that they have signed in to."""

    provider: Provider
    shop: Party
    token: str = ""
    turn: int = 0
    form_token: str = field(default="", repr=False)

    async def sign_in(self, scope: str = ALL, **changes: str) -> str:
        """Sign in at the application, and keep its access token."""
        self.token = str((await self.shop.tokens(scope=scope, **changes))["access_token"])
        return self.token

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Call with the token, and with no cookie."""
        alone = Guest(self.provider.visitor._client, self.provider.visitor.app)
        return await self._send(alone, method, path, body, {"authorization": f"Bearer {self.token}"} | headers)

    async def here(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Call as a script of our own page does."""
        sent = OWN | ({} if method == "GET" else {"x-csrf-token": await self._form_token()})
        return await self._send(self.provider.visitor, method, path, body, sent | headers)

    async def _form_token(self) -> str:
        if not self.form_token:
            self.form_token = (await self.here("GET", "/me/form-token")).json()["form_token"]
        return self.form_token

    async def _send(self, visitor: Guest, method: str, path: str, body: object, sent: dict[str, str]) -> Any:
        self.turn += 1
        headers = {name.replace("_", "-"): value for name, value in sent.items()}
        more: dict[str, Any] = {}
        if method == "POST":
            headers.setdefault("idempotency-key", f"turn-{self.turn}")
            headers.setdefault("content-type", "application/json")
            more["content"] = json.dumps({} if body is None else body).encode()
        answer: httpx2.Response = await visitor.ask(method, f"{API}{path}", headers=headers, **more)
        assert_described(method, f"{API}{path}", answer)
        return answer


@asynccontextmanager
async def person_serving(url: str) -> AsyncIterator[Installation]:
    """Run the service with applications that may call for their people."""
    async with providing(url, Joins((WIDE, NARROW))) as serving:
        yield serving


async def caller_at(installation: Installation) -> Caller:
    """Somebody new, signed in to our pages with a second factor."""
    provider = await installation.provider()
    await provider.sign_in()
    provider.visitor.cookies["__Host-browser"] = provider.erika.browser.client.browser_id
    return Caller(provider, Party(provider, WIDE))
