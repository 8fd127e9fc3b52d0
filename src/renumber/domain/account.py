"""An account: who it belongs to, its number, and whether it is frozen."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor, FactorStatus, Proven
from renumber.domain.facts import Fact
from renumber.domain.number_history import NumberHistory, Wanted
from renumber.domain.organisations.membership import Membership
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber


class AccountState(StrEnum):
    """An account can be used, or nobody can sign in to it."""

    ACTIVE = "active"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account: its owner, its number and factors, and whether it is frozen.

    `factors` are those besides the number, `last_factor` is the one to be asked for first, and `suspended` ones take
    no proof for now, some being `lost` or `disabled`: kept here, where every sign-in sees them with the account.
    `changed_at` is the latest of: number changed, factor bound, password renewed by mail, release. `release_stopped_at`
    is when somebody last kept it frozen: a release that was begun before is over.
    """

    account_id: str
    email: EmailAddress
    name: str = field(repr=False)
    locale: str
    password_hash: str = field(repr=False)
    numbers: NumberHistory = field(default_factory=NumberHistory)
    created_at: datetime
    changed_at: datetime | None = None
    state: AccountState = AccountState.ACTIVE
    frozen_at: datetime | None = None
    release_stopped_at: datetime | None = None
    password_mailed_at: datetime | None = None
    password_link_id: str | None = None
    browsers_forgotten_at: datetime | None = None
    factors: frozenset[Factor] = frozenset()
    last_factor: Factor | None = None
    suspended: frozenset[Factor] = frozenset()
    lost: frozenset[Factor] = frozenset()
    disabled: frozenset[Factor] = frozenset()
    membership: Membership | None = None
    version: int = 0

    @property
    def is_frozen(self) -> bool:
        """True if nobody may sign in or change anything."""
        return self.state is AccountState.FROZEN

    @property
    def has_signed_in(self) -> bool:
        """True if its owner has ever come in with a factor."""
        return self.last_factor is not None

    @property
    def number(self) -> PhoneNumber | None:
        """The present number."""
        return self.numbers.present

    @property
    def number_changed_at(self) -> datetime | None:
        """The time when the present number was bound, unless the account began with it."""
        return self.numbers.changed_at

    @property
    def former_number(self) -> PhoneNumber | None:
        """The number before the change, also when it can no longer undo it."""
        return self.numbers.former

    @property
    def former_until(self) -> datetime | None:
        """The end of the time in which the former number can undo the change."""
        return self.numbers.former_until

    @property
    def second_factors(self) -> frozenset[Factor]:
        """Every factor that a sign-in may ask for after the password."""
        return self.factors | {Factor.PHONE} if self.number else self.factors

    def stood_before_change(self, made_at: datetime | None) -> bool:
        """True of what was there before the latest change, so that whoever made the change must not take it away."""
        return self.changed_at is None or made_at is None or made_at < self.changed_at

    def add_factor(self, factor: Factor, now: datetime) -> Step["Account"]:
        """Add a factor that was just proven; the next sign-in asks for it first."""
        added = replace(self, factors=self.factors | {factor}, changed_at=now)
        return Step(added.use_factor(factor), (Fact.FACTOR_ADDED,))

    def remove_factor(self, factor: Factor) -> Step["Account"]:
        """Remove a factor: no sign-in asks for it any more."""
        if factor not in self.factors:
            return Step(self, refusal=Refusal.FACTOR_UNKNOWN)
        return Step(replace(self, factors=self.factors - {factor}), (Fact.FACTOR_REMOVED,))

    def mirror_status(self, tries: FactorStatus) -> "Account":
        """Copy from a factor's status why it takes no proof, so that a sign-in reads it with the account."""
        own = frozenset({tries.factor})
        suspended = self.suspended | own if tries.suspended_at else self.suspended - own
        lost = self.lost | own if tries.is_lost else self.lost - own
        disabled = self.disabled | own if tries.disabled_at else self.disabled - own
        is_known = (suspended, lost, disabled) == (self.suspended, self.lost, self.disabled)
        return self if is_known else replace(self, suspended=suspended, lost=lost, disabled=disabled)

    def bar(self, factor: Factor) -> Refusal | None:
        """Say why a factor takes no proof, if it takes none."""
        if factor in self.lost:
            return Refusal.REPORTED_LOST
        if factor in self.disabled:
            return Refusal.FACTOR_DISABLED
        return Refusal.FACTOR_SUSPENDED if factor in self.suspended else None

    def use_factor(self, factor: Factor) -> "Account":
        """Remember the factor that was used, unless it is a recovery code: the next sign-in asks for it first."""
        return self if factor in (self.last_factor, Factor.RECOVERY_CODE) else replace(self, last_factor=factor)

    def choose_language(self, locale: str) -> Step["Account"]:
        """Choose the language of mails and text messages."""
        return Step(replace(self, locale=locale), (Fact.LANGUAGE_CHOSEN,))

    def prove_number(self) -> Step["Account"]:
        """Show possession of the account's number with a code sent to it."""
        return self._with(self.numbers.prove())

    def detach_number(self, now: datetime, release_for: timedelta) -> Step["Account"]:
        """Take the number off the account: from now on it gets no code."""
        return self._with(self.numbers.detach(now, release_for))

    def bind_number(self, number: PhoneNumber, now: datetime, release_for: timedelta) -> Step["Account"]:
        """Make a proven number the account's number; the time in which the change can be undone begins with it."""
        step = self._with(self.numbers.bind(number, now, release_for))
        return replace(step, state=replace(step.state, changed_at=now))

    def _with(self, step: Step[NumberHistory]) -> Step["Account"]:
        return Step(replace(self, numbers=step.state), step.facts, step.refusal)

    def former_number_at(self, now: datetime) -> PhoneNumber | None:
        """The number before the change, while it may still stop or undo that change; a freeze stops that clock."""
        return self.numbers.former_at(self._clock(now))

    def _clock(self, now: datetime) -> datetime:
        return min(now, self.frozen_at) if self.frozen_at else now

    def forget_former_number(self, now: datetime, kept_for: timedelta) -> Step["Account"]:
        """Forget the number before the change, some time after it can no longer undo it.

        Not while the account is frozen, since the present number must not take its place at the release.
        """
        if self.is_frozen:
            return Step(self, refusal=Refusal.NOT_NOW)
        return self._with(self.numbers.forget_former(now, kept_for))

    def keep_former_number(self, until: datetime) -> "Account":
        """Let the number before the change stop or undo it until then at least."""
        return replace(self, numbers=self.numbers.keep_former(until))

    def numbers_on_file(self, now: datetime) -> tuple[PhoneNumber, ...]:
        """Every number that a notice goes to: the present one and the one before, never only the new one."""
        return self.numbers.on_file(self._clock(now))

    def freeze(self, now: datetime) -> Step["Account"]:
        """Freeze the account: nobody signs in until its owner or the operator releases it."""
        if self.is_frozen:
            return Step(self, refusal=Refusal.ACCOUNT_FROZEN)
        frozen = replace(self, state=AccountState.FROZEN, frozen_at=now, release_stopped_at=None, password_link_id=None)
        return Step(frozen.forget_browsers(now), (Fact.ACCOUNT_FROZEN,))

    def stop_release(self, now: datetime) -> Step["Account"]:
        """Keep it frozen, so that what was shown for its release counts for nothing."""
        if not self.is_frozen:
            return Step(self, refusal=Refusal.ACCOUNT_NOT_FROZEN)
        return Step(replace(self, release_stopped_at=now, password_link_id=None), (Fact.RELEASE_STOPPED,))

    def number_for_release(self, now: datetime) -> PhoneNumber | None:
        """The number that must answer before the owner can release the account by themselves."""
        return self.numbers.for_release(self._clock(now))

    def number_to_restore(self, wanted: Wanted) -> PhoneNumber | None:
        """The number that the operator brings back at a release."""
        return self.numbers.to_restore(wanted, self.frozen_at)

    def release(self, number: PhoneNumber | None, now: datetime) -> Step["Account"]:
        """Release a frozen account, with this number bound."""
        if not self.is_frozen:
            return Step(self, refusal=Refusal.ACCOUNT_NOT_FROZEN)
        opened = replace(self, state=AccountState.ACTIVE, frozen_at=None, release_stopped_at=None, changed_at=now)
        released = replace(opened, numbers=self.numbers.release(number), password_link_id=None).forget_browsers(now)
        return Step(released, (Fact.ACCOUNT_RELEASED,))

    def change_password_by_mail(self, password_hash: str, now: datetime) -> Step["Account"]:
        """Set a new password by its hash, and remember that only the mailbox vouched for it."""
        if self.is_frozen:
            return Step(self, refusal=Refusal.ACCOUNT_FROZEN)
        changed = replace(self, password_hash=password_hash, password_mailed_at=now, password_link_id=None)
        return Step(replace(changed, changed_at=now).forget_browsers(now), (Fact.PASSWORD_CHANGED,))

    def forget_browsers(self, now: datetime) -> "Account":
        """Know no browser any more: whoever was the reason for this may have signed in from one, too."""
        return replace(self, browsers_forgotten_at=now)

    @property
    def has_password(self) -> bool:
        """True unless the account was entered without a password, and its owner hasn't chosen one yet."""
        return bool(self.password_hash)

    @property
    def password_rests_on_mailbox(self) -> bool:
        """True if the mailbox alone vouches for the password, so that it can't vouch a second time (NIST 3.1.3.1)."""
        return self.password_mailed_at is not None

    def doubts_password(self, now: datetime, doubted_for: timedelta) -> bool:
        """True if the mailbox has renewed the password so recently that a text doesn't show whose it is."""
        return self.password_mailed_at is not None and now < self.password_mailed_at + doubted_for

    def prove_password(self, proven: Proven, now: datetime, doubted_for: timedelta) -> "Account":
        """Clear the doubt about a mailed password, once a second factor was proven together with it.

        For some time it takes one that is stronger than a text and was there before: otherwise whoever has stolen a
        phone renews the password by the mail on it, and proves that by the text to it.
        """
        if self.password_mailed_at is None:
            return self
        is_shown = proven.is_stronger_and_older(self.password_mailed_at) or not self.doubts_password(now, doubted_for)
        return replace(self, password_mailed_at=None) if is_shown else self


# In place of accounts that aren't there; several, or a single lock would let a stranger tell them apart under load.
NOBODIES = tuple(f"{number:032x}" for number in range(256))
NOBODY = NOBODIES[0]
INSTALLATION = f"{len(NOBODIES):032x}"
"""In place of an account: its history keeps what an operator does that is about no account, or about all."""


def nobody_like(keyed_hash: bytes) -> str:
    """Choose the account that stands in for an unknown one, by a keyed hash: nobody knows which strangers share one."""
    return NOBODIES[keyed_hash[0]]


def is_nobody(account_id: str) -> bool:
    """True for the accounts that are nobody's."""
    return account_id.startswith(NOBODY[:-2])
