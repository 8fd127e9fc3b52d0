"""Codes in any digits and with anything around them are one code; what holds none or two holds none."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.recovery_codes import code_in
from renumber.domain.typed.codes import digits_in, plain
from tests.domain.typed_codes import NO_CODES, SPELLINGS, Spell

RECOVERY = "CDFH-4679-XYWV-JKMN"


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_is_the_code(spell: Spell) -> None:
    assert digits_in(spell("120986"), 6) == "120986"


@pytest.mark.parametrize("typed", NO_CODES.values(), ids=NO_CODES)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert digits_in(typed, 6) == ""


@pytest.mark.parametrize(("lengths", "code"), [((6, 18), "123456123456123456"), ((3,), "042"), ((2,), "07")])
def test_codes_of_other_lengths_are_read_by_the_same_rule(lengths: tuple[int, ...], code: str) -> None:
    for spell in SPELLINGS.values():
        if "10 min" not in (said := spell(code)):  # that message holds another number of this length
            assert digits_in(said, *lengths) == code


def test_each_decimal_digit_that_unicode_has_is_one() -> None:
    digits = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"]

    assert len(digits) >= 650
    assert all(plain(each) == str(unicodedata.digit(each)) for each in digits)


@given(st.text(), st.text(max_size=8))
def test_what_comes_back_is_a_code_of_the_length_or_nothing(before: str, after: str) -> None:
    found = digits_in(f"{before}120986{after}", 6)

    assert found == "" or (len(found) == 6 and found.isascii() and found.isdigit())


@pytest.mark.parametrize(
    "typed",
    [
        RECOVERY,
        RECOVERY.lower(),
        RECOVERY.replace("-", ""),
        RECOVERY.replace("-", "\u2011"),
        RECOVERY.replace("-", "\u2009"),
        f"3. {RECOVERY}",
        f"Wiederherstellungscode: {RECOVERY}.",
        f"\u2067{RECOVERY}\u2069",
        "\ufeff" + "\u200b".join(RECOVERY),
        "".join(chr(ord(each) + 0xFEE0) for each in RECOVERY),
        RECOVERY.replace("4679", "\u0664\u0666\u0667\u0669"),
    ],
)
def test_every_spelling_of_a_recovery_code_is_the_code(typed: str) -> None:
    assert code_in(typed) == RECOVERY.replace("-", "")


@pytest.mark.parametrize("typed", ["", RECOVERY[:-1], f"{RECOVERY}\n{RECOVERY[::-1]}", "code", f"{RECOVERY}X"])
def test_what_is_no_recovery_code_is_none(typed: str) -> None:
    assert code_in(typed) == ""
