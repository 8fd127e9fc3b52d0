"""What a person proves themselves with, and how often it was proven wrongly in a row."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.outcomes import Fact, Refusal, Step


class Factor(StrEnum):
    """What may be proven. The mailbox is proof of an address and never a second factor (NIST 3.1.3.1)."""

    PHONE = "phone"
    PUSH = "push"
    PASSKEY = "passkey"
    TOTP = "app"  # as it is kept since the first version
    RECOVERY_CODE = "recovery-code"
    MAILBOX = "mailbox"
    NEW_NUMBER = "new-number"
    FORMER_NUMBER = "former-number"


@dataclass(frozen=True, slots=True)
class FactorStatus:
    """The count of wrong codes outlives codes, resends and sign-ins: only a right proof resets it (NIST 3.2.2).

    `lost_at` is when it was reported lost: what was bound before is trusted no more until its owner has it back.
    """

    account_id: str
    factor: Factor
    wrong_in_a_row: int = 0
    suspended_at: datetime | None = None
    last_used_at: datetime | None = None
    lost_at: datetime | None = None
    version: int = 0

    @property
    def is_lost(self) -> bool:
        """Whether it is suspended because it was reported lost, and not for wrong codes."""
        return self.suspended_at is not None and self.suspended_at == self.lost_at

    def trusts(self, bound_at: datetime) -> bool:
        """Whether a device or passkey bound then is believed: not if it was there when one was reported lost."""
        return self.lost_at is None or bound_at > self.lost_at

    def record_failure(self, now: datetime, *, warn_after: int, suspend_after: int) -> Step["FactorStatus"]:
        """Count a wrong code; warn the owner first, then suspend."""
        missed = replace(self, wrong_in_a_row=self.wrong_in_a_row + 1)
        if missed.wrong_in_a_row >= suspend_after:
            fact = Fact.MAILBOX_SUSPENDED if self.factor is Factor.MAILBOX else Fact.FACTOR_SUSPENDED
            return Step(replace(missed, suspended_at=now), (fact,), Refusal.FACTOR_SUSPENDED)
        facts = (Fact.FACTOR_WARNED,) if missed.wrong_in_a_row == warn_after else ()
        refusal = Refusal.WRONG_CODE_WARNED if missed.wrong_in_a_row >= warn_after else Refusal.WRONG_CODE
        return Step(missed, facts, refusal, tries_left=suspend_after - missed.wrong_in_a_row)

    def record_success(self, now: datetime) -> Step["FactorStatus"]:
        """Take a right code: the row of wrong ones ends."""
        if self.suspended_at is not None:
            return Step(self, refusal=Refusal.FACTOR_SUSPENDED)
        return Step(replace(self, wrong_in_a_row=0, last_used_at=now))

    def replace_with_proven(self, now: datetime) -> Step["FactorStatus"]:
        """Begin anew with another number, just proven: what was counted and suspended belongs to the one before."""
        facts = (Fact.FACTOR_RESTORED,) if self.suspended_at else ()
        return Step(replace(self, wrong_in_a_row=0, suspended_at=None, last_used_at=now), facts)

    def report_lost(self, now: datetime) -> Step["FactorStatus"]:
        """Take no proof any more: whoever found it is not its owner."""
        if self.is_lost:
            return Step(self, refusal=Refusal.FACTOR_SUSPENDED)
        return Step(replace(self, suspended_at=now, lost_at=now), (Fact.FACTOR_LOST,))

    def restore_lost(self) -> Step["FactorStatus"]:
        """Trust again what was reported lost; its owner says so after another proof."""
        if self.lost_at is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, wrong_in_a_row=0, suspended_at=None, lost_at=None), (Fact.FACTOR_FOUND,))

    def restore(self) -> Step["FactorStatus"]:
        """Open it again after another proof, of the mailbox or of another factor; not what was reported lost."""
        if self.suspended_at is None or self.is_lost:
            return Step(self)
        return Step(replace(self, wrong_in_a_row=0, suspended_at=None), (Fact.FACTOR_RESTORED,))
