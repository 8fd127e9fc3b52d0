"""A check of somebody who calls: they prove a factor of the account on a page, and the agent hears whether they did.

The number of the check names it for a few minutes and is used once. It proves nothing: only a factor does. What is
proven here opens nothing by itself, neither a session nor a change.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Derived
from renumber.domain.outcomes import Refusal, Step

SLOT = "caller"
"""The place of an account's newest check among its rows: whoever asks anew replaces the one before."""

SENDING = frozenset({Factor.PHONE, Factor.PUSH})
"""The methods that send something to the account's owner when they are chosen."""


class CheckState(StrEnum):
    """The state of a check, whose time may be over in any; caller_check.mmd draws them all."""

    ASKED = "asked"
    OPENED = "opened"
    PROVEN = "proven"
    FAILED = "failed"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


_ENDS = frozenset({CheckState.DENIED, CheckState.WITHDRAWN})
PROGRESS: dict[CheckState, frozenset[CheckState]] = {
    CheckState.ASKED: frozenset({CheckState.OPENED}) | _ENDS,
    CheckState.OPENED: frozenset({CheckState.PROVEN, CheckState.FAILED}) | _ENDS,
    CheckState.PROVEN: frozenset(),
    CheckState.FAILED: frozenset(),
    CheckState.DENIED: frozenset(),
    CheckState.WITHDRAWN: frozenset(),
}
OPEN = frozenset(state for state, onward in PROGRESS.items() if onward)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCheck:
    """One check. `asked_by` is the id of the agent's account; `method` is what the caller has chosen last.

    `number_key` is the keyed hash of the number that is read out, as long as it can be used; None where a mail has
    the link. `is_new` says that what was proven is younger than "changed recently". `evidence_at` is when the proof
    became evidence of a case: it does so once.
    """

    account_id: str
    check_id: str
    key_id: str
    state: CheckState
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    number_key: bytes | None = field(default=None, repr=False)
    slot: str = SLOT
    method: Factor | None = None
    sends: int = 0
    last_sent_at: datetime | None = None
    wrong: int = 0
    settled_at: datetime | None = None
    is_new: bool = False
    evidence_at: datetime | None = None
    version: int = 0

    def number_part(self, part: int) -> Derived:
        """The binding from which the key ring derives a part of the number that is read out."""
        return Derived("\x1f".join(("caller", self.account_id, self.check_id, str(part))), self.key_id)

    def is_open_at(self, now: datetime) -> bool:
        """True if it can still be proven."""
        return self.state in OPEN and now < self.expires_at

    def _is(self, state: CheckState, now: datetime) -> bool:
        """True if it is in this state, and its time isn't over."""
        return self.state is state and now < self.expires_at

    def open(self, now: datetime, *, prove_for: timedelta) -> Step["CallerCheck"]:
        """Take the check to the one browser that came with its number or link; both end by that."""
        if not self._is(CheckState.ASKED, now):
            return Step(self, refusal=Refusal.CHECK_UNKNOWN)
        opened = replace(self._become(CheckState.OPENED), number_key=None, expires_at=now + prove_for)
        return Step(opened, (Fact.CALLER_CHECK_OPENED,))

    def choose(self, method: Factor, now: datetime, *, pause: timedelta, most: int) -> Step["CallerCheck"]:
        """Choose how to prove; what sends something does so a few times in all, and the same again after a pause."""
        if not self._is(CheckState.OPENED, now):
            return Step(self, refusal=Refusal.CHECK_OVER)
        chosen = replace(self, method=method)
        if method not in SENDING:
            return Step(chosen)
        if self.sends >= most:
            return Step(self, refusal=Refusal.CHECK_SENT_ENOUGH)
        if method is self.method and self.last_sent_at and now < self.last_sent_at + pause:
            return Step(self, refusal=Refusal.SEND_TOO_SOON, open_at=self.last_sent_at + pause)
        return Step(replace(chosen, sends=self.sends + 1, last_sent_at=now))

    def awaits(self, method: Factor, now: datetime) -> bool:
        """True if it is this method that an answer can be of."""
        return self._is(CheckState.OPENED, now) and self.method is method

    def prove(self, now: datetime, *, is_new: bool) -> Step["CallerCheck"]:
        """Note that the chosen method was proven, and whether it is too new to vouch for much."""
        if not self._is(CheckState.OPENED, now) or self.method is None:
            return Step(self, refusal=Refusal.CHECK_OVER)
        proven = replace(self._become(CheckState.PROVEN), settled_at=now, is_new=is_new)
        return Step(proven, (Fact.CALLER_PROVEN,))

    def fail(self, now: datetime, *, tries: int) -> Step["CallerCheck"]:
        """Count a wrong answer, whatever was wrong with it; after the last the check is over."""
        if not self._is(CheckState.OPENED, now):
            return Step(self, refusal=Refusal.CHECK_OVER)
        missed = replace(self, wrong=self.wrong + 1)
        left = tries - missed.wrong
        if left > 0:
            return Step(missed, refusal=Refusal.CALLER_NOT_PROVEN, tries_left=left)
        failed = replace(missed._become(CheckState.FAILED), settled_at=now)
        return Step(failed, (Fact.CALLER_CHECK_FAILED,), Refusal.CALLER_NOT_PROVEN, tries_left=0)

    def deny(self, now: datetime) -> Step["CallerCheck"]:
        """End it by the word of whoever was asked that they aren't on the phone."""
        if not self.is_open_at(now):
            return Step(self, refusal=Refusal.CHECK_OVER)
        return Step(replace(self._become(CheckState.DENIED), settled_at=now, number_key=None), (Fact.CALLER_DENIED,))

    def withdraw(self, now: datetime) -> Step["CallerCheck"]:
        """End it by staff, by a freeze, or because another takes its place."""
        if not self.is_open_at(now):
            return Step(self, refusal=Refusal.CHECK_OVER)
        return Step(
            replace(self._become(CheckState.WITHDRAWN), settled_at=now, number_key=None), (Fact.CALLER_CHECK_WITHDRAWN,)
        )

    def become_evidence(self, now: datetime) -> "CallerCheck":
        """Note that the proof stands in a case, so that it stands in no other."""
        return replace(self, evidence_at=now)

    def _become(self, state: CheckState) -> "CallerCheck":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)


def ask(
    account_id: str, check_id: str, key_id: str, *, by: str, now: datetime, open_for: timedelta, version: int
) -> CallerCheck:
    """Begin a check, in place of the one before, which was saved at this version."""
    return CallerCheck(
        account_id=account_id,
        check_id=check_id,
        key_id=key_id,
        state=CheckState.ASKED,
        asked_by=by,
        asked_at=now,
        expires_at=now + open_for,
        version=version,
    )
