"""What the flows of passkeys ask of the other rooms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.passkey import Made, Passkey, Purpose, Shown


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent back, read but not verified yet; `user_handle` is the account that it speaks of, or empty."""

    text: str = field(repr=False)
    credential_id: bytes = field(repr=False)
    challenge: bytes = field(repr=False)
    user_handle: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose credential it is, and whether they signed in from this browser before."""

    account_id: str
    knows_browser: bool


class Ceremonies(Protocol):
    """The two ceremonies of WebAuthn, in its own words: options and answers as JSON."""

    def creation_options(self, account: Account, known: Sequence[Passkey], challenge: bytes) -> str:
        """Ask for a new credential, of an authenticator that holds none of the known ones."""

    def request_options(self, known: Sequence[Passkey], purpose: Purpose, challenge: bytes) -> str:
        """Ask for an assertion: of one of these, or of any that the person chooses."""

    def read(self, text: str) -> Answer | None:
        """Read an answer, as far as it is one."""

    def verify_creation(self, answer: Answer) -> Made | None:
        """The new credential, if it was made at our origin for this challenge."""

    def verify_assertion(self, answer: Answer, passkey: Passkey) -> Shown | None:
        """What the assertion says, if this passkey has signed it at our origin for this challenge."""


class PasskeyOwners(Protocol):
    """Finds whose credential it is."""

    async def owner_of(self, credential_id: bytes, browser_id: str) -> Owner | None:
        """The account that has bound this credential, if there is one."""
