"""The identity provider as the shop sees it: what any application does with OpenID, the API and webhooks."""

import hmac
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from renumber.demo.shop.credentials import CLIENT_ID, Credentials

SCOPES = "openid profile email"
TIMEOUT = 15.0  # seconds
LOGOUT_TYPE, LOGOUT_EVENT = "logout+jwt", "http://schemas.openid.net/event/backchannel-logout"
SKEW = 60  # seconds by which clocks may differ


class ProviderError(Exception):
    """The provider didn't answer as it should; the shop says that it can't sign anybody in now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A sign-in that the shop has begun: what has to come back with it, and what the person wanted to do."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    is_paying: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signed in, as the ID token says."""

    account_id: str
    name: str
    authenticated_at: int
    session_id: str
    id_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that has ended at the provider, as a logout token says."""

    token_id: str
    session_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer to the question that the shop asks before a payment."""

    is_frozen: bool
    has_no_number: bool
    hold_until: datetime | None


class Provider:
    """Speaks to one provider; `now` is its clock, in seconds."""

    def __init__(self, issuer: str, shop: str, credentials: Credentials, *, now: Callable[[], int]) -> None:
        self._issuer, self._shop, self._credentials, self._now = issuer, shop, credentials, now
        self._http = httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False)
        self._found: Mapping[str, Any] | None = None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def sign_in_address(self, pending: Pending, **more: str) -> str:
        """The address that a browser is sent to (OpenID Connect Core 3.1.2.1), with PKCE (RFC 7636)."""
        asked = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": f"{self._shop}/callback",
            "scope": SCOPES,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": _challenge(pending.verifier),
            "code_challenge_method": "S256",
            **more,
        }
        return f"{(await self._metadata())['authorization_endpoint']}?{urlencode(asked)}"

    async def sign_out_address(self, person: Person) -> str:
        """The address that ends the session at the provider as well (RP-Initiated Logout 1.0)."""
        asked = {"id_token_hint": person.id_token, "post_logout_redirect_uri": f"{self._shop}/"}
        return f"{(await self._metadata())['end_session_endpoint']}?{urlencode(asked)}"

    async def exchange(self, code: str, pending: Pending) -> Person:
        """Exchange a code, and read who has signed in from the ID token."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{self._shop}/callback",
            "code_verifier": pending.verifier,
        }
        where, auth = (await self._metadata())["token_endpoint"], (CLIENT_ID, self._credentials.client_secret)
        answer = await self._answer(self._http.post(where, data=form, auth=auth))
        id_token = str(answer.get("id_token", ""))
        claims, info = await self._claims(id_token, pending), await self._user_info(str(answer.get("access_token", "")))
        if info.get("sub") != claims["sub"]:  # OpenID Connect Core 5.3.2: it may be anybody's
            raise ProviderError
        return Person(
            account_id=claims["sub"],
            name=str(info.get("name", "")),
            authenticated_at=int(claims["auth_time"]),
            session_id=str(claims["sid"]),
            id_token=id_token,
        )

    async def _claims(self, id_token: str, pending: Pending) -> Mapping[str, Any]:
        return (await self._signed(id_token, {"nonce": pending.nonce})).claims

    async def ended(self, logout_token: str) -> Ended:
        """Read which session has ended from a logout token (Back-Channel Logout 1.0 2.6)."""
        token = await self._signed(logout_token, {})
        events, claims = token.claims.get("events"), token.claims
        is_logout = isinstance(events, dict) and LOGOUT_EVENT in events and "nonce" not in claims
        if token.header.get("typ") != LOGOUT_TYPE or not is_logout or not {"sid", "jti", "iat"} <= claims.keys():
            raise ProviderError
        return Ended(str(claims["jti"]), str(claims["sid"]), datetime.fromtimestamp(int(claims["iat"]), UTC))

    async def _signed(self, token: str, more: Mapping[str, str]) -> jwt.Token:
        """Verify a token of the provider's for this shop, which has to say this as well."""
        keys = await self._answer(self._http.get((await self._metadata())["jwks_uri"]))
        wanted = {"iss": self._issuer, "aud": CLIENT_ID, **more}
        rules: Any = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        registry = jwt.JWTClaimsRegistry(now=self._now, leeway=SKEW, sub={"essential": True}, **rules)
        try:
            read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=["RS256"])  # type: ignore[arg-type]  # checked by it
            registry.validate(read.claims)
        except (JoseError, ValueError, KeyError) as wrong:
            raise ProviderError from wrong
        return read

    async def _user_info(self, access_token: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        return await self._answer(self._http.get((await self._metadata())["userinfo_endpoint"], headers=headers))

    async def standing(self, person: Person) -> Standing:
        """Ask whether a payment may trust the number of the account."""
        said = await self._api(f"/accounts/{person.account_id}/standing")
        until = said["hold_until"]
        return Standing(
            is_frozen=bool(said["frozen"]),
            has_no_number=said["change"] == "reset",
            hold_until=datetime.fromisoformat(until) if until else None,
        )

    async def change_number_address(self, person: Person) -> str:
        """The address at which this person changes the number, and from which a link leads back: no code comes."""
        return await self.sign_in_address(begun(), action="change_phone", id_token_hint=person.id_token)

    async def _api(self, path: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self._credentials.api_key}"}
        return await self._answer(self._http.get(f"{self._issuer}/api/v1{path}", headers=headers))

    async def _metadata(self) -> Mapping[str, Any]:
        if self._found is None:
            self._found = await self._answer(self._http.get(f"{self._issuer}/.well-known/openid-configuration"))
        return self._found

    async def _answer(self, asked: Any) -> Mapping[str, Any]:
        try:
            response = await asked
            said = response.json() if response.is_success else None
        except (httpx2.HTTPError, ValueError) as trouble:
            raise ProviderError from trouble
        if not isinstance(said, dict):
            raise ProviderError
        return said

    def has_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """True if the provider has signed what a webhook brings (Standard Webhooks 1.0)."""
        at = headers.get("webhook-timestamp", "")
        if not at.isdecimal() or abs(int(at) - self._now()) > 5 * SKEW:
            return False
        signed = f"{headers.get('webhook-id', '')}.{at}.".encode() + body
        made = b64encode(hmac.digest(self._credentials.webhook_secret, signed, "sha256")).decode()
        shown = headers.get("webhook-signature", "").split()
        return any(hmac.compare_digest(f"v1,{made}".encode(), one.encode()) for one in shown)


def begun(*, is_paying: bool = False) -> Pending:
    """Begin a sign-in with fresh secrets."""
    made = (secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    return Pending(state=made[0], nonce=made[1], verifier=made[2], is_paying=is_paying)


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
