"""The kinds of numbers: which may take a text message, also of those that the numbering plans don't list yet."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, ValidationResult

from renumber.domain.outcomes import Refusal

CAN_TAKE_SMS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
LENGTH = {
    ValidationResult.TOO_SHORT: Refusal.NUMBER_TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Refusal.NUMBER_TOO_SHORT,
    ValidationResult.TOO_LONG: Refusal.NUMBER_TOO_LONG,
}
DIGITS = "0123456789"
NO_KIND = PhoneNumberType.UNKNOWN


def judge_length(parsed: phonenumbers.PhoneNumber) -> Refusal | None:
    """Say whether no number of its country has this length."""
    return LENGTH.get(phonenumbers.is_possible_number_with_reason(parsed))


def judge_listed(parsed: phonenumbers.PhoneNumber) -> Refusal | None:
    """Say why a number that the numbering plans list takes no text message."""
    return None if phonenumbers.number_type(parsed) in CAN_TAKE_SMS else Refusal.NUMBER_NOT_MOBILE


def judge_unlisted(parsed: phonenumbers.PhoneNumber) -> Refusal | None:
    """Say why a number that no plan lists can't be tried: new ranges are given out before a library knows them.

    Its length has to be that of a mobile number there, and the listed numbers that begin most like it must not all be
    landlines or premium ones.
    """
    as_mobile = phonenumbers.is_possible_number_for_type_with_reason(parsed, PhoneNumberType.MOBILE)
    if as_mobile != ValidationResult.IS_POSSIBLE:
        return LENGTH.get(as_mobile, Refusal.NUMBER_NOT_VALID)
    code, digits = parsed.country_code or 0, phonenumbers.national_significant_number(parsed)
    return _lacks_or_has_too_many(code, digits) or _kind_of_the_likest(code, digits)


def is_slip(parsed: phonenumbers.PhoneNumber) -> bool:
    """True for a listed mobile number of which some last digits are missing, or that has some more."""
    code, digits = parsed.country_code or 0, phonenumbers.national_significant_number(parsed)
    return _lacks_or_has_too_many(code, digits) is not None


def _lacks_or_has_too_many(code: int, digits: str) -> Refusal | None:
    """A listed mobile number that lacks its last digits, or has some more, is a slip and no new range."""
    longer = {digits + each * lacking for each in DIGITS for lacking in (1, 2)}
    if CAN_TAKE_SMS & _kinds(code, longer):
        return Refusal.NUMBER_TOO_SHORT
    return Refusal.NUMBER_TOO_LONG if CAN_TAKE_SMS & _kinds(code, {digits[:-1], digits[:-2]}) else None


def _kind_of_the_likest(code: int, digits: str) -> Refusal | None:
    for same in range(len(digits) - 1, 0, -1):
        kinds = _kinds(code, {digits[:same] + each * (len(digits) - same) for each in DIGITS})
        if kinds:
            return None if kinds & CAN_TAKE_SMS else Refusal.NUMBER_NOT_MOBILE
    return None


def _kinds(code: int, numbers: set[str]) -> set[int]:
    """The kinds of those that are listed."""
    return {_kind(code, digits) for digits in numbers} - {NO_KIND}


def _kind(code: int, digits: str) -> int:
    try:
        return phonenumbers.number_type(phonenumbers.parse(f"+{code}{digits}"))
    except NumberParseException:
        return NO_KIND
