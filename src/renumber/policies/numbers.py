"""The numbers that are accepted: parsed at the door, mobile, and in a country that is served."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.number_plans.added import AddedPrefix, is_added
from renumber.policies.number_plans.kinds import judge_length, judge_listed, judge_unlisted
from renumber.policies.number_plans.readings import read
from renumber.policies.number_plans.typed import code_begun, parsed, tidied


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRules:
    """The countries that an operator serves, and the accounts that may share a number; no country named means all.

    `added_prefixes` are of mobile numbers that are newer than the numbering plans.
    """

    allowed_countries: tuple[str, ...] = ()
    default_country: str = "DE"
    accounts_per_number: int = 0
    added_prefixes: tuple[AddedPrefix, ...] = ()


@dataclass(frozen=True, slots=True)
class Country:
    """A row of the country picker; a main one stands for its calling code where several countries share it."""

    iso: str
    calling_code: int
    is_main: bool


def read_number(typed: str, country: str, rules: NumberRules) -> PhoneNumber | Refusal:
    """Read what a person typed: in national form for `country`, or with a calling code before it.

    Habits and older plans are seen through where one mobile number alone can be meant. A number that no plan lists is
    tried by sending, if it may be a mobile one.
    """
    parsed = _read(typed, country, rules)
    if isinstance(parsed, Refusal):
        return parsed
    judge = judge_number if phonenumbers.is_valid_number(parsed) else _judge_unlisted
    return judge(parsed, rules) or PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def _read(typed: str, country: str, rules: NumberRules) -> phonenumbers.PhoneNumber | Refusal:
    text = tidied(typed)
    if isinstance(text, Refusal):
        return text
    first = parsed(text, country)
    return first if is_added(first, rules.added_prefixes) else read(text, country)


def judge_number(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    """Say why a number can't be used, however it was read: it gets no text message, or its country isn't served."""
    if is_added(parsed, rules.added_prefixes):
        return _judge_country(parsed, rules)
    if not phonenumbers.is_valid_number(parsed):
        return judge_length(parsed) or judge_unlisted(parsed) or Refusal.NUMBER_NOT_VALID
    return judge_listed(parsed) or _judge_country(parsed, rules)


def _judge_unlisted(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    """Leave out of account what the plans say of numbers that an operator has added."""
    unlisted = None if is_added(parsed, rules.added_prefixes) else judge_length(parsed) or judge_unlisted(parsed)
    return unlisted or _judge_country(parsed, rules)


def _judge_country(parsed: phonenumbers.PhoneNumber, rules: NumberRules) -> Refusal | None:
    """Satellite and other international networks (+870, +881…) belong to no country, and a text there costs euros."""
    is_served = _region(parsed) in (rules.allowed_countries or phonenumbers.SUPPORTED_REGIONS)
    return None if is_served else Refusal.NUMBER_COUNTRY_NOT_SERVED


def _region(parsed: phonenumbers.PhoneNumber) -> str:
    """The country of a number; of one that several under its calling code may have given out, the main one."""
    code = parsed.country_code or 0
    return phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(code)


def country_meant(typed: str, picked: str, rules: NumberRules) -> str:
    """The country whose calling code was typed along; without one, and for one that belongs to none, the picked one."""
    parsed = _read(typed, picked, rules)
    if isinstance(parsed, Refusal):
        text = tidied(typed)
        code, region = 0 if isinstance(text, Refusal) else code_begun(text), None
    else:
        code, region = parsed.country_code or 0, phonenumbers.region_code_for_number(parsed)
    if region is None and code != _calling_codes().get(picked):
        region = phonenumbers.region_code_for_country_code(code)
    return region if region in phonenumbers.SUPPORTED_REGIONS else picked


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
