"""The numbers that are accepted: parsed at the door, mobile, and in a country that is served."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber

CAN_TAKE_SMS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
LENGTH = {
    ValidationResult.TOO_SHORT: Refusal.NUMBER_TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Refusal.NUMBER_TOO_SHORT,
    ValidationResult.TOO_LONG: Refusal.NUMBER_TOO_LONG,
}


@dataclass(frozen=True, slots=True)
class NumberRules:
    """The countries that an operator serves, and the accounts that may share a number; no country named means all."""

    allowed_countries: tuple[str, ...] = ()
    default_country: str = "DE"
    accounts_per_number: int = 0


@dataclass(frozen=True, slots=True)
class Country:
    """A row of the country picker."""

    iso: str
    calling_code: int


def read_number(typed: str, country: str, rules: NumberRules) -> PhoneNumber | Refusal:
    """Read what a person typed, in national form for `country` or in E.164 with a plus sign."""
    if not any(character.isdigit() for character in typed):
        return Refusal.NUMBER_MISSING
    try:
        parsed = phonenumbers.parse(typed[:64], country)
    except NumberParseException as problem:
        short = problem.error_type == NumberParseException.TOO_SHORT_NSN
        return Refusal.NUMBER_TOO_SHORT if short else Refusal.NUMBER_NOT_VALID
    return judge_number(parsed, rules) or PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def judge_number(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    """Say why a number can't be used, however it was read: it gets no text message, or its country isn't served."""
    length = LENGTH.get(phonenumbers.is_possible_number_with_reason(parsed))
    if length:
        return length
    if not phonenumbers.is_valid_number(parsed):
        as_mobile = phonenumbers.is_possible_number_for_type_with_reason(parsed, PhoneNumberType.MOBILE)
        return LENGTH.get(as_mobile, Refusal.NUMBER_NOT_VALID)
    if phonenumbers.number_type(parsed) not in CAN_TAKE_SMS:
        return Refusal.NUMBER_NOT_MOBILE
    # Satellite and other international networks (+870, +881…) belong to no country, and a text there costs euros.
    if phonenumbers.region_code_for_number(parsed) not in (rules.allowed_countries or phonenumbers.SUPPORTED_REGIONS):
        return Refusal.NUMBER_COUNTRY_NOT_SERVED
    return None


def country_of(number: PhoneNumber | None, rules: NumberRules) -> str:
    """The country that the picker starts with."""
    if number is None:
        return rules.default_country
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number.e164, None))
    return region or rules.default_country


def written(number: PhoneNumber) -> str:
    """The number as people write it in its own country."""
    return phonenumbers.format_number(phonenumbers.parse(number.e164, None), PhoneNumberFormat.NATIONAL)


def in_full(number: PhoneNumber) -> str:
    """The number with its country code, grouped: `+49 1579 9887766`."""
    return phonenumbers.format_number(phonenumbers.parse(number.e164, None), PhoneNumberFormat.INTERNATIONAL)


def example_number(country: str) -> str:
    """An example of a mobile number of that country, in its national grouping."""
    example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    return phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL) if example else ""


@lru_cache(maxsize=8)
def countries(rules: NumberRules) -> tuple[Country, ...]:
    """Every country that can be picked."""
    served = rules.allowed_countries or sorted(phonenumbers.SUPPORTED_REGIONS)
    codes = _calling_codes()
    return tuple(Country(iso, codes[iso]) for iso in served if iso in codes)


def _calling_codes() -> dict[str, int]:
    """Calling codes by region, from the table that is always loaded: asking per region would load all metadata."""
    table = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return {region: code for code, regions in table.items() for region in regions}
