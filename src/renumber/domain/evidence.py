"""The evidence that an act rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.push.prompt import Decision


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence that an act rests on; `text` is the wording of the history, which people read and tests compare.

    The `reason` that an operator gave stands apart: it may name a person, and is erased with the account.
    """

    text: str = ""
    reason: str = field(default="", repr=False)

    @classmethod
    def password(cls) -> "Evidence":
        """A right password and, so far, nothing else."""
        return cls("password")

    @classmethod
    def session(cls, *, session_id: str, factor: Factor | None) -> "Evidence":
        """A session, and the factor that confirmed it; without one it rests on the password alone."""
        return cls(f"session {session_id} {factor or 'password'}")

    @classmethod
    def begun_in(cls, *, session_id: str) -> "Evidence":
        """The session in which a sign-in began, before a factor of its own is proven."""
        return cls(f"session {session_id}")

    @classmethod
    def link(cls, *, link_id: str) -> "Evidence":
        """A link from a mail or a text message."""
        return cls(f"link {link_id}")

    @classmethod
    def device(cls, *, device_id: str) -> "Evidence":
        """The signature of an enrolled device."""
        return cls(f"device {device_id}")

    @classmethod
    def operator(cls, *, name: str) -> "Evidence":
        """The word of an operator, who goes by this name."""
        return cls(f"by {name}" if name else "")

    @classmethod
    def staff(cls, *, role: str, account_id: str) -> "Evidence":
        """The word of somebody of customer relations, by their role and the id of their account."""
        return cls(f"{role} {account_id}")

    @classmethod
    def provider(cls, *, shown_by: str) -> "Evidence":
        """The word of the company's identity provider, and by what it says that a second factor was shown."""
        return cls(f"provider {shown_by}")

    @classmethod
    def company(cls, *, account_id: str, session_id: str, factor: Factor | None) -> "Evidence":
        """The word of a company's administrator, by the id of their account, in a session that a factor confirmed."""
        return cls(f"administrator {account_id} session {session_id} {factor or 'password'}")

    @classmethod
    def caller_check(cls, *, check_id: str) -> "Evidence":
        """The number or the link of a check of a caller, which shows nothing of who they are."""
        return cls(f"caller check {check_id}")

    @classmethod
    def passkey(cls) -> "Evidence":
        """A passkey that was shown without a password, before it is checked."""
        return cls("passkey")

    @classmethod
    def verified(cls) -> "Evidence":
        """A person whom the authenticator itself has verified, in place of the password."""
        return cls("verified")

    @classmethod
    def push_service(cls) -> "Evidence":
        """The word of a push service that an address is gone."""
        return cls("push service")

    @classmethod
    def counted(cls, *, since: datetime, again: Mapping[str, int]) -> "Evidence":
        """The refusals that came again since a time, and how often."""
        counts = ", ".join(f"{times} more {act}" for act, times in sorted(again.items()))
        return cls(f"since {since:%Y-%m-%dT%H:%M:%SZ}: {counts}")

    @classmethod
    def demo(cls) -> "Evidence":
        """A sign-in that the demonstration made up."""
        return cls("demo")

    @classmethod
    def client(cls, *, client_id: str) -> "Evidence":
        """An application that has shown a code or a token of the account's."""
        return cls(f"client {client_id}")

    def with_client(self, client_id: str) -> "Evidence":
        """The same evidence, and the application that it is given to."""
        return replace(self, text=f"{self.text}; client {client_id}")

    def with_answer(self, given: str) -> "Evidence":
        """The same evidence, and the answer that was given on it for a company."""
        return replace(self, text=f"{self.text}; {given}")

    def with_reason(self, given: str) -> "Evidence":
        """The same evidence, and the reason that an operator gave."""
        return replace(self, reason=given)

    def with_factor(self, factor: Factor) -> "Evidence":
        """The same evidence joined by a factor that was proven."""
        return replace(self, text=f"{self.text} {factor}")

    def with_code(self, purpose: CodePurpose) -> "Evidence":
        """The same evidence joined by a code that was proven."""
        return replace(self, text=f"{self.text} code:{purpose}")

    def with_choice(self, factor: Factor) -> "Evidence":
        """The same evidence, and the factor that was chosen to join it."""
        return replace(self, text=f"{self.text}; chose {factor}")

    def with_decision(self, decision: Decision) -> "Evidence":
        """The same evidence, and the answer to a prompt that it signed."""
        return replace(self, text=f"{self.text}; {decision}")
