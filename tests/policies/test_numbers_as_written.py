"""Numbers as people write them at home, abroad and out of habit: taken where one mobile number can be meant."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.policies.number_plans.added import AddedPrefix
from renumber.policies.numbers import NumberRules, country_meant, read_number

ANY = NumberRules()
LARGEST = [
    "IN",
    "CN",
    "US",
    "ID",
    "PK",
    "NG",
    "BR",
    "BD",
    "RU",
    "MX",
    "JP",
    "ET",
    "PH",
    "EG",
    "VN",
    "CD",
    "TR",
    "IR",
    "DE",
    "TH",
    "TZ",
    "GB",
    "FR",
    "ZA",
    "IT",
    "KE",
    "MM",
    "CO",
    "KR",
    "UG",
    "SD",
    "ES",
    "DZ",
    "IQ",
    "AR",
    "AF",
    "YE",
    "CA",
    "PL",
    "MA",
]
ARABIC = {ord(str(digit)): chr(0x660 + digit) for digit in range(10)}


def spellings(country: str) -> tuple[PhoneNumber, dict[str, str]]:
    """A mobile number of a country, and what people type for it."""
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    plan = phonenumbers.PhoneMetadata.metadata_for_region(country)
    assert number
    assert plan
    code, own = str(number.country_code), phonenumbers.national_significant_number(number)
    written = {
        "at home": f"{plan.national_prefix or ''}{own}",
        "without its prefix": own,
        "plus": f"+{code} {own}",
        "plus in brackets": f"(+{code}) {own}",
        "double zero": f"00{code}{own}",
        "double zero, arabic digits": f"00{code}{own}".translate(ARABIC),
        "plus and double zero": f"+00{code} {own}",
        "double zero and plus": f"00 +{code} {own}",
        "as from America": f"011 {code} {own}",
        "without plus": f"{code}{own}",
        "without plus, spaced": f"{code} {own}",
        "label": f"Mobile: +{code}-{own}.",
        "link": f"tel:+{code}-{own}",
        "said beside": f"+{code} {own} (mobile)",
        "isolated": f"\u202a+{code}\u00a0{own}\u202c",
    }
    if country != "IT":  # where a zero before it makes it a landline
        zeros = {
            "zero in brackets": f"+{code} (0){own}",
            "zero": f"+{code}0{own}",
            "zero, no plus": f"{code} (0) {own}",
        }
        written |= zeros
    return PhoneNumber(phonenumbers.format_number(number, PhoneNumberFormat.E164)), written


@pytest.mark.parametrize("country", LARGEST)
def test_in_the_largest_countries_each_spelling_is_the_one_number(country: str) -> None:
    number, written = spellings(country)

    read = {name: read_number(typed, country, ANY) for name, typed in written.items()}
    meant = {name: country_meant(typed, country, ANY) for name, typed in written.items()}

    assert {name for name, found in read.items() if found != number} == set()
    assert set(meant.values()) == {country}


@pytest.mark.parametrize("country", sorted({*LARGEST} - {"DE", "CA"}))  # 1506… without plus is one in Germany as well
def test_what_brings_its_country_is_read_so_where_another_one_is_picked(country: str) -> None:
    number, written = spellings(country)

    for name in sorted({*written} - {"at home", "without its prefix"}):
        assert (name, read_number(written[name], "DE", ANY)) == (name, number)
        assert country_meant(written[name], "DE", ANY) == country


AS_WRITTEN = {
    "MX": {
        "+525512345678": [
            "+52 1 55 1234 5678",
            "044 55 1234 5678",
            "045 55 1234 5678",
            "01 55 1234 5678",
            "52 1 55 1234 5678",
            "+52 (1) 55 1234 5678",
            "00 52 1 55 1234 5678",
            "55 1234 5678",
        ],
    },
    "AR": {
        "+5491123456789": [
            "+54 9 11 2345 6789",
            "+54 11 2345-6789",
            "011 15 2345-6789",
            "11 15 2345 6789",
            "+54 9 11 15 2345 6789",
            "54 9 11 2345 6789",
            "9 11 2345 6789",
            "11 2345-6789",
            "0054 11 15 2345 6789",
        ],
        "+5492231234567": ["0223 15 123-4567", "+54 0223 15 123 4567"],
    },
    "BR": {
        "+5511987654321": [
            "(11) 98765-4321",
            "11 8765-4321",
            "+55 11 8765 4321",
            "0 15 11 98765-4321",
            "0xx11 98765-4321",
            "(0XX11) 98765-4321",
            "0 xx (11) 98765 4321",
            "+55 (011) 98765-4321",
            "55 11 98765 4321",
        ],
        "+5511991234567": ["11 9123-4567"],
        "+4915112345678": ["0014 49 151 12345678"],
    },
    "DE": {"+4915112345678": ["49 151 12345678", "4915112345678", "49 (0)151 12345678", "+49 (0) 151 / 12 34 56 78"]},
    "GB": {"+447400123456": ["+44 (0)7400 123456", "44 07400 123456", "(+44) 07400 123 456", "7400-123-456"]},
    "US": {"+12015550123": ["1 (201) 555-0123", "1.201.555.0123", "(201) 555\u20110123", "0111 201 555 0123"]},
    "RU": {"+79123456789": ["8 (912) 345-67-89", "+8 912 345 67 89", "7 912 345 67 89", "912 345-67-89"]},
    "VN": {
        "+84773456789": ["0122 345 6789", "+84 122 345 6789", "+84 0122 345 6789"],
        "+84381234567": ["0168 123 4567"],
    },
    "IT": {"+393331234567": ["0333 1234567", "+39 0333 1234567", "333/1234567", "39 333 1234567"]},
    "CO": {"+573001234567": ["03 300 1234567", "+57 0 300 1234567", "57 300 1234567"]},
    "TH": {"+66812345678": ["001 66 81 234 5678", "66 081 234 5678"]},
    "AT": {"+12015550123": ["1 201 555 0123"], "+447400123456": ["447400 123456"]},
}


@pytest.mark.parametrize(
    ("country", "typed", "number"),
    [(country, typed, e164) for country, by in AS_WRITTEN.items() for e164, all_ in by.items() for typed in all_],
)
def test_a_habit_is_seen_through(country: str, typed: str, number: str) -> None:
    assert read_number(typed, country, ANY) == PhoneNumber(number)


@pytest.mark.parametrize(
    ("country", "typed", "refusal"),
    [
        ("MX", "1 551 234 5678 9", Refusal.NUMBER_TOO_LONG),
        ("MX", "1 55 1234 5678", Refusal.NUMBER_TOO_LONG),  # with a plus it is one in New Jersey
        ("AR", "15 2345-6789", Refusal.NUMBER_NOT_MOBILE),  # without its area
        ("BR", "11 98765432", Refusal.NUMBER_TOO_SHORT),  # of nine digits the last is missing, or the first of eight
        ("BR", "98765-4321", Refusal.NUMBER_TOO_SHORT),
        ("BR", "0x11 98765-4321", Refusal.NUMBER_HAS_LETTERS),
        ("BR", "0xx11 98765-432x", Refusal.NUMBER_HAS_LETTERS),
        ("BR", "(47) 4321-1234", Refusal.NUMBER_NOT_MOBILE),  # a landline there, and with a plus one in Norway
        ("IT", "0331 123456", Refusal.NUMBER_NOT_MOBILE),  # a landline, and without its zero a mobile number
        ("IT", "336 1234567 8", Refusal.NUMBER_NOT_MOBILE),  # a digit too many, and no number in France
        ("DE", "030 123456", Refusal.NUMBER_NOT_MOBILE),
        ("US", "1-800-FLOWERS", Refusal.NUMBER_HAS_LETTERS),
        ("DE", "0151 HALLO", Refusal.NUMBER_HAS_LETTERS),
        ("DE", "0151 1234567O", Refusal.NUMBER_HAS_LETTERS),
        ("GB", "07400 three 456", Refusal.NUMBER_HAS_LETTERS),
        ("DE", "+49 151 12345678 x5", Refusal.NUMBER_HAS_EXTENSION),
        ("DE", "0151 12345678 Durchwahl 5", Refusal.NUMBER_HAS_EXTENSION),
        ("DE", "0151 12345678 ext. 5", Refusal.NUMBER_HAS_EXTENSION),
        ("RU", "8 912 345-67-89 доб. 5", Refusal.NUMBER_HAS_EXTENSION),
        ("US", "(201) 555-0123;ext=77", Refusal.NUMBER_HAS_EXTENSION),
        ("US", "(201) 555-0123 #77", Refusal.NUMBER_HAS_EXTENSION),
    ],
)
def test_what_has_no_reading_or_two_is_refused_with_its_reason(country: str, typed: str, refusal: Refusal) -> None:
    assert read_number(typed, country, ANY) is refusal


def test_an_operator_adds_mobile_numbers_that_are_newer_than_the_plans() -> None:
    added = NumberRules(added_prefixes=(AddedPrefix("4930999", 12), AddedPrefix("2290199", 14)))

    assert read_number("030 999 12345", "DE", ANY) is Refusal.NUMBER_NOT_MOBILE
    assert read_number("030 999 12345", "DE", added) == PhoneNumber("+493099912345")
    assert read_number("+229 01 99 12 34 567", "DE", added) == PhoneNumber("+22901991234567")
    assert read_number("030 999 1234", "DE", added) is Refusal.NUMBER_NOT_MOBILE
    assert (
        read_number("030 999 12345", "DE", NumberRules(allowed_countries=("AT",), added_prefixes=added.added_prefixes))
        is Refusal.NUMBER_COUNTRY_NOT_SERVED
    )
