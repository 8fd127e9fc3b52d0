"""A prompt, which only the signed answer of an enrolled device can turn into an approval."""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.messages.message import Derived
from renumber.domain.outcomes import Refusal, Step


class Decision(StrEnum):
    """The answer to a prompt; *not me* is a denial that also leads to freezing."""

    APPROVE = "approve"
    DENY = "deny"
    NOT_ME = "not_me"


class PromptPurpose(StrEnum):
    """The one thing that an approval allows: the sign-in that asks, or to be believed on the phone."""

    SIGN_IN = "sign_in"
    CALL = "call"


class PromptState(StrEnum):
    """The state of a prompt. Being sent is none: nothing but an answer leads to an approval."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    REPLACED = "replaced"


PROGRESS: dict[PromptState, frozenset[PromptState]] = {
    PromptState.PENDING: frozenset(PromptState),
    PromptState.APPROVED: frozenset(),
    PromptState.DENIED: frozenset(),
    PromptState.EXPIRED: frozenset(),
    PromptState.REPLACED: frozenset(),
}

USES = {PromptPurpose.SIGN_IN: "push", PromptPurpose.CALL: "call"}
OVER = {PromptState.EXPIRED: Refusal.PROMPT_EXPIRED, PromptState.REPLACED: Refusal.PROMPT_REPLACED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question to the account's devices, with the digits that the page shows on whose behalf it is.

    `sign_in_id` is the sign-in that asks, or the check of a caller: `purpose` says which.
    """

    account_id: str
    prompt_id: str
    sign_in_id: str
    key_id: str
    browser: str
    ip: str = field(repr=False)
    asked_at: datetime
    expires_at: datetime
    purpose: PromptPurpose = PromptPurpose.SIGN_IN
    state: PromptState = PromptState.PENDING
    wrong_digits: int = 0
    answered_at: datetime | None = None
    device_id: str | None = None
    version: int = 0

    @property
    def digits(self) -> Derived:
        """The binding from which the key ring derives the digits."""
        return self._derived(f"{USES[self.purpose]} digits")

    @property
    def challenge(self) -> Derived:
        """The binding from which the key ring derives the text to sign: an answer fits no other prompt."""
        return self._derived(f"{USES[self.purpose]} challenge")

    def _derived(self, use: str) -> Derived:
        return Derived("\x1f".join((use, self.account_id, self.sign_in_id, self.prompt_id)), self.key_id)

    def state_at(self, now: datetime) -> PromptState:
        """The state at a time, expired even if nobody has written that down yet."""
        is_over = self.state is PromptState.PENDING and now >= self.expires_at
        return PromptState.EXPIRED if is_over else self.state

    @property
    def was_guessed_at(self) -> bool:
        """True if wrong digits have ended it."""
        return self.state is PromptState.DENIED and self.device_id is None

    def approves_at(self, now: datetime, approval_for: timedelta) -> bool:
        """True if its approval still lets in the browser that asked for it."""
        return (
            self.state is PromptState.APPROVED
            and self.answered_at is not None
            and now < self.answered_at + approval_for
        )

    def examine(self, now: datetime) -> Refusal | None:
        """Find the reason why it can't be answered any more, if there is one."""
        state = self.state_at(now)
        return None if state is PromptState.PENDING else OVER.get(state, Refusal.PROMPT_ANSWERED)

    def approve(self, given: str, expected: str, device_id: str, *, now: datetime, checks: int) -> Step["Prompt"]:
        """Approve with the digits that the sign-in page shows; each comparison counts (NIST SP 800-63B-4 3.1.3)."""
        refusal = self.examine(now)
        if refusal:
            return Step(self, refusal=refusal)
        if hmac.compare_digest(given.encode(errors="surrogatepass"), expected.encode()):
            approved = replace(self._become(PromptState.APPROVED), answered_at=now, device_id=device_id)
            return Step(approved, (Fact.PUSH_APPROVED,))
        return self._record_failure(now, checks)

    def _record_failure(self, now: datetime, checks: int) -> Step["Prompt"]:
        missed = replace(self, wrong_digits=self.wrong_digits + 1)
        left = max(0, checks - missed.wrong_digits)
        if left:
            return Step(missed, refusal=Refusal.WRONG_DIGITS, tries_left=left)
        return Step(
            replace(missed._become(PromptState.DENIED), answered_at=now), refusal=Refusal.WRONG_DIGITS, tries_left=0
        )

    def deny(self, device_id: str, now: datetime) -> Step["Prompt"]:
        """Deny the sign-in."""
        refusal = self.examine(now)
        if refusal:
            return Step(self, refusal=refusal)
        denied = replace(self._become(PromptState.DENIED), answered_at=now, device_id=device_id)
        return Step(denied, (Fact.PUSH_DENIED,))

    def replace_by_newer(self, now: datetime) -> "Prompt":
        """End it because a newer prompt takes its place: a person is asked one thing at a time."""
        return self._become(PromptState.EXPIRED if now >= self.expires_at else PromptState.REPLACED)

    def _become(self, state: PromptState) -> "Prompt":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)
