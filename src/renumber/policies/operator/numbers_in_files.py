"""Numbers in files and arguments, where nobody sees how they were read: E.164 with its plus, or with their country.

Nothing is guessed: 17185551234 is a number in New York and one in Germany, and a code to the wrong one goes to a
stranger. A person who types into a form picks the country, sees the number in full and can mend it.
"""

import re
from enum import Enum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.numbers import NumberRules, judge_number

SEPARATED = re.compile(r"\+?[0-9 \u00a0().\-/]{1,40}")


class Unreadable(Enum):
    """The reason why it isn't clear which number is meant."""

    OTHER_SIGNS = "other_signs"
    NO_PLUS = "no_plus"
    OTHER_DIGITS = "other_digits"
    COUNTRY_UNKNOWN = "country_unknown"
    OTHER_COUNTRY = "other_country"
    TWO_WAYS = "two_ways"


def read_written_number(given: str, country: str, rules: NumberRules) -> PhoneNumber | Refusal | Unreadable:
    """Read E.164 with its plus or, beside a country (ISO 3166 alpha-2), what people write there; the digits stay."""
    if not SEPARATED.fullmatch(given):
        return Unreadable.OTHER_SIGNS
    region = country.upper()
    if region and region not in phonenumbers.SUPPORTED_REGIONS:
        return Unreadable.COUNTRY_UNKNOWN
    if given.startswith("+"):
        return _with_plus(given, region, rules)
    return _national(given, region, rules) if region else Unreadable.NO_PLUS


def _with_plus(given: str, region: str, rules: NumberRules) -> PhoneNumber | Refusal | Unreadable:
    """Read E.164, whose digits are the number: a zero that may or may not be dialled is read in two ways."""
    parsed = _parsed(given, None)
    if parsed is None:
        return Refusal.NUMBER_NOT_VALID
    if region and parsed.country_code != phonenumbers.country_code_for_region(region):
        return Unreadable.OTHER_COUNTRY
    refusal = judge_number(parsed, rules)
    if refusal:
        return refusal
    number = _e164(parsed)
    return number if number.e164 == "+" + _digits(given) else Unreadable.OTHER_DIGITS


def _national(given: str, region: str, rules: NumberRules) -> PhoneNumber | Refusal | Unreadable:
    parsed = _parsed(given, region)
    if parsed is None:
        return Refusal.NUMBER_NOT_VALID
    if parsed.country_code != phonenumbers.country_code_for_region(region):
        return Unreadable.OTHER_COUNTRY
    if _digits(given) != _digits(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)):
        other = _parsed("+" + given, None)
        if other and other != parsed and phonenumbers.is_valid_number(other):
            return Unreadable.TWO_WAYS
    return judge_number(parsed, rules) or _e164(parsed)


def _parsed(given: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(given, region)
    except NumberParseException:
        return None


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _e164(parsed: phonenumbers.PhoneNumber) -> PhoneNumber:
    return PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))
