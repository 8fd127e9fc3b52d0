"""The numbers that are accepted: parsed at the door, mobile, and in a country that is served."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.number_plans.kinds import judge_length, judge_listed, judge_unlisted

# Typed abroad or by habit, wherever the picked country itself would dial something else to get out (ITU-T E.123).
DOUBLE_ZERO = re.compile(r"\A\s*\(?00[\s./-]*(?=[1-9])")
LACKS_DIGITS = frozenset({NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD})
LONGEST_CALLING_CODE = 3


@dataclass(frozen=True, slots=True)
class NumberRules:
    """The countries that an operator serves, and the accounts that may share a number; no country named means all."""

    allowed_countries: tuple[str, ...] = ()
    default_country: str = "DE"
    accounts_per_number: int = 0


@dataclass(frozen=True, slots=True)
class Country:
    """A row of the country picker; a main one stands for its calling code where several countries share it."""

    iso: str
    calling_code: int
    is_main: bool


def read_number(typed: str, country: str, rules: NumberRules) -> PhoneNumber | Refusal:
    """Read what a person typed: in national form for `country`, or with a calling code after a plus or a double zero.

    A number that no plan lists is tried by sending, if it may be a mobile one.
    """
    parsed = _parsed(typed, country)
    if isinstance(parsed, Refusal):
        return parsed
    judge = judge_number if phonenumbers.is_valid_number(parsed) else _judge_unlisted
    return judge(parsed, rules) or PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def _parsed(typed: str, country: str) -> phonenumbers.PhoneNumber | Refusal:
    if not any(character.isdigit() for character in typed):
        return Refusal.NUMBER_MISSING
    region = country if country in phonenumbers.SUPPORTED_REGIONS else None
    try:
        return phonenumbers.parse(DOUBLE_ZERO.sub("+", typed[:64]), region)
    except NumberParseException as problem:
        return _why_unreadable(typed, problem.error_type)


def _why_unreadable(typed: str, error: int) -> Refusal:
    brought = _digits_after_plus(typed)
    if error == NumberParseException.INVALID_COUNTRY_CODE and brought:
        return Refusal.CALLING_CODE_UNKNOWN
    is_begun = error == NumberParseException.NOT_A_NUMBER and brought and len(brought) <= LONGEST_CALLING_CODE
    return Refusal.NUMBER_TOO_SHORT if error in LACKS_DIGITS or is_begun else Refusal.NUMBER_NOT_VALID


def _digits_after_plus(typed: str) -> str:
    """The digits of a number whose calling code was typed along; nothing for one in national form."""
    start, plus, after = DOUBLE_ZERO.sub("+", typed).replace("\uff0b", "+").partition("+")
    is_first = plus and not any(character.isdigit() for character in start)
    return "".join(character for character in after if character.isdecimal()) if is_first else ""


def judge_number(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    """Say why a number can't be used, however it was read: it gets no text message, or its country isn't served."""
    if not phonenumbers.is_valid_number(parsed):
        return judge_length(parsed) or judge_unlisted(parsed) or Refusal.NUMBER_NOT_VALID
    return judge_listed(parsed) or _judge_country(parsed, rules)


def _judge_unlisted(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    return judge_length(parsed) or judge_unlisted(parsed) or _judge_country(parsed, rules)


def _judge_country(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    """Satellite and other international networks (+870, +881…) belong to no country, and a text there costs euros."""
    is_served = _region(parsed) in (rules.allowed_countries or phonenumbers.SUPPORTED_REGIONS)
    return None if is_served else Refusal.NUMBER_COUNTRY_NOT_SERVED


def _region(parsed: phonenumbers.PhoneNumber) -> str:
    """The country of a number; of one that several under its calling code may have given out, the main one."""
    code = parsed.country_code or 0
    return phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(code)


def country_meant(typed: str, picked: str) -> str:
    """The country whose calling code was typed along; without one, and for one that belongs to none, the picked one."""
    parsed = _parsed(typed, picked)
    if isinstance(parsed, Refusal):
        code, region = _code_begun(typed), None
    else:
        code, region = parsed.country_code or 0, phonenumbers.region_code_for_number(parsed)
    if region is None and code != _calling_codes().get(picked):
        region = phonenumbers.region_code_for_country_code(code)
    return region if region in phonenumbers.SUPPORTED_REGIONS else picked


def _code_begun(typed: str) -> int:
    """The calling code of a number of which too little was typed to read it."""
    digits = _digits_after_plus(typed)
    begun = (int(digits[:length]) for length in range(1, LONGEST_CALLING_CODE + 1) if digits[length - 1 : length])
    known = (code for code in begun if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    return 0 if digits.startswith("0") else next(known, 0)


def country_of(number: PhoneNumber | None, rules: NumberRules) -> str:
    """The country that the picker starts with."""
    if number is None:
        return rules.default_country
    return _region(phonenumbers.parse(number.e164, None))


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
    main = {regions[0] for regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.values()}
    return tuple(Country(iso, codes[iso], iso in main) for iso in served if iso in codes)


def _calling_codes() -> dict[str, int]:
    """Calling codes by region, from the table that is always loaded: asking per region would load all metadata."""
    table = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return {region: code for code, regions in table.items() for region in regions}
