"""The company's identity provider as the flows see it, and the identities of the people who come from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.support.staff_identity import StaffIdentity
from renumber.flows.ports.store import AuditEntry


class ProviderAway(LookupError):
    """The provider gives no answer, or none that can be used; the operator's log says why."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A sign-in that is asked for: the secrets that its answer has to come back with (RFC 6749 4.1.1, RFC 7636)."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProviderTokens:
    """The tokens that a code was exchanged for."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class IdentityProvider(Protocol):
    """Asks the provider; every question may end in `ProviderAway`."""

    async def address(self, request: AuthorizationRequest) -> str:
        """Give the address to which a browser is sent for a sign-in."""

    async def answers_for(self, issuer: str) -> bool:
        """Say whether an answer that names this issuer, or none, can be the provider's (RFC 9207 2.4)."""

    async def redeem(self, code: str, verifier: str) -> ProviderTokens | None:
        """Exchange a code for tokens; None for one that the provider doesn't know, or knows no more."""

    async def keys(self, *, anew: bool = False) -> str:
        """Give the keys with which it signs, as a JSON Web Key Set; `anew` fetches them, as often as it's allowed."""

    async def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """Give what the UserInfo endpoint says of a person; nothing where there is none."""


class StaffIdentities(Protocol):
    """Finds and enters the accounts of people who come from the provider."""

    async def of_identity(self, identity_key: bytes) -> str | None:
        """Find the account of a person at a provider."""

    async def of_address(self, email: EmailAddress) -> str | None:
        """Find the account of whoever comes from a provider with this address."""

    async def enter(self, account: Account, identity: StaffIdentity, entry: AuditEntry) -> bool:
        """Enter somebody with an account of their own; False if they, or somebody with their address, are there."""
