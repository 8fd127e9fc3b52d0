"""The rules of recovery cases: how much each kind of evidence weighs, how much is needed, and how long it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from renumber.domain.support.case_evidence import EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase

WEIGHTS: Mapping[EvidenceKind, int] = MappingProxyType(
    {
        EvidenceKind.FACTOR: 4,
        EvidenceKind.DOCUMENT: 3,
        EvidenceKind.CALL_BACK: 2,
        EvidenceKind.COMPANY: 2,
        EvidenceKind.MAILBOX_CODE: 1,
        EvidenceKind.ACCOUNT_FACTS: 1,
        EvidenceKind.CALLER: 2,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRules:
    """The operator's choices for recovery cases."""

    weights: Mapping[EvidenceKind, int] = field(default_factory=lambda: WEIGHTS)
    needed: int = 4
    open_for: timedelta = timedelta(days=14)
    wait_with_factor: timedelta = timedelta(hours=24)
    wait_without_factor: timedelta = timedelta(hours=72)
    remind_every: timedelta = timedelta(hours=24)
    link_for: timedelta = timedelta(hours=24)


ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # what nobody mistakes for another, on the phone or on paper


def case_number(random: str) -> str:
    """The number of a case that people say, of 40 bits of a random id in hexadecimal digits."""
    bits = int(random[:10], 16)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(8))


def wait_for(rules: RecoveryRules, case: RecoveryCase, *, is_password_doubted: bool) -> timedelta:
    """The time that an approved case waits: longer where no factor was proven, and twice that after a mailed password.

    The mailbox would otherwise count twice: it has renewed the password, and it gets the link (NIST 3.1.3.1).
    """
    waits = rules.wait_with_factor if case.has_factor else rules.wait_without_factor
    return 2 * waits if is_password_doubted else waits


def written(number: str) -> str:
    """The number of a case in two groups, as it is read out."""
    return f"{number[:4]}-{number[4:]}"


def tell_every(rules: RecoveryRules, waits: timedelta) -> timedelta:
    """The time after which everybody is told again while a case waits: a day, or half of a shorter wait."""
    return min(rules.remind_every, waits / 2)
