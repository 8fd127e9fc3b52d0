"""The ports for applications that sign people in: requests, tokens, and what is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from renumber.domain.account import Account
from renumber.domain.oidc.grant import AccessToken, Consent, Grant
from renumber.domain.oidc.request import AuthorizationRequest
from renumber.domain.session import Session
from renumber.policies.oidc.key_proof import SignedProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A token with all that its life hangs on."""

    token: AccessToken
    grant: Grant
    session: Session | None
    account: Account

    def is_live(self, keys: tuple[bytes, ...], now: datetime) -> bool:
        """True if what was shown is the token, and it still opens something."""
        opens = self.token.opens(keys, now)
        return opens and self.grant.is_live(now, session=self.session, account=self.account)


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request, the id that names it, and the time until which it is kept."""

    request_id: str
    request: AuthorizationRequest
    until: datetime


class AuthorizationRequests(Protocol):
    """Keeps the requests of applications while people sign in."""

    async def keep(self, kept: KeptRequest) -> None:
        """Keep a request."""

    async def admit(self, kept: KeptRequest, counted: tuple[bytes, ...], now: datetime) -> datetime | None:
        """Keep a request that a browser brings, and count it; or say when its place may bring one, and keep nothing."""

    async def find(self, request_id: str, now: datetime) -> AuthorizationRequest | None:
        """Read a request that is still to be answered."""

    async def drop(self, request_id: str) -> bool:
        """Forget a request that was answered; says whether it was there."""


@dataclass(frozen=True, slots=True)
class Given:
    """The grants of an account that gave tokens, each with its session while that is kept, and its consents."""

    grants: Sequence[tuple[Grant, Session | None]]
    consents: Sequence[Consent]


class TokenReads(Protocol):
    """Reads tokens and consents without a lock."""

    async def access(self, account_id: str, token_id: str) -> Access | None:
        """Read a token with all that its life hangs on, in one query."""

    async def consent(self, account_id: str, client_id: str) -> Consent | None:
        """Read what a person has agreed that a foreign application may learn."""

    async def given(self, account_id: str) -> Given:
        """Read all that a person has given to applications, as far as it was not taken back."""


class SignedTokens(Protocol):
    """Signs ID tokens and security events, and reads ID tokens and what applications have signed (RFC 7519)."""

    async def sign(self, claims: Mapping[str, Any], algorithm: str, /, *, kind: str = ...) -> str:
        """Sign claims with the key in use for an algorithm; an ID token, or of another kind (`typ`, RFC 8725 3.11)."""

    async def read(self, token: str, /) -> Mapping[str, Any] | None:
        """Read the claims of an ID token that we have signed, whatever its age; None for any other."""

    async def published(self) -> Mapping[str, Any]:
        """Give the public keys as a JWK Set (RFC 7517 5)."""

    def verified(self, token: str, jwks: str, algorithms: tuple[str, ...], /) -> Mapping[str, Any] | None:
        """Read the claims of a token that one of these public keys has signed so; None for any other."""

    def key_proof(self, token: str, /) -> SignedProof | None:
        """Read a proof that is signed by the public key which stands in it (RFC 9449 4.2); None for any other."""
