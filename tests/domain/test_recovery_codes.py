"""Recovery codes: strong enough, easy to read and to type, each good once."""

from math import log2
from secrets import token_hex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal
from renumber.domain.recovery_codes import COUNT, LENGTH, LETTERS, RecoveryCodes, keep_codes, make_codes
from tests.builders import ACCOUNT, NOON, seconds

LOOK_ALIKES = ("0O", "1IL", "2Z", "5S", "8B", "UV", "6G")
CODES = make_codes([token_hex(16) for _ in range(COUNT)])


def kept(codes: list[str] = CODES) -> RecoveryCodes:
    return keep_codes(ACCOUNT, codes, b"salt", over=None, now=NOON)


def test_a_code_holds_at_least_64_bits() -> None:
    assert log2(len(LETTERS) ** LENGTH) >= 64


def test_no_letter_looks_like_another_and_no_code_makes_a_word() -> None:
    assert len(set(LETTERS)) == len(LETTERS)
    for group in LOOK_ALIKES:
        assert len(set(group) & set(LETTERS)) <= 1, group
    assert not set("AEIOU") & set(LETTERS)


def test_a_code_is_written_in_four_groups_of_four() -> None:
    for code in CODES:
        assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]


@given(st.lists(st.integers(0, 2**128 - 1), min_size=2, max_size=2, unique=True))
def test_other_randomness_makes_another_code(random: list[int]) -> None:
    first, second = (number % len(LETTERS) ** LENGTH for number in random)

    codes = make_codes([f"{number:032x}" for number in random])

    assert (codes[0] == codes[1]) is (first == second)


@pytest.mark.parametrize(
    "written", [str.lower, str.upper, lambda code: code.replace("-", ""), lambda code: f" {code} "]
)
def test_case_dashes_and_spaces_are_forgiven(written: object) -> None:
    assert callable(written)
    assert kept().use(written(CODES[3]), NOON).refusal is None


def test_each_code_works_once_and_the_others_still_do() -> None:
    codes = kept()
    for turn, code in enumerate(CODES):
        step = codes.use(code, NOON + seconds(turn))
        assert (step.refusal, step.facts, step.state.left) == (None, (Fact.RECOVERY_CODE_USED,), COUNT - 1 - turn)
        codes = step.state
        assert codes.use(code, NOON).refusal is Refusal.WRONG_CODE


@pytest.mark.parametrize(
    "given_code",
    ["", "-", "AAAA-AAAA-AAAA-AAAA", CODES[0][:-1], CODES[0] + "3", "ß" * 70],
    ids=["nothing", "a dash", "another", "too short", "too long", "another alphabet"],
)
def test_nothing_else_is_taken(given_code: str) -> None:
    assert kept().use(given_code, NOON).refusal is Refusal.WRONG_CODE


def test_neither_a_code_nor_a_plain_digest_of_it_is_kept_and_a_removed_set_keeps_nothing() -> None:
    other = keep_codes(ACCOUNT, CODES, b"another salt", over=None, now=NOON)

    assert not set(kept().digests) & set(other.digests)
    assert (kept().remove().digests, kept().remove().salt) == ((), b"")
    assert kept().remove().use(CODES[0], NOON).refusal is Refusal.WRONG_CODE
