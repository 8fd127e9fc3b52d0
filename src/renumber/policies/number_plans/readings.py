"""The readings of a number: what the picked country makes of it, and where that is no mobile number, what else may be
meant. Another one is taken if it is the only mobile number that the plans list.
"""

from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from renumber.domain.outcomes import Refusal
from renumber.policies.number_plans.kinds import is_slip, judge_listed
from renumber.policies.number_plans.spellings import respelled
from renumber.policies.number_plans.typed import calling_code_of, dialled, digits_after_plus, digits_of, parsed

PREFIX_IN_AMERICA = "011"  # from abroad, North America dials this in place of a double zero


def read(text: str, country: str) -> phonenumbers.PhoneNumber | Refusal:
    """Read a tidied text in the one way in which it is a mobile number, else as the picked country reads it."""
    first = parsed(text, country)
    if first is Refusal.NUMBER_HAS_EXTENSION or _is_mobile(first):
        return first
    found = dict(_others(text, country, first))
    return next(iter(found.values())) if len(found) == 1 else first


def _others(
    text: str, country: str, first: phonenumbers.PhoneNumber | Refusal
) -> Iterator[tuple[str, phonenumbers.PhoneNumber]]:
    is_written_so = _is_written_so(text, first)
    for digits in _behind_plus(text, country, first, is_written_so=is_written_so):
        meant = (
            set(respelled(digits, text)) if is_written_so else {digits, _without_zero(digits), *respelled(digits, text)}
        )
        for each in meant:
            number = _listed(each)
            if number:
                yield each, number


def _behind_plus(
    text: str, country: str, first: phonenumbers.PhoneNumber | Refusal, *, is_written_so: bool
) -> Iterator[str]:
    """Give the digits that may have been meant behind a plus."""
    digits, after = digits_of(text), digits_after_plus(text)
    own = str(phonenumbers.country_code_for_region(country) or "")
    abroad = dialled(text, country)
    if not isinstance(abroad, Refusal):
        yield _digits(abroad)
    if after:
        yield after
        return
    yield own + digits
    if digits.startswith(own):
        yield digits
    if not is_written_so and (isinstance(first, Refusal) or not is_slip(first)):
        yield digits
        yield digits.removeprefix(PREFIX_IN_AMERICA)


def _is_written_so(text: str, first: phonenumbers.PhoneNumber | Refusal) -> bool:
    """Tell whether people in its country write a listed number just like this."""
    if isinstance(first, Refusal) or not phonenumbers.is_valid_number(first):
        return False
    written = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164)
    own = digits_after_plus(text) or digits_of(text)
    return own in {digits_of(phonenumbers.format_number(first, each)) for each in written}


def _without_zero(digits: str) -> str:
    """Leave out a zero between calling code and number, or (0), where none belongs."""
    code = str(calling_code_of(digits))
    return code + digits[len(code) :].removeprefix("0")


def _listed(digits: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return None
    return number if _is_mobile(number) and _digits(number) == digits else None


def _is_mobile(number: phonenumbers.PhoneNumber | Refusal) -> bool:
    return not isinstance(number, Refusal) and phonenumbers.is_valid_number(number) and judge_listed(number) is None


def _digits(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
