"""Numbers that nobody sees as they were read: with their plus, or with their country, and nothing is guessed."""

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.numbers import NumberRules
from renumber.policies.operator.numbers_in_files import Unreadable, read_written_number

ANY = NumberRules()
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
MOBILES = {
    region: sample
    for region in REGIONS
    if (sample := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE))
}
each_region = pytest.mark.parametrize("region", sorted(MOBILES))


@pytest.mark.parametrize("preset", ["DE", "US", "GB", "IN"])
@pytest.mark.parametrize(
    "given", ["17185551234", "4915123456789", "0151 23456789", "0049 151 23456789", "15123456789", "7911123456"]
)
def test_without_plus_and_country_no_preset_makes_a_number_of_it(given: str, preset: str) -> None:
    assert read_written_number(given, "", NumberRules(default_country=preset)) is Unreadable.NO_PLUS


@pytest.mark.parametrize(
    ("given", "country", "e164"),
    [
        ("+17185551234", "", "+17185551234"),
        ("+1 (718) 555-1234", "", "+17185551234"),
        ("+4915123456789", "DE", "+4915123456789"),
        ("+49 151\u00a023456789", "de", "+4915123456789"),
        ("015123456789", "DE", "+4915123456789"),
        ("0151/23456789", "DE", "+4915123456789"),
        ("0049 151 23456789", "DE", "+4915123456789"),
        ("(718) 555-1234", "US", "+17185551234"),
        ("1 718 555 1234", "US", "+17185551234"),
        ("98765 43210", "IN", "+919876543210"),
        ("8 912 345 67 89", "RU", "+79123456789"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+44 7797 712345", "GB", "+447797712345"),
    ],
)
def test_what_can_be_read_in_one_way_is_read(given: str, country: str, e164: str) -> None:
    assert read_written_number(given, country, ANY) == PhoneNumber(e164)


@pytest.mark.parametrize(
    ("given", "country", "problem"),
    [
        ("17185551234", "DE", Unreadable.TWO_WAYS),
        ("4915123456789", "DE", Unreadable.TWO_WAYS),
        ("15123456789", "DE", Unreadable.TWO_WAYS),
        ("+17185551234", "DE", Unreadable.OTHER_COUNTRY),
        ("001 718 555 1234", "DE", Unreadable.OTHER_COUNTRY),
        ("+49 (0)151 23456789", "", Unreadable.OTHER_DIGITS),
        ("+49 0151 23456789", "DE", Unreadable.OTHER_DIGITS),
        ("4.9151E+12", "", Unreadable.OTHER_SIGNS),
        ("'+4915123456789", "", Unreadable.OTHER_SIGNS),
        ("=+4915123456789", "", Unreadable.OTHER_SIGNS),
        ("+4915123456789 ext. 5", "", Unreadable.OTHER_SIGNS),
        ("+4915123456789;+4915123456788", "", Unreadable.OTHER_SIGNS),
        ("+49 151 23456789 / +49 151 23456788", "", Unreadable.OTHER_SIGNS),
        ("++4915123456789", "", Unreadable.OTHER_SIGNS),
        ("٠١٥١١٢٣٤٥٦٧٨", "DE", Unreadable.OTHER_SIGNS),
        ("1-718-FLOWERS", "US", Unreadable.OTHER_SIGNS),
        ("+4915123456789", "GER", Unreadable.COUNTRY_UNKNOWN),
        ("015123456789", "Germany", Unreadable.COUNTRY_UNKNOWN),
        ("07911 123456", "UK", Unreadable.COUNTRY_UNKNOWN),
        ("015123456789", "49", Unreadable.COUNTRY_UNKNOWN),
        ("015123456789", "ZZ", Unreadable.COUNTRY_UNKNOWN),
        ("+4915", "", Refusal.NUMBER_TOO_SHORT),
        ("+49 30 123456", "", Refusal.NUMBER_NOT_MOBILE),
        ("+0049151", "", Refusal.NUMBER_NOT_VALID),
    ],
)
def test_what_can_not_is_said_with_its_reason(given: str, country: str, problem: Unreadable | Refusal) -> None:
    assert read_written_number(given, country, ANY) is problem


@each_region
def test_a_number_of_any_country_is_read_with_its_plus_and_in_its_own_national_form(region: str) -> None:
    e164, national = (
        phonenumbers.format_number(MOBILES[region], form)
        for form in (PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL)
    )

    read = read_written_number(e164, "", ANY)

    if isinstance(read, PhoneNumber):
        assert read.e164 == e164
        assert read_written_number(national, region, ANY) == read


@given(st.sampled_from(sorted(MOBILES)), st.text("0123456789", max_size=4), st.sampled_from(["", *REGIONS]))
@example("US", "", "DE")
def test_a_number_that_lost_its_plus_is_never_read_as_another(home: str, tail: str, column: str) -> None:
    """Whatever country stands beside it: the digits of E.164 make that number, or none."""
    digits = phonenumbers.format_number(MOBILES[home], PhoneNumberFormat.E164)[1:]
    digits = digits[: len(digits) - len(tail)] + tail
    assume(phonenumbers.is_valid_number(phonenumbers.parse("+" + digits)))

    read = read_written_number(digits, column, ANY)

    if isinstance(read, PhoneNumber) and read.e164 != f"+{digits}":
        own = phonenumbers.parse(read.e164)
        written = phonenumbers.format_number(own, PhoneNumberFormat.NATIONAL)
        assert "".join(filter(str.isdecimal, written)) == digits, "only what is just the national form of its country"


@given(st.text(max_size=60), st.sampled_from(["", "DE", "US", "ZZ", "\x00"]))
@example("+", "")
@example("+\ud800", "DE")
@example("+" + "1" * 39, "")
def test_no_text_breaks_the_reading(given_text: str, country: str) -> None:
    assert isinstance(read_written_number(given_text, country, ANY), PhoneNumber | Refusal | Unreadable)
