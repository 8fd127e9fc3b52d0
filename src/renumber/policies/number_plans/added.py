"""Mobile numbers that an operator adds, because they were given out after the numbering plans were written down."""

from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat

from renumber.domain.outcomes import Refusal


@dataclass(frozen=True, slots=True)
class AddedPrefix:
    """The first digits of such numbers behind the plus, calling code first, and how many they have in all."""

    begins: str
    digits: int


def is_added(number: phonenumbers.PhoneNumber | Refusal, added: Sequence[AddedPrefix]) -> bool:
    """True for a number of which an operator says that it is mobile."""
    if not added or isinstance(number, Refusal):
        return False
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
    return any(digits.startswith(each.begins) and len(digits) == each.digits for each in added)
