"""Applications as they stand at the other end of the provider, and the whole service in the process of the test."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet

from renumber.crypto.signed_tokens import ALGORITHMS, IN_USE_FOR, generated, key_name
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.joins import Application, Joins, Pkce
from renumber.settings import Settings
from renumber.store.keys.server_keys import ServerKeys
from renumber.wiring.parts import assemble
from renumber.wiring.web import application
from tests.flows.person import Person, a_person
from tests.flows.world import ORIGIN, START, World, a_world
from tests.observability.service import CHEAP_PASSWORDS, Visitor, templates

SECRET = "a-secret-of-the-shop"
CALLBACK = "https://shop.example/callback"
SCOPES = frozenset({"openid", "profile", "email", "phone", "offline_access"})
SHOP = Application(
    client_id="shop",
    name="Example Shop",
    secret_hash=hashlib.sha256(SECRET.encode()).digest(),
    redirect_uris=(CALLBACK, "https://shop.example/other?tab=1"),
    post_logout_redirect_uris=("https://shop.example/bye",),
    initiate_login_uri="https://shop.example/login",
    scopes=SCOPES,
)
APP = replace(
    SHOP, client_id="app", name="Example App", secret_hash=b"", is_public=True, redirect_uris=("com.example.app:/back",)
)
FOREIGN = replace(SHOP, client_id="foreign", name="Somebody Else", is_foreign=True)
OLD = replace(
    SHOP,
    client_id="old",
    name="Old Shop",
    pkce=Pkce.OPTIONAL,
    id_token_signed_response_alg="ES256",
    initiate_login_uri="",
)
people = count(1)


class Guest(Visitor):
    """A browser, or an application, that shares nothing with the others at the same service."""

    async def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request, with its own cookies alone."""
        self._client.cookies.clear()
        return await super().ask(method, path, **more)


JOINS = Joins((SHOP, APP, FOREIGN, OLD))


@dataclass
class Provider:
    """The service on a database, with somebody who has an account and a browser."""

    world: World
    visitor: Guest
    erika: Person

    async def sign_in(self, person: Person | None = None) -> None:
        """Sign in on our own pages, and give the browser its cookie."""
        whose = person or self.erika
        await whose.sign_in()
        self.visitor.cookies["__Host-session"] = whose.browser.ticket.text

    async def keys(self) -> KeySet:
        """The published keys."""
        return KeySet.import_key_set((await self.visitor.get("/oauth/jwks")).json())

    async def answer(self, reply: httpx2.Response) -> dict[str, str]:
        """Follow our own pages to the application, as a browser does, and read what it is told."""
        while reply.status_code == 303 and reply.headers["location"].startswith("/"):
            reply = await self.visitor.get(reply.headers["location"])
        return answered(reply)


@dataclass
class Installation:
    """The service, to which people come one after the other."""

    world: World
    visitor: Guest

    async def provider(self) -> Provider:
        """Let somebody else come, with a browser of their own."""
        number = next(people)
        erika = await a_person(self.world, f"erika-{number}@example.com", PhoneNumber(f"+49171392{number:04}"))
        return Provider(self.world, Guest(self.visitor._client, self.visitor.app), erika)


@asynccontextmanager
async def providing(url: str, joins: Joins = JOINS) -> AsyncIterator[Installation]:
    """Run the whole application over one world."""
    async with a_world(url, joins=joins) as world:
        settings = {"RENUMBER_DATABASE_URL": url, "RENUMBER_SECRET_KEY": "k" * 64, "RENUMBER_BASE_URL": ORIGIN}
        await keep_keys(world)
        parts = assemble(Settings.from_environment(CHEAP_PASSWORDS | settings))
        app = application(
            replace(parts, database=world.database, services=world.services, keys=world.keys),
            templates=templates(parts.settings.locales),
        )
        transport = httpx2.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar names its own
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield Installation(world, Guest(client, app))


