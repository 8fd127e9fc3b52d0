"""The change of an account's number: asked for, link used, new number entered, new number proven."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.applications.journey import Journey
from renumber.domain.challenge import Challenge, CodeIntent, CodePurpose, CodeState
from renumber.domain.facts import Fact
from renumber.domain.organisations.company_wait import CompanyWait
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Proof, Session


class ChangeState(StrEnum):
    """The state of a change; phone_change.mmd draws them all."""

    AWAITING_COMPANY = "awaiting_company"
    REQUESTED = "requested"
    AWAITING_NEW_NUMBER = "awaiting_new_number"
    AWAITING_CODE = "awaiting_code"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    REFUSED = "refused"


_ENDS_UNUSED = frozenset({ChangeState.EXPIRED, ChangeState.CANCELLED, ChangeState.STOPPED})
PROGRESS: dict[ChangeState, frozenset[ChangeState]] = {
    ChangeState.AWAITING_COMPANY: _ENDS_UNUSED | {ChangeState.REQUESTED, ChangeState.REFUSED},
    ChangeState.REQUESTED: _ENDS_UNUSED | {ChangeState.AWAITING_NEW_NUMBER},
    ChangeState.AWAITING_NEW_NUMBER: frozenset({ChangeState.AWAITING_CODE, ChangeState.STOPPED}),
    ChangeState.AWAITING_CODE: frozenset({ChangeState.AWAITING_CODE, ChangeState.COMPLETED, ChangeState.STOPPED}),
    **dict.fromkeys(_ENDS_UNUSED | {ChangeState.COMPLETED, ChangeState.REFUSED}, frozenset()),
}
OPEN = frozenset(state for state, onward in PROGRESS.items() if onward)
BEFORE_RESET = frozenset({ChangeState.AWAITING_COMPANY, ChangeState.REQUESTED})
AFTER_RESET = frozenset({ChangeState.AWAITING_NEW_NUMBER, ChangeState.AWAITING_CODE})
END_OF_LINK = {
    ChangeState.EXPIRED: Refusal.LINK_EXPIRED,
    ChangeState.CANCELLED: Refusal.LINK_CANCELLED,
    ChangeState.STOPPED: Refusal.LINK_STOPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChange:
    """One change. `proof` is None for the first enrolment of an account that never had a number.
    `asked_key` is the browser in which the second factor of that proof was shown: it goes on with the least trouble.
    `is_recovery` says that a recovery case stands behind it, in place of a proof.
    `journey` is the one on which the person came to ask for it: the last page leads back there. `organisation_id` is
    that of the person at that time, whose administrators see it; `company` is its wait for one of them, if it had one.
    """

    account_id: str
    change_id: str
    state: ChangeState
    proof: Proof | None
    old_number: PhoneNumber | None
    requested_at: datetime
    link_generation: int = 0
    link_sent_at: datetime | None = None
    link_expires_at: datetime | None = None
    new_number: PhoneNumber | None = None
    reset_at: datetime | None = None
    reset_key: bytes | None = field(default=None, repr=False)
    asked_key: bytes | None = field(default=None, repr=False)
    closed_at: datetime | None = None
    journey: Journey | None = None
    is_recovery: bool = False
    organisation_id: str | None = None
    company: CompanyWait | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """True if the change can still go on."""
        return self.state in OPEN

    def was_asked_in(self, browser_keys: Collection[bytes]) -> bool:
        """True if it was asked for in this browser, of which these are the keyed hashes."""
        return self.asked_key in browser_keys

    @property
    def awaits_number(self) -> bool:
        """True if the old number is gone and the new one isn't proven yet."""
        return self.state in AFTER_RESET

    def link_is_expired(self, now: datetime) -> bool:
        """True if the newest link is past its time."""
        return self.link_expires_at is not None and now >= self.link_expires_at

    def is_over(self, now: datetime) -> bool:
        """True of a request that leads nowhere any more: its company didn't answer, or its link ran out."""
        if self.state is ChangeState.AWAITING_COMPANY:
            return self.company is not None and self.company.is_over(now) and not self.company.goes_on
        return self.state is ChangeState.REQUESTED and self.link_is_expired(now)

    def confirm(self, now: datetime, *, by: str, link_for: timedelta) -> Step["PhoneChange"]:
        """Confirm it for the person's company: only now its link is sent."""
        answered = self._answered(by, now)
        if isinstance(answered, Refusal):
            return Step(self, refusal=answered)
        asked = replace(self._become(ChangeState.REQUESTED), company=answered)
        return Step(_with_link(asked, now, link_for), (Fact.CHANGE_CONFIRMED,))

    def decline(self, now: datetime, *, by: str) -> Step["PhoneChange"]:
        """Refuse it for the person's company; the number stays."""
        answered = self._answered(by, now)
        if isinstance(answered, Refusal):
            return Step(self, refusal=answered)
        return Step(replace(self._become(ChangeState.REFUSED), company=answered, closed_at=now), (Fact.CHANGE_REFUSED,))

    def _answered(self, by: str, now: datetime) -> CompanyWait | Refusal:
        if self.state is not ChangeState.AWAITING_COMPANY or self.company is None or self.company.is_over(now):
            return Refusal.NO_OPEN_CHANGE
        return Refusal.OWN_ACCOUNT if by == self.account_id else self.company.answer(by, now)

    def go_on(self, now: datetime, *, link_for: timedelta) -> Step["PhoneChange"]:
        """Send the link after the wait, where nobody else could confirm it: no rule locks anybody out."""
        wait = self.company if self.state is ChangeState.AWAITING_COMPANY else None
        if wait is None or not wait.goes_on or not wait.is_over(now):
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(_with_link(self._become(ChangeState.REQUESTED), now, link_for), (Fact.CHANGE_WENT_ON,))

    def replace_link(self, now: datetime, *, link_for: timedelta, resend_after: timedelta) -> Step["PhoneChange"]:
        """Replace the link with a newer one, which ends the older."""
        if self.state is not ChangeState.REQUESTED or self.link_sent_at is None or self.link_is_expired(now):
            return Step(self, refusal=Refusal.NO_OPEN_CHANGE)
        if now < self.link_sent_at + resend_after:
            return Step(self, refusal=Refusal.SEND_TOO_SOON, open_at=self.link_sent_at + resend_after)
        return Step(_with_link(self, now, link_for), (Fact.CHANGE_LINK_REPLACED,))

    def examine_link(self, generation: int, now: datetime) -> Refusal | None:
        """Say whether a link of this generation would reset the number, without doing it."""
        if self.state in END_OF_LINK:
            return END_OF_LINK[self.state]
        if self.state is not ChangeState.REQUESTED:
            return Refusal.LINK_USED
        if generation != self.link_generation:
            return Refusal.LINK_REPLACED
        return Refusal.LINK_EXPIRED if self.link_is_expired(now) else None

    def press(self, generation: int, reset_key: bytes, now: datetime) -> Step["PhoneChange"]:
        """Use the link: the old number is removed, and the browser that pressed is remembered."""
        refusal = self.examine_link(generation, now)
        if refusal is Refusal.LINK_EXPIRED and self.state is ChangeState.REQUESTED:
            return Step(self.expire(now).state, (Fact.CHANGE_EXPIRED,), refusal)
        if refusal:
            return Step(self, refusal=refusal)
        return Step(replace(self._become(ChangeState.AWAITING_NEW_NUMBER), reset_at=now, reset_key=reset_key))

    def enter_number(self, number: PhoneNumber) -> Step["PhoneChange"]:
        """Enter the new number; it counts for nothing until its code is proven."""
        if not self.awaits_number:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self._become(ChangeState.AWAITING_CODE), new_number=number), (Fact.NEW_NUMBER_ENTERED,))

    def complete(self, proven: Challenge, now: datetime) -> Step["PhoneChange"]:
        """Complete the change with the number whose code was proven, for this change and no other number."""
        if self.state is not ChangeState.AWAITING_CODE or self.new_number is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        intent = CodeIntent(
            purpose=CodePurpose.NEW_NUMBER,
            sign_in_id=proven.sign_in_id,
            about=self.change_id,
            destination=self.new_number.e164,
        )
        belongs = proven.account_id == self.account_id and proven.is_for(intent)
        if not belongs or proven.state is not CodeState.PROVEN:
            return Step(self, refusal=Refusal.NO_CODE)
        return Step(replace(self._become(ChangeState.COMPLETED), closed_at=now))

    def cancel(self, now: datetime) -> Step["PhoneChange"]:
        """Cancel the request while the old number is still bound."""
        if self.state not in BEFORE_RESET:
            return Step(self, refusal=Refusal.NO_OPEN_CHANGE)
        return Step(replace(self._become(ChangeState.CANCELLED), closed_at=now), (Fact.CHANGE_CANCELLED,))

    def expire(self, now: datetime) -> Step["PhoneChange"]:
        """Close a request whose link or whose wait ran out; the old number works as before."""
        if not self.is_over(now):
            return Step(self, refusal=Refusal.NOT_NOW)
        unanswered = (Fact.CHANGE_UNANSWERED,) if self.state is ChangeState.AWAITING_COMPANY else ()
        return Step(replace(self._become(ChangeState.EXPIRED), closed_at=now), (Fact.CHANGE_EXPIRED, *unanswered))

    def stop(self, now: datetime) -> Step["PhoneChange"]:
        """Close the change because the account was frozen."""
        if not self.is_open:
            return Step(self, refusal=Refusal.NO_OPEN_CHANGE)
        return Step(replace(self._become(ChangeState.STOPPED), closed_at=now), (Fact.CHANGE_STOPPED,))

    def _become(self, state: ChangeState) -> "PhoneChange":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)


