"""The ports for time, keys, password hashes and cryptography."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.messages.message import Derived
from renumber.domain.passkey import CeremonyPurpose, Made, Passkey, Shown
from renumber.policies.joins import Joins


class Signatures(Protocol):
    """Checks what a device signed; a key or signature of any other shape is a no."""

    def is_key(self, public_key: bytes) -> bool:
        """Tell whether this is an uncompressed point of P-256."""

    def verify(self, public_key: bytes, signature: bytes, text: str) -> bool:
        """Tell whether the holder of the key signed the text."""


class Unreadable(Exception):
    """A sealed value that no key opens: the store was damaged, or its key is gone."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparison of a password, and the advice to make its hash anew."""

    matches: bool
    needs_rehash: bool


class Clock(Protocol):
    """The only source of the time."""

    def now(self) -> datetime:
        """The current time in UTC."""


class JoinsSource(Protocol):
    """The applications, webhooks and API keys that the operator lets in."""

    def current(self) -> Joins:
        """Give all that has joined by now; the file may change while the service runs."""


class KeyedHash(StrEnum):
    """The purpose of a keyed hash: the same value hashed for two purposes can't be compared."""

    SESSION = "session"
    SIGN_IN = "sign-in"
    BROWSER = "browser"
    RESET = "reset"
    EMAIL = "email"
    NOBODY = "nobody"
    NUMBER = "number"
    AUDIT_HEAD = "audit-head"
    CSRF = "csrf"
    PROOF_NONCE = "proof-nonce"
    SHARED_NUMBER = "cap"
    FAILURES_OF_ACCOUNT = "failures.account"
    FAILURES_FROM_IP = "failures.ip"
    FAILURES_IN_SESSION = "failures.session"
    PASSKEY_CHALLENGE = "passkey.challenge"
    PASSKEY_SPENT = "passkey.spent"
    SENDS_OF_CHANGE = "sends.change"
    SENDS_TO_IP = "sends.ip"
    SENDS_OF_RECOVERY = "sends.recovery"
    SENDS_OF_PASSWORD = "sends.password"  # noqa: S105 - the name of a purpose
    SENDS_PUSH = "sends.push"
    ACTS_TOLD = "told"
    TOLD_BY_TEXT = "told.sms"
    SENDS_BY_EMAIL = "sends.email"
    SENDS_BY_SMS = "sends.sms"
    SENDS_BY_EMAIL_TO_STRANGERS = "sends.email.strangers"
    SENDS_BY_SMS_TO_STRANGERS = "sends.sms.strangers"
    SENDS_OF_RELEASE_BY_EMAIL = "sends.release.email"
    SENDS_OF_RELEASE_BY_SMS = "sends.release.sms"
    SENDS_TO_RELEASE_NUMBER = "sends.release.number"
    SENDS_OF_LONG_CODE = "sends.release.long"
    SENDS_TO_CLAIMED_NUMBER = "sends.claimed"
    SENDS_TO_BOUND_NUMBER = "sends.bound"
    ADDRESS_OF_LINK = "link.address"
    API_CALLS = "api.calls"
    SENDS_TO_ADMINISTRATOR = "sends.company"
    LOOKS_OF_STAFF = "staff.looks"
    SEARCHES_OF_STAFF = "staff.searches"
    SESSION_AT_CONSOLE = "staff.session"
    SIGN_IN_PRESSED = "sign-in.pressed"
    FORM_PRESSED = "form.pressed"
    SIGN_IN_OF_STAFF_SPENT = "staff.sign-in.spent"
    LOGOUT_OF_STAFF_SPENT = "staff.logout.spent"
    LINK_OF_CHANGE = "link.phone_change"
    LINK_TO_STOP = "link.stop"
    LINK_TO_DEVICE = "link.device"
    LINK_TO_MAILBOX = "link.mailbox"
    LINK_TO_PASSWORD = "link.password"  # noqa: S105 - the name of a purpose
    LINK_TO_RELEASE = "link.release"
    LINK_OF_JOURNEY = "link.journey"
    LINK_OF_RECOVERY = "link.recovery"
    LINK_OF_RECOVERY_REQUEST = "link.recovery_request"
    LINK_TO_CALLER = "link.caller"
    NUMBER_OF_CHECK = "caller.number"
    CHECKS_OF_ACCOUNT = "caller.account"
    CHECKS_OF_STAFF = "caller.staff"
    CHECK_NUMBERS_FROM_IP = "caller.tries"
    SENDS_TO_CALLER = "sends.caller"
    AUTHORIZATION_CODE = "oauth.code"
    ACCESS_TOKEN = "oauth.access"  # noqa: S105 - the name of a purpose
    REFRESH_TOKEN = "oauth.refresh"  # noqa: S105 - the name of a purpose
    ASSERTION_SPENT = "oauth.assertion"
    KEY_PROOF_SPENT = "oauth.key-proof"
    REQUESTS_FROM_IP = "oauth.requests"

    @classmethod
    def of_link(cls, purpose: LinkPurpose) -> "KeyedHash":
        """The purpose of the token of such a link."""
        return cls(f"link.{purpose}")


class Secrets(Protocol):
    """Ids, derived codes and tokens, and keyed hashes."""

    @property
    def current(self) -> str:
        """The id of the key in use."""

    def new_id(self) -> str:
        """A random id."""

    def fingerprints(self, purpose: KeyedHash, value: str) -> tuple[bytes, bytes]:
        """The keyed hash under the current and under the previous key."""

    def code(self, derived: Derived) -> str:
        """The six digits of a code."""

    def token(self, derived: Derived) -> str:
        """The token of a link or a cookie, at least 128 bits."""


class Passwords(Protocol):
    """Slow hashes, away from the event loop."""

    async def verify(self, stored: str | None, password: str) -> Verdict:
        """Compare; None stands for an unknown account and takes as long."""

    async def hash(self, password: str) -> str:
        """Hash a new password."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a browser, read but not verified yet; `user_handle` is the account that it speaks of, or empty."""

    text: str = field(repr=False)
    credential_id: bytes = field(repr=False)
    challenge: bytes = field(repr=False)
    user_handle: str = ""


class Ceremonies(Protocol):
    """The two ceremonies of WebAuthn, in its own words: options and answers as JSON."""

    def creation_options(self, account: Account, known: Sequence[Passkey], challenge: bytes) -> str:
        """Ask for a new credential, of an authenticator that holds none of the known ones."""

    def request_options(self, known: Sequence[Passkey], purpose: CeremonyPurpose, challenge: bytes) -> str:
        """Ask for an assertion: of one of these, or of any that the person chooses."""

    def read(self, text: str) -> Answer | None:
        """Read an answer, as far as it is one."""

    def verify_creation(self, answer: Answer) -> Made | None:
        """The new credential, if it was made at our origin for this challenge."""

    def verify_assertion(self, answer: Answer, passkey: Passkey) -> Shown | None:
        """Give the content of an assertion, if this passkey has signed it at our origin for this challenge."""