@cache
def made(algorithm: str) -> str:
    """A key that all tests share: making one takes longer than a test."""
    return generated(algorithm)


async def keep_keys(world: World) -> None:
    """Let the keys of this turn and of the next be there already."""
    await keep_keys_of(ServerKeys(world.database, world.keys), START)


async def keep_keys_of(kept: ServerKeys, now: datetime) -> None:
    """Let the keys of this time be there already, in any installation."""
    turn = int(now.timestamp() // IN_USE_FOR.total_seconds())
    for algorithm in ALGORITHMS:
        for ahead in (0, 1):
            await kept.first_kept(key_name(algorithm, turn + ahead), made(algorithm))


def answered(reply: httpx2.Response) -> dict[str, str]:
    """What the application is told by the address that the browser is led to."""
    if reply.status_code == 200 and 'http-equiv="refresh"' in reply.text:
        uri = reply.text.partition('content="0;url=')[2].partition('"')[0].replace("&amp;", "&")
    else:
        assert reply.status_code == 303, reply.text
        uri = reply.headers["location"]
    parts = urlsplit(uri)
    return {"to": uri.partition("?")[0], **dict(parse_qsl(parts.query))}


@dataclass
class Party:
    """An application that signs people in."""

    provider: Provider
    about: Application = SHOP
    secret: str | None = SECRET
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def query(self, **changes: str | None) -> str:
        """A whole request; None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.about.client_id,
            "redirect_uri": self.about.redirect_uris[0],
            "scope": "openid",
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        return urlencode({name: value for name, value in asked.items() if value is not None})

    async def ask(self, **changes: str | None) -> httpx2.Response:
        """Send the browser to the authorization endpoint."""
        return await self.provider.visitor.get(f"/oauth/authorize?{self.query(**changes)}")

    async def answer(self, **changes: str | None) -> dict[str, str]:
        """Send it there, and read the answer."""
        return await self.provider.answer(await self.ask(**changes))

    async def post(self, path: str, form: dict[str, str], **headers: str) -> httpx2.Response:
        """Call an endpoint without any cookie of the browser."""
        alone = Guest(self.provider.visitor._client, self.provider.visitor.app)
        return await alone.ask("POST", path, data=form, headers=headers)

    async def exchange(self, code: str, *, dpop: str = "", **changes: str | None) -> httpx2.Response:
        """Exchange a code for tokens, with a proof of a key if one is given; None leaves a field out."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.about.redirect_uris[0],
            "client_id": self.about.client_id,
            "client_secret": self.secret,
            "code_verifier": self.verifier,
            **changes,
        }
        given = {name: value for name, value in form.items() if value is not None}
        return await self.post("/oauth/token", given, **({"dpop": dpop} if dpop else {}))

    async def refresh(self, token: str, *, dpop: str = "", **changes: str) -> httpx2.Response:
        """Exchange a refresh token, with a proof of a key if one is given."""
        own = {"client_id": self.about.client_id, **({"client_secret": self.secret} if self.secret else {})}
        form = {"grant_type": "refresh_token", "refresh_token": token, **own, **changes}
        return await self.post("/oauth/token", form, **({"dpop": dpop} if dpop else {}))

    async def tokens(self, **changes: str | None) -> dict[str, Any]:
        """Sign in the person whose browser it is, and get tokens."""
        answer = await self.answer(**changes)
        assert "code" in answer, answer
        reply = await self.exchange(answer["code"])
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def user_info(self, token: str) -> httpx2.Response:
        """Ask about the person."""
        alone = Guest(self.provider.visitor._client, self.provider.visitor.app)
        return await alone.ask("GET", "/oauth/userinfo", headers={"authorization": f"Bearer {token}"})

    async def claims(self, token: str) -> dict[str, Any]:
        """Verify an ID token as an application does."""
        alg = self.about.id_token_signed_response_alg
        return dict(jwt.decode(token, await self.provider.keys(), [alg]).claims)
