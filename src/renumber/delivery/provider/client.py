"""Asking the company's identity provider: bounded in time and size, its metadata and keys kept for a while."""

import asyncio
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, partial
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode

import httpx2
import structlog

from renumber.delivery.channel import Fault
from renumber.delivery.http import get, post
from renumber.delivery.provider.metadata import WELL_KNOWN, Metadata, read_keys, read_metadata, texts
from renumber.flows.ports.provider import AuthorizationRequest, ProviderAway, ProviderTokens
from renumber.settings.console.provider import Credentials

log = structlog.get_logger()

TIMEOUT = httpx2.Timeout(5.0, connect=3.0)  # somebody waits at a page; a whole answer may take twice as long
KEPT_FOR = 3600.0  # seconds
ANEW_AT_MOST_EVERY = 60.0  # seconds: tokens of strangers must not make us ask all day
NAME = "identity provider"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Read = TypeVar("Read")
Assert = Callable[[str], str]  # the token endpoint, into a signed assertion (RFC 7523)


class ProviderClient:
    """The IdentityProvider port: one provider, which is asked nothing before somebody wants to sign in."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        scope: str,
        acr: tuple[str, ...],
        redirect_uri: str,
        signed: Assert | None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials, self._scope, self._acr = credentials, scope, acr
        self._redirect_uri, self._signed, self._ticks = redirect_uri, signed, ticks
        self._metadata: Metadata | None = None
        self._keys = ""
        self._found_at = self._keys_at = float("-inf")
        self._asking = asyncio.Lock()

    async def address(self, request: AuthorizationRequest) -> str:
        """Give the address to which a browser is sent for a sign-in (RFC 7636 4.3)."""
        found = await self._find()
        challenge = urlsafe_b64encode(sha256(request.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._credentials.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self._scope,
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"acr_values": " ".join(self._acr)} if self._acr else {}),
        }
        joint = "&" if "?" in found.authorization_endpoint else "?"
        return f"{found.authorization_endpoint}{joint}{urlencode(asked)}"

    async def answers_for(self, issuer: str) -> bool:
        """Say whether an answer that names this issuer, or none, can be the provider's (RFC 9207 2.4)."""
        found = await self._find()
        return issuer == found.issuer if issuer or found.names_itself else True

    async def redeem(self, code: str, verifier: str) -> ProviderTokens | None:
        """Exchange a code for tokens; None for one that the provider doesn't know, or knows no more."""
        found = await self._find()
        headers, fields = self._authentication(found)
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        data = {**given, "code_verifier": verifier, **fields}
        with _telling():
            answer = await post(self._client, NAME, found.token_endpoint, headers=headers, data=data)
        said = answer.json()
        id_token, access_token, error = texts(said, "id_token", "access_token", "error")
        if answer.is_success and id_token:
            return ProviderTokens(id_token, access_token)
        if error == "invalid_grant":
            return None
        raise _away(f"{NAME}: the token endpoint answers {answer.status}{f' {error}' if error.isidentifier() else ''}")

    def _authentication(self, found: Metadata) -> tuple[dict[str, str], dict[str, str]]:
        """Prove who we are: by a signed assertion, or by the secret in the way that the provider takes."""
        client_id, secret = self._credentials.client_id, self._credentials.secret
        if self._signed:
            assertion = self._signed(found.token_endpoint)
            return {}, {"client_id": client_id, "client_assertion_type": ASSERTION, "client_assertion": assertion}
        if found.takes_secret_in_header:
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"  # RFC 6749 2.3.1
            return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, {}
        return {}, {"client_id": client_id, "client_secret": secret}

    async def keys(self, *, anew: bool = False) -> str:
        """Give the keys with which it signs, as a JSON Web Key Set; `anew` fetches them, as often as it's allowed."""
        found = await self._find()
        async with self._asking:
            age = self._ticks() - self._keys_at
            if age >= (ANEW_AT_MOST_EVERY if anew else KEPT_FOR):
                self._keys = await self._read(found.jwks_uri, read_keys)
                self._keys_at = self._ticks()
            return self._keys

    async def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """Give what the UserInfo endpoint says of a person; nothing where there is none."""
        found = await self._find()
        if not found.userinfo_endpoint or not access_token.isascii() or not access_token.isprintable():
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        with _telling():
            answer = await get(self._client, NAME, found.userinfo_endpoint, headers=headers)
        said = answer.json()
        return said if answer.is_success and isinstance(said, dict) else {}

    async def _find(self) -> Metadata:
        """Read the provider's metadata, or give what was read not long ago."""
        async with self._asking:
            if self._metadata is None or self._ticks() - self._found_at >= KEPT_FOR:
                issuer = self._credentials.issuer
                url = issuer.removesuffix("/") + WELL_KNOWN
                self._metadata = await self._read(url, partial(read_metadata, issuer))
                self._found_at = self._ticks()
            return self._metadata

    async def _read(self, url: str, read: Callable[[object], Read]) -> Read:
        """Fetch a document and read it; whatever is wrong with it is told to the operator."""
        with _telling():
            answer = await get(self._client, NAME, url)
            if not answer.is_success:
                raise Fault(permanent=False, reason=f"{NAME}: a document of it answers {answer.status}")
            return read(answer.json())

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        """Open the client with the first question, since reading all authorities takes its time; it keeps no socket."""
        limits = httpx2.Limits(max_connections=20, max_keepalive_connections=0)
        return httpx2.AsyncClient(timeout=TIMEOUT, limits=limits, follow_redirects=False, trust_env=True)


@contextmanager
def _telling() -> Iterator[None]:
    """Tell the operator why there is no answer that can be used."""
    try:
        yield
    except Fault as fault:
        raise _away(fault.reason) from fault


def _away(reason: str) -> ProviderAway:
    log.warning("identity_provider_away", reason=reason)
    return ProviderAway(reason)
