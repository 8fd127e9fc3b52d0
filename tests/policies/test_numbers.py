"""Which numbers are taken, however they are typed; and what is said of the others."""

from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.number_plans.kinds import CAN_TAKE_SMS
from renumber.policies.numbers import (
    NumberRules,
    countries,
    country_meant,
    country_of,
    example_number,
    in_full,
    read_number,
)

ANY = NumberRules()
FULL_WIDTH = {ord(digit): chr(0xFF10 + int(digit)) for digit in "0123456789"}
GERMAN = PhoneNumber("+4915112345678")


@pytest.mark.parametrize(
    "typed",
    [
        "0151 12345678",
        "015112345678",
        "0151-123 456 78",
        "(0151) 12345678",
        "0151/12345678",
        "1511 2345678",
        "+49 151 12345678",
        "+49 (0) 151 12345678",
        "0049 151 12345678",
        "tel:+4915112345678",
        "  0151\u00a01234\u200b5678\t",
        "٠١٥١١٢٣٤٥٦٧٨",
        "0151 12345678".translate(FULL_WIDTH),
        "+49 151 12345678".translate(FULL_WIDTH),
    ],
)
def test_one_number_is_read_from_every_way_of_writing_it(typed: str) -> None:
    assert read_number(typed, "DE", ANY) == GERMAN


@pytest.mark.parametrize("picked", ["DE", "AT", "US", "JP"])
def test_a_pasted_number_with_plus_sign_brings_its_own_country(picked: str) -> None:
    assert read_number("+43 664 1234567", picked, ANY) == PhoneNumber("+436641234567")


@pytest.mark.parametrize("picked", ["DE", "AT", "US", "JP", "AU", "BR", "RU", "SG"])
@pytest.mark.parametrize(
    "typed", ["+43 664 1234567", "0043 664 1234567", "+43 0664 1234567", "+43 (0)664 1234567", "00 43/664-123 4567"]
)
def test_a_number_with_its_calling_code_is_read_the_same_whichever_country_is_picked(typed: str, picked: str) -> None:
    assert read_number(typed, picked, ANY) == PhoneNumber("+436641234567")
    assert country_meant(typed, picked, ANY) == "AT"


@pytest.mark.parametrize(
    ("typed", "picked", "country"),
    [
        ("+43", "DE", "AT"),
        ("+43 6", "DE", "AT"),
        ("0043", "DE", "AT"),
        ("0664 1234567", "DE", "DE"),
        ("0664 1234567", "AT", "AT"),
        ("011 43 664 1234567", "US", "AT"),
        ("+1 416", "CA", "CA"),
        ("+1 416", "DE", "US"),
        ("+1 868 291 1234", "US", "TT"),
        ("+7 700 123 4567", "RU", "KZ"),
        ("+44 7797 712345", "GB", "JE"),
        ("+999 123", "DE", "DE"),
        ("+870 773 111 632", "DE", "DE"),
        ("", "DE", "DE"),
        ("my number", "DE", "DE"),
    ],
)
def test_a_calling_code_that_was_typed_says_which_country_is_meant(typed: str, picked: str, country: str) -> None:
    assert country_meant(typed, picked, ANY) == country


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_what_is_national_in_one_country_is_read_there_after_a_number_with_plus_has_named_it(region: str) -> None:
    """A number with its plus is refused, its country is picked, and the number is mended in national form."""
    typed = example_number(region)
    number = read_number(typed, region, ANY) if typed else Refusal.NUMBER_NOT_MOBILE
    if isinstance(number, Refusal):
        return

    named = country_meant(number.e164[:-2], "DE" if region != "DE" else "US", ANY)

    assert read_number(typed, named, ANY) == number


@pytest.mark.parametrize(
    "typed",
    [
        "+1 212 100 1234",  # an exchange that begins with one
        "+1 999 555 1234",  # an area code that nobody has yet
        "+44 7222 000000",
        "0194 1234567",
        "+886 9 1234 5678",
        "+54 9 11 2345 6789",
    ],
)
def test_a_number_of_a_new_range_or_an_unsure_kind_is_tried(typed: str) -> None:
    assert isinstance(read_number(typed, "DE", ANY), PhoneNumber)


def test_a_number_of_a_new_range_is_tried_in_the_countries_that_are_served_alone() -> None:
    assert (
        read_number("+1 999 555 1234", "DE", NumberRules(allowed_countries=("DE",)))
        is Refusal.NUMBER_COUNTRY_NOT_SERVED
    )
    assert isinstance(read_number("+1 999 555 1234", "DE", NumberRules(allowed_countries=("US",))), PhoneNumber)


