"""A one-time code: for one sign-in, purpose, change and destination; short-lived, few tries, single use."""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.messages.message import Derived
from renumber.domain.outcomes import Refusal, Step


class CodePurpose(StrEnum):
    """The one thing that a right code allows."""

    SIGN_IN = "sign_in"
    NEW_NUMBER = "new_number"
    MAILBOX = "mailbox"
    RESTORE = "lift"
    RELEASE_MAILBOX = "release_mailbox"
    RELEASE_NUMBER = "release_number"
    CALLER = "caller"


class CodeState(StrEnum):
    """A code is live until it was proven once, or guessed wrongly too often."""

    LIVE = "live"
    PROVEN = "proven"
    SPENT = "spent"


PROGRESS: dict[CodeState, frozenset[CodeState]] = {
    CodeState.LIVE: frozenset({CodeState.LIVE, CodeState.PROVEN, CodeState.SPENT}),
    CodeState.PROVEN: frozenset(),
    CodeState.SPENT: frozenset(),
}

DIGITS = 6
WORTH_REPEATING = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIntent:
    """The intent of a code: its purpose, the sign-in that asks for it, the change it is about, and where it goes."""

    purpose: CodePurpose
    sign_in_id: str
    about: str
    destination: str = field(repr=False)

    @property
    def slot(self) -> str:
        """The place of its code: no sign-in, however many somebody begins, takes another's code away."""
        return slot_of(self.purpose, self.sign_in_id)


def slot_of(purpose: CodePurpose, sign_in_id: str) -> str:
    """The place of the code that a sign-in asks for with this purpose."""
    return f"{purpose}.{sign_in_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A code that was sent and can be proven, by the sign-in that asked for it alone.

    `about` is the id of the change or the time of the freeze that the code is for, if it is for one. `earlier_id` is
    the code before, which a late text message may still bring: it is right as well, until its own time is over.
    """

    account_id: str
    purpose: CodePurpose
    sign_in_id: str
    challenge_id: str
    about: str
    destination: str = field(repr=False)
    key_id: str
    issued_at: datetime
    expires_at: datetime
    last_sent_at: datetime
    sends: int = 1
    wrong_guesses: int = 0
    state: CodeState = CodeState.LIVE
    earlier_id: str | None = None
    earlier_until: datetime | None = None
    version: int = 0

    @property
    def derived(self) -> Derived:
        """The binding from which the key ring derives the code: everything that the code is good for goes in."""
        return self._derived_with(self.challenge_id)

    def earlier_derived(self, now: datetime) -> Derived | None:
        """The binding of the code before, as long as that one is right as well."""
        is_right = self.earlier_id and self.earlier_until and now < self.earlier_until
        return self._derived_with(self.earlier_id) if is_right and self.earlier_id else None

    def _derived_with(self, code_id: str) -> Derived:
        own = (self.account_id, self.purpose, self.sign_in_id, self.about, self.destination, code_id)
        return Derived("\x1f".join(("code", *own)), self.key_id)

    @property
    def intent(self) -> CodeIntent:
        """All that the code was made for."""
        return CodeIntent(
            purpose=self.purpose, sign_in_id=self.sign_in_id, about=self.about, destination=self.destination
        )

    @property
    def slot(self) -> str:
        """The place of the code among those of the account."""
        return self.intent.slot

    def is_for(self, intent: CodeIntent) -> bool:
        """True if the code was made for just this intent; a code for any other counts as none."""
        return self.intent == intent

    def check(
        self, given: str, expected: str, now: datetime, *, checks: int, earlier: str | None = None
    ) -> Step["Challenge"]:
        """Compare a typed code with the derived one; each comparison counts, also across resends (NIST 3.1.3.2).

        `earlier` is the code before, where that one is right as well.
        """
        if self.state is CodeState.PROVEN:
            return Step(self, refusal=Refusal.NO_CODE)
        if self.state is CodeState.SPENT:
            return Step(self, refusal=Refusal.TOO_MANY_WRONG_CODES)
        if now >= self.expires_at:
            return Step(self, refusal=Refusal.CODE_EXPIRED)
        typed = given.encode(errors="surrogatepass")
        if any(hmac.compare_digest(typed, right.encode()) for right in (expected, earlier or expected)):
            return Step(self._become(CodeState.PROVEN), (Fact.CODE_PROVEN,))
        return self._record_failure(checks)

    def _record_failure(self, checks: int) -> Step["Challenge"]:
        wrong = self.wrong_guesses + 1
        missed = replace(self, wrong_guesses=wrong)
        if wrong >= checks:
            return Step(missed._become(CodeState.SPENT), refusal=Refusal.TOO_MANY_WRONG_CODES, tries_left=0)
        return Step(missed, refusal=Refusal.WRONG_CODE, tries_left=checks - wrong)

    def next_send_at(self, pauses: tuple[timedelta, ...]) -> datetime:
        """The time from which the code may be sent again: the pause grows with each send."""
        return self.last_sent_at + pauses[min(self.sends, len(pauses)) - 1]

    def is_worth_repeating(self, now: datetime) -> bool:
        """True if a resend repeats this code, so that the one in a late text message stays right."""
        return self.state is CodeState.LIVE and now + WORTH_REPEATING < self.expires_at

    def holds_back(self, intent: CodeIntent) -> bool:
        """True if another send for this intent has to wait for the pause."""
        return self.is_for(intent) and self.state is not CodeState.PROVEN

    def repeat(self, now: datetime) -> "Challenge":
        """Count another send of the same code; neither its lifetime nor its attempts begin anew."""
        return replace(self, last_sent_at=now, sends=self.sends + 1)

    def renew(
        self, intent: CodeIntent, challenge_id: str, key_id: str, *, now: datetime, code_for: timedelta
    ) -> "Challenge":
        """Replace it with a new code for the same purpose; the pauses between sends go on growing.

        As long as the one before is on its way it stays right, and so the tries go on as well. It does only under the
        same key: a key that was replaced may be gone at any time.
        """
        sends = self.sends + 1 if now < self.expires_at and self.holds_back(intent) else 1
        stays = self.state is CodeState.LIVE and now < self.expires_at and self.is_for(intent) and self.key_id == key_id
        fresh = replace(self, challenge_id=challenge_id, key_id=key_id, issued_at=now, expires_at=now + code_for)
        moved = replace(fresh, about=intent.about, destination=intent.destination, last_sent_at=now, sends=sends)
        earlier = (self.challenge_id, self.expires_at) if stays else (None, None)
        known = replace(moved, earlier_id=earlier[0], earlier_until=earlier[1])
        return replace(known, wrong_guesses=self.wrong_guesses if stays else 0, state=CodeState.LIVE)

    def _become(self, state: CodeState) -> "Challenge":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)
