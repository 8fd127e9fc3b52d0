"""The factors with which people prove themselves, and the count of wrong proofs in a row."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step


class Factor(StrEnum):
    """A thing that can be proven. The mailbox proves an address and is never a second factor (NIST 3.1.3.1)."""

    PHONE = "phone"
    PUSH = "push"
    PASSKEY = "passkey"
    TOTP = "app"  # as it is kept since the first version
    RECOVERY_CODE = "recovery-code"
    MAILBOX = "mailbox"
    NEW_NUMBER = "new-number"
    RELEASE_MAILBOX = "release-mailbox"
    RELEASE_NUMBER = "release-number"


# Counted apart from the mailbox and the number of a sign-in, or less proof would close what more proof opens.
RELEASING = frozenset({Factor.RELEASE_MAILBOX, Factor.RELEASE_NUMBER})
# What confirms sign-ins; a code that goes to a mailbox, or to a number that is only being bound, does not.
AUTHENTICATORS = frozenset({Factor.PHONE, Factor.PUSH, Factor.PASSKEY, Factor.TOTP, Factor.RECOVERY_CODE})
TOLD_OF_SUSPENSION: dict[Factor, Fact] = {
    Factor.MAILBOX: Fact.MAILBOX_SUSPENDED,
    Factor.RELEASE_MAILBOX: Fact.MAILBOX_SUSPENDED,
    Factor.RELEASE_NUMBER: Fact.RELEASE_PAUSED,
}


STRONGER_THAN_TEXT = frozenset({Factor.PASSKEY, Factor.PUSH, Factor.TOTP, Factor.RECOVERY_CODE})


@dataclass(frozen=True, slots=True)
class Proven:
    """A factor that was just proven, and when the key behind it was made; None for a text, which has none."""

    factor: Factor
    made_at: datetime | None = None

    def is_stronger_and_older(self, than: datetime) -> bool:
        """True if it is no text, and was there before: mail and text on one phone are one thing."""
        return self.factor in STRONGER_THAN_TEXT and self.made_at is not None and self.made_at <= than


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorStatus:
    """The wrong proofs of one factor in a row: the count outlives codes and sign-ins until a right one (NIST 3.2.2).

    `lost_at` is when it was reported lost: what was bound before isn't trusted until its owner has it back. `bound_at`
    is since when the account has had one of its kind that is trusted; None is a long time ago. `guesses` are all wrong
    ones since the last success, whatever has lifted a suspension between them; at the ceiling it is `disabled_at`.
    """

    account_id: str
    factor: Factor
    wrong_in_a_row: int = 0
    suspended_at: datetime | None = None
    last_used_at: datetime | None = None
    lost_at: datetime | None = None
    bound_at: datetime | None = None
    guesses: int = 0
    disabled_at: datetime | None = None
    version: int = 0

    @property
    def is_lost(self) -> bool:
        """True if it is suspended because it was reported lost, and not for wrong codes."""
        return self.suspended_at is not None and self.suspended_at == self.lost_at

    @property
    def bar(self) -> Refusal | None:
        """Say why it takes no proof, if it takes none."""
        if self.suspended_at is None:
            return None
        if self.factor in RELEASING:
            return Refusal.RELEASE_PAUSED
        if self.is_lost:
            return Refusal.REPORTED_LOST
        return Refusal.FACTOR_DISABLED if self.disabled_at else Refusal.FACTOR_SUSPENDED

    def trusts(self, bound_at: datetime) -> bool:
        """True if a device or passkey bound at that time is trusted: not if it was there when one was reported lost."""
        return self.lost_at is None or bound_at > self.lost_at

    def record_failure(
        self, now: datetime, *, warn_after: int, suspend_after: int, ceiling: int
    ) -> Step["FactorStatus"]:
        """Count a wrong code; warn the owner first, then suspend, and at the ceiling disable (NIST 3.2.2)."""
        missed = replace(self, wrong_in_a_row=self.wrong_in_a_row + 1, guesses=self.guesses + 1)
        if self.factor in AUTHENTICATORS and missed.guesses >= ceiling:
            disabled = replace(missed, suspended_at=now, disabled_at=now)
            return Step(disabled, (Fact.FACTOR_DISABLED,), disabled.bar)
        if missed.wrong_in_a_row >= suspend_after:
            suspended = replace(missed, suspended_at=now)
            return Step(suspended, (TOLD_OF_SUSPENSION.get(self.factor, Fact.FACTOR_SUSPENDED),), suspended.bar)
        facts = (Fact.FACTOR_WARNED,) if missed.wrong_in_a_row == warn_after else ()
        refusal = Refusal.WRONG_CODE_WARNED if missed.wrong_in_a_row >= warn_after else Refusal.WRONG_CODE
        return Step(missed, facts, refusal, tries_left=suspend_after - missed.wrong_in_a_row)

    def record_success(self, now: datetime) -> Step["FactorStatus"]:
        """Accept a right proof, which ends the row of wrong ones."""
        if self.bar:
            return Step(self, refusal=self.bar)
        return Step(replace(self._forgive(), last_used_at=now))

    def _forgive(self) -> "FactorStatus":
        """Forget every wrong one: its owner was here."""
        return replace(self, wrong_in_a_row=0, suspended_at=None, guesses=0, disabled_at=None)

    def resume(self, now: datetime, *, paused_for: timedelta) -> "FactorStatus":
        """Let a release be tried again after its pause: whoever guesses at it doesn't close it for ever."""
        is_over = self.suspended_at is not None and now >= self.suspended_at + paused_for
        return replace(self, wrong_in_a_row=0, suspended_at=None) if self.factor in RELEASING and is_over else self

    def replace_with_proven(self, now: datetime) -> Step["FactorStatus"]:
        """Start counting again for a number that was just proven: count and suspension belonged to the one before."""
        facts = (Fact.FACTOR_RESTORED,) if self.suspended_at else ()
        return Step(replace(self._forgive(), last_used_at=now), facts)

    def bind(self, now: datetime, *, is_first: bool) -> "FactorStatus":
        """Start counting again for one that was just bound; where none is trusted beside it, the kind is new too."""
        begun = self.replace_with_proven(now).state
        return replace(begun, bound_at=now) if is_first or self.lost_at else begun

    def report_lost(self, now: datetime) -> Step["FactorStatus"]:
        """Suspend a factor that was reported lost: whoever found it is not its owner."""
        if self.is_lost:
            return Step(self, refusal=Refusal.FACTOR_SUSPENDED)
        return Step(replace(self, suspended_at=now, lost_at=now), (Fact.FACTOR_LOST,))

    def restore_lost(self) -> Step["FactorStatus"]:
        """Trust a factor again that was reported lost, because its owner says so after another proof."""
        if self.lost_at is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self._forgive(), lost_at=None), (Fact.FACTOR_FOUND,))

    def restore(self) -> Step["FactorStatus"]:
        """Lift a suspension for wrong codes, after a proof of the mailbox; what is lost or disabled stays so.

        The guesses so far still count: somebody with the password could else go on guessing for ever.
        """
        if self.suspended_at is None or self.is_lost or self.disabled_at:
            return Step(self)
        return Step(replace(self, wrong_in_a_row=0, suspended_at=None), (Fact.FACTOR_RESTORED,))

    def restore_by_another(self) -> Step["FactorStatus"]:
        """Open what wrong codes have suspended or disabled, after a proof of another factor; a lost one stays so."""
        if self.is_lost:
            return Step(self)
        return Step(self._forgive(), (Fact.FACTOR_RESTORED,) if self.suspended_at else ())
