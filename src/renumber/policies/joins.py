"""The applications, webhooks and API keys that an operator lets in, as the joins file lists them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TypeVar


class Profile(StrEnum):
    """The rules that an application's requests have to keep."""

    OIDC = "oidc"
    FAPI2 = "fapi2"


class Pkce(StrEnum):
    """The proof that an application asked for the code that it redeems (RFC 7636)."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Scope(StrEnum):
    """Something that an API key may do."""

    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    JOURNEYS = "journeys"
    EVENTS = "events"
    SHARED_SIGNALS = "ssf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application that signs people in: an OAuth client (RFC 6749), confidential unless `is_public`.

    `secret_hash` is the SHA-256 of its secret, empty without one; `jwks` the JSON of its public keys. A `is_foreign`
    one belongs to somebody else, so that people are asked before it learns of them. `allow_private` lets its
    `backchannel_logout_uri` lead to a private address. One that `uses_nonces` proves its key with a nonce of ours.
    """

    client_id: str
    name: str
    secret_hash: bytes = field(default=b"", repr=False)
    jwks: str = field(default="", repr=False)
    is_public: bool = False
    is_foreign: bool = False
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    initiate_login_uri: str = ""
    backchannel_logout_uri: str = ""
    allow_private: bool = False
    return_to: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    profile: Profile = Profile.OIDC
    pkce: Pkce = Pkce.REQUIRED
    uses_nonces: bool = False
    id_token_signed_response_alg: str = "RS256"  # noqa: S105 - an algorithm

    @property
    def must_prove_key(self) -> bool:
        """True if its tokens are bound to a key of its own, always (RFC 9449; FAPI 2.0 5.3.2.1)."""
        return self.profile is Profile.FAPI2

    @property
    def must_push(self) -> bool:
        """True if it asks in the back alone, never through the browser (RFC 9126; FAPI 2.0 5.3.2.2)."""
        return self.profile is Profile.FAPI2

    @property
    def keeps_refresh_token(self) -> bool:
        """True if its refresh token is used again and again, being bound to the application (FAPI 2.0 5.3.2.1)."""
        return self.profile is Profile.FAPI2

    def has_secret(self, digest: bytes) -> bool:
        """True if this is the SHA-256 of its secret; compared in constant time."""
        return bool(self.secret_hash) and hmac.compare_digest(self.secret_hash, digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that hears of events (Standard Webhooks); signed with each of `secrets`, the newest first.

    `events` are types, `*` standing for any part of one.
    """

    webhook_id: str
    url: str
    secrets: tuple[bytes, ...] = field(repr=False)
    events: tuple[str, ...] = ("*",)
    include_number: bool = False
    allow_private: bool = False

    def hears(self, event_type: str) -> bool:
        """True if it wants to hear of events of this type."""
        return any(fnmatchcase(event_type, pattern) for pattern in self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A program of the operator's: the history names it, and only the SHA-256 of its key is kept.

    Its streams are for `audience`, which is its name if nothing else was agreed, and lead to public addresses only,
    unless `allow_private`.
    """

    name: str
    key_hash: bytes = field(repr=False)
    scopes: frozenset[Scope]
    audience: str = ""
    allow_private: bool = False


Joined = TypeVar("Joined")


def _by(name: str, several: tuple[Joined, ...]) -> Mapping[str | bytes, Joined]:
    return MappingProxyType({getattr(one, name): one for one in several})


class Joins:
    """All that has joined, found by id; compared by hash where a key is shown."""

    def __init__(
        self,
        applications: tuple[Application, ...] = (),
        webhooks: tuple[Webhook, ...] = (),
        api_keys: tuple[ApiKey, ...] = (),
    ) -> None:
        self.applications, self.webhooks, self.api_keys = applications, webhooks, api_keys
        self._applications = _by("client_id", applications)
        self._webhooks = _by("webhook_id", webhooks)
        self._keys = _by("key_hash", api_keys)

    def application(self, client_id: str) -> Application | None:
        """Find an application by its client id."""
        return self._applications.get(client_id)

    def webhook(self, webhook_id: str) -> Webhook | None:
        """Find a webhook by its id."""
        return self._webhooks.get(webhook_id)

    @property
    def receivers(self) -> frozenset[str]:
        """The names of the keys that may have streams of security events."""
        return frozenset(one.name for one in self.api_keys if Scope.SHARED_SIGNALS in one.scopes)

    def receiver(self, name: str) -> ApiKey | None:
        """Find the key of this name, as long as it may have streams."""
        found = (one for one in self.api_keys if one.name == name and Scope.SHARED_SIGNALS in one.scopes)
        return next(found, None)

    def api_key(self, digest: bytes) -> ApiKey | None:
        """Find an API key by the SHA-256 of what was shown: it has 256 random bits, so that nothing can be guessed."""
        return self._keys.get(digest)


NO_JOINS = Joins()