def _with_link(change: PhoneChange, now: datetime, link_for: timedelta) -> PhoneChange:
    newest = change.link_generation + 1
    return replace(change, link_generation=newest, link_sent_at=now, link_expires_at=now + link_for)


def request(
    account_id: str, change_id: str, old_number: PhoneNumber, *, asking: Session, now: datetime, link_for: timedelta
) -> Step[PhoneChange]:
    """Ask for a change; nothing about the number changes yet."""
    change = PhoneChange(
        account_id=account_id,
        change_id=change_id,
        state=ChangeState.REQUESTED,
        proof=asking.proof,
        old_number=old_number,
        requested_at=now,
        link_generation=1,
        link_sent_at=now,
        link_expires_at=now + link_for,
        asked_key=asking.browser_key,
    )
    return Step(change, (Fact.CHANGE_REQUESTED,))


def ask_company(asked: PhoneChange, wait: CompanyWait) -> Step[PhoneChange]:
    """Ask for a change that waits for the person's company first; there is no link yet."""
    unsent = replace(asked, link_generation=0, link_sent_at=None, link_expires_at=None)
    return Step(replace(unsent, state=ChangeState.AWAITING_COMPANY, company=wait), (Fact.CHANGE_WAITS,))


def enrol_first(account_id: str, change_id: str, now: datetime) -> Step[PhoneChange]:
    """Begin the enrolment of a number on an account that has none."""
    change = PhoneChange(
        account_id=account_id,
        change_id=change_id,
        state=ChangeState.AWAITING_NEW_NUMBER,
        proof=None,
        old_number=None,
        requested_at=now,
    )
    return Step(change, (Fact.ENROLMENT_STARTED,))


def recover(
    account_id: str, change_id: str, old_number: PhoneNumber | None, *, reset_key: bytes, now: datetime
) -> Step[PhoneChange]:
    """Begin the change that a recovery case ends with: the number is gone, and the browser is remembered."""
    begun = enrol_first(account_id, change_id, now)
    change = replace(begun.state, old_number=old_number, reset_at=now, reset_key=reset_key, is_recovery=True)
    return replace(begun, state=change)
