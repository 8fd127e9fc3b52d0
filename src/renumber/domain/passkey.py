"""Passkeys: a key pair that an authenticator made for this service alone, and the rules that its answers must meet."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.typed.names import shortened

LONGEST_NAME = 40


class CeremonyPurpose(StrEnum):
    """The purpose of a ceremony; a challenge made for one serves no other."""

    ADD = "add"
    CONFIRM = "confirm"
    SIGN_IN = "sign-in"
    REAUTHENTICATE = "reauthenticate"

    @property
    def stands_alone(self) -> bool:
        """True if no password was given, so that the authenticator itself must have verified the person."""
        return self in (CeremonyPurpose.SIGN_IN, CeremonyPurpose.REAUTHENTICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new credential, as its authenticator describes it."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...]
    is_backup_eligible: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The content of an assertion whose signature was verified."""

    sign_count: int
    is_user_verified: bool
    is_backup_eligible: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One passkey of an account; of a removed one nothing is left but that it was there."""

    account_id: str
    passkey_id: str
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...]
    is_backup_eligible: bool
    is_backed_up: bool
    name: str = field(repr=False)
    made_at: datetime
    last_used_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 0

    def use(self, shown: Shown, purpose: CeremonyPurpose, now: datetime) -> Step["Passkey"]:
        """Accept an assertion whose signature was verified (WebAuthn section 7.2, steps 17 to 25)."""
        if purpose.stands_alone and not shown.is_user_verified:
            return Step(self, refusal=Refusal.PASSKEY_NOT_VERIFIED)
        if self.removed_at is not None or shown.is_backup_eligible is not self.is_backup_eligible:
            return Step(self, refusal=Refusal.WRONG_PASSKEY)
        if self._may_be_cloned(shown.sign_count):
            return Step(self, (Fact.PASSKEY_CLONED,), Refusal.PASSKEY_CLONED)
        return Step(replace(self, sign_count=shown.sign_count, is_backed_up=shown.is_backed_up, last_used_at=now))

    def _may_be_cloned(self, sign_count: int) -> bool:
        """A counter that doesn't grow may be that of a copy, unless it is one that never counts (section 6.1.1)."""
        return (sign_count, self.sign_count) != (0, 0) and sign_count <= self.sign_count

    def rename(self, name: str) -> Step["Passkey"]:
        """Call it something that its owner recognises; an empty name changes nothing."""
        chosen = name_of(name)
        if self.removed_at is not None:
            return Step(self, refusal=Refusal.PASSKEY_UNKNOWN)
        if not chosen or chosen == self.name:
            return Step(self)
        return Step(replace(self, name=chosen), (Fact.PASSKEY_RENAMED,))

    def remove(self, now: datetime) -> "Passkey":
        """Erase the key and everything else, and keep only the fact that it was there."""
        return replace(self, credential_id=b"", public_key=b"", transports=(), name="", removed_at=now)


def name_of(given: str) -> str:
    """A name as typed, on one line, without what can't be seen, and not too long."""
    return shortened(given, LONGEST_NAME)


def live(passkeys: Sequence[Passkey]) -> list[Passkey]:
    """The passkeys that were not removed, oldest first."""
    return sorted(
        (each for each in passkeys if each.removed_at is None), key=lambda each: (each.made_at, each.passkey_id)
    )