def of_other_kinds() -> Iterator[tuple[str, phonenumbers.PhoneNumber]]:
    """Give each country's example of every kind that can take no SMS."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            sample = phonenumbers.example_number_for_type(region, kind)
            if sample and phonenumbers.number_type(sample) not in {*CAN_TAKE_SMS, PhoneNumberType.UNKNOWN}:
                yield region, sample


def test_beside_a_landline_or_premium_number_none_is_tried_that_is_not_listed() -> None:
    """Every country's numbers of every other kind, with other last digits."""
    tried = []
    for region, sample in of_other_kinds():
        for digit in "0379":
            digits = phonenumbers.national_significant_number(sample)[:-3] + digit * 3
            typed = f"+{sample.country_code}{digits}"
            read = read_number(typed, region, ANY)  # of Argentina, with the 9 that makes it a mobile number
            if (
                isinstance(read, PhoneNumber)
                and phonenumbers.number_type(phonenumbers.parse(read.e164)) not in CAN_TAKE_SMS
            ):
                tried.append(typed)

    assert tried == []


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", Refusal.NUMBER_MISSING),
        ("   ", Refusal.NUMBER_MISSING),
        ("+", Refusal.NUMBER_MISSING),
        ("my number", Refusal.NUMBER_MISSING),
        ("0", Refusal.NUMBER_NOT_VALID),
        ("²³", Refusal.NUMBER_NOT_VALID),
        ("112", Refusal.NUMBER_TOO_SHORT),
        ("0151 1234", Refusal.NUMBER_TOO_SHORT),
        ("+49 151 1234567899999", Refusal.NUMBER_TOO_LONG),
        ("0" * 500, Refusal.NUMBER_NOT_VALID),
        ("+49" + "1" * 300, Refusal.NUMBER_NOT_VALID),
        ("+999 123456789", Refusal.CALLING_CODE_UNKNOWN),
        ("00999 123456789", Refusal.CALLING_CODE_UNKNOWN),
        ("+0 151 12345678", Refusal.CALLING_CODE_UNKNOWN),
        ("+43", Refusal.NUMBER_TOO_SHORT),
        ("0151 2345ABC", Refusal.NUMBER_HAS_LETTERS),
        ("0151 1234567", Refusal.NUMBER_TOO_SHORT),
        ("030 123456", Refusal.NUMBER_NOT_MOBILE),
        ("0800 1234567", Refusal.NUMBER_NOT_MOBILE),
        ("0900 1234567", Refusal.NUMBER_NOT_MOBILE),
        ("0137 1234567", Refusal.NUMBER_NOT_MOBILE),
        ("0700 12345678", Refusal.NUMBER_NOT_MOBILE),
        ("+1 800 555 0199", Refusal.NUMBER_NOT_MOBILE),
        ("+44 70 1234 5678", Refusal.NUMBER_NOT_MOBILE),
    ],
)
def test_what_takes_no_text_message_is_refused_with_its_reason(typed: str, refusal: Refusal) -> None:
    assert read_number(typed, "DE", ANY) is refusal


@pytest.mark.parametrize("typed", ["+870 773 111 632", "+881 612 345 678"])
def test_satellite_phones_are_no_country(typed: str) -> None:
    assert isinstance(read_number(typed, "DE", ANY), Refusal)


def test_only_the_countries_that_an_operator_serves_are_taken() -> None:
    rules = NumberRules(allowed_countries=("DE", "AT"))

    assert read_number("0151 12345678", "DE", rules) == GERMAN
    assert read_number("+43 664 1234567", "DE", rules) == PhoneNumber("+436641234567")
    assert read_number("+41 78 123 45 67", "DE", rules) is Refusal.NUMBER_COUNTRY_NOT_SERVED


def test_neighbours_under_one_calling_code_are_told_apart() -> None:
    rules = NumberRules(allowed_countries=("CA",))

    assert read_number("+1 506 234 5678", "US", rules) == PhoneNumber("+15062345678")
    assert read_number("+1 201 555 0123", "US", rules) is Refusal.NUMBER_COUNTRY_NOT_SERVED


@given(st.text(max_size=300), st.sampled_from(["DE", "US", "ZZ", "", "de", "\x00"]))
@example("+", "DE")
@example("\ud800 0151 12345678", "DE")
def test_no_text_breaks_the_reading(typed: str, country: str) -> None:
    assert isinstance(read_number(typed, country, ANY), PhoneNumber | Refusal)
    assert country_meant(typed, country, ANY) in {country, *phonenumbers.SUPPORTED_REGIONS}


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_example_of_each_country_is_read_under_its_calling_code_or_is_no_mobile_number(region: str) -> None:
    typed = example_number(region)

    number = read_number(typed, region, ANY) if typed else Refusal.NUMBER_NOT_MOBILE

    if number is not Refusal.NUMBER_NOT_MOBILE:
        assert isinstance(number, PhoneNumber)
        assert number.e164.startswith(f"+{phonenumbers.country_code_for_region(region)}")


def test_the_picker_starts_with_the_country_of_the_number() -> None:
    assert country_of(PhoneNumber("+436641234567"), ANY) == "AT"
    assert country_of(None, NumberRules(default_country="CH")) == "CH"


def test_a_number_is_written_in_full_with_its_country_code_and_grouped() -> None:
    assert in_full(PhoneNumber("+4915799887766")) == "+49 1579 9887766"


def test_the_picker_starts_with_a_country_also_for_a_number_of_a_new_range() -> None:
    assert country_of(PhoneNumber("+19995551234"), ANY) == "US"


def test_the_picker_lists_what_is_served_with_its_calling_code() -> None:
    assert [(one.iso, one.calling_code) for one in countries(NumberRules(allowed_countries=("AT", "DE")))] == [
        ("AT", 43),
        ("DE", 49),
    ]
    assert {one.iso for one in countries(ANY)} == set(phonenumbers.SUPPORTED_REGIONS)
