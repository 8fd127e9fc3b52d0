"""Names in any script are kept as their owners write them, and turn nothing around."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.typed.names import JOINERS, isolated, shortened, tidied
from renumber.policies.operator.account_texts import read_name

KEPT = [
    "Erika Muster",
    "علی\u200cرضا محمدی",  # Persian: without the joiner its letters join
    "ශ්\u200dරී ලංකා",  # Sinhala: without it another letter
    "क्\u200dष",
    "O’Connor-Śmith",
    "Дар’я",
    "王小明",
    "יוסף",
    "María José",
    "Nguyễn Văn Ánh",
    "ＪＯＨＮ",
    "👩\u200d🚀",
    "X Æ A-12",
    "山田\u3099",
    "ⵣⵉⵔⵉ",
    "Ø",
]


@pytest.mark.parametrize("name", KEPT)
def test_a_name_is_kept_with_its_joiners(name: str) -> None:
    assert read_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("  Erika \u3000 Muster\u00a0", "Erika Muster"),
        ("Erika\u2009Muster\u202fLang", "Erika Muster Lang"),
        ("Jose\u0301", "José"),
        ("\ufeffErika", "Erika"),
        ("Erika\u200b Mu\u00adster", "Erika Muster"),
        ("\u200fיוסף\u200e", "יוסף"),
        ("\u200cErika \u200dMuster\u200d", "Erika Muster"),
        ("Erika\u2060Muster", "ErikaMuster"),
        ("x" * 200, "x" * 200),
    ],
)
def test_spaces_become_one_and_what_is_not_seen_goes(given_name: str, name: str) -> None:
    assert read_name(given_name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u200d",
        "\u0301",
        "x" * 201,
        "Eva\nBcc: all",
        "Eva\tMuster",
        "Eva\x00",
        "Eva\x85B",
        "a\u2028b",
        "a\u2029b",
    ]
    + [f"Eva {mark}txet" for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"],
)
def test_control_characters_line_ends_and_what_turns_words_around_is_refused(name: str) -> None:
    assert read_name(name) is None


@given(st.text(max_size=300), st.integers(min_value=1, max_value=80))
def test_a_tidied_name_is_one_line_without_the_unseen_and_stays_so(given_name: str, most: int) -> None:
    name = shortened(given_name, most)

    unseen = {each for each in name if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")}
    assert unseen == set()
    assert len(name) <= most
    assert tidied(name) == name == name.strip(f" {JOINERS}")


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("Erika", "Erika"),
        ("", ""),
        ("יוסף", "\u2068יוסף\u2069"),
        ("Ali محمد", "\u2068Ali محمد\u2069"),
        ("\u0301a", "\u2068\u0301a\u2069"),
        ("王小明", "王小明"),
        ("\U0001e900", "\u2068\U0001e900\u2069"),
    ],
)
def test_a_name_that_would_turn_what_stands_beside_it_is_set_apart(name: str, apart: str) -> None:
    assert isolated(name) == apart
