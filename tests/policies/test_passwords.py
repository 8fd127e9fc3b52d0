"""Which new passwords are accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.policies.passwords import PasswordProblem, judge

SET_APART = "vurmix gapolde 27 trint"


def verdict_on(password: str, *context: str) -> PasswordProblem | None:
    return judge(password, minimum=8, maximum=128, context=context)


def test_eight_characters_are_enough_and_seven_are_not() -> None:
    assert verdict_on("vurmi9xg") is None
    assert verdict_on("vurmi9x") is PasswordProblem.TOO_SHORT
    assert verdict_on("") is PasswordProblem.TOO_SHORT


def test_128_characters_are_not_too_many_and_129_are() -> None:
    assert verdict_on((SET_APART * 9)[:127] + "#") is None
    assert verdict_on((SET_APART * 9)[:129]) is PasswordProblem.TOO_LONG


def test_length_is_counted_in_the_normal_form() -> None:
    assert verdict_on("vu\u0308a\u0308o\u0308x9") is PasswordProblem.TOO_SHORT
    assert verdict_on("ﬃﬃﬃk") is None  # a ligature is three letters


def test_no_composition_is_asked_for() -> None:
    assert verdict_on("vurmixgapolde") is None
    assert verdict_on("корабль-и-якорь") is None
    assert verdict_on("4471 9902 6683") is None


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1",
        "P@ssw0rd",
        "passw0rd123",
        "passwort2024!",
        "Sommer2024!",
        "hallo123",
        "hallowelt",
        "Hello World",
        "iloveyou",
        "trustno1",
        "qwertyuiop",
        "QWERTZUI",
        "qwer1234",
        "asdf1234",
        "1qaz2wsx",
        "1q2w3e4r5t",
        "yxcvbnm1",
        "12345678",
        "123456789",
        "87654321",
        "abcd1234",
        "11111111",
        "aaaaaaaa",
        "abcabcabc",
        "passwordpassword",
        "x9x9x9x9",
        "vur1vur1vur1",
        "01.01.1990",
        "19900101",
        "michael85",
        "Mueller1985",
        "Müller1985",
        "fußball1",
        "dragon123456789",
        "!@#$%^&*",
        "２０２４１２３４",  # noqa: RUF001
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert verdict_on(password) is PasswordProblem.TOO_COMMON


@pytest.mark.parametrize(
    "password",
    [
        SET_APART,
        "correct horse battery staple",
        "zug fenster apfel mond",
        "apfel mond tiger kaffee",
        "Tr0ub4dor&3",
        "dragon8472619",
        "kV9#mQ2$xL",
        "sonntags-gehen-wir-wandern",
        "michael trifft 85 gnus",
    ],
)
def test_what_is_hard_to_guess_is_accepted(password: str) -> None:
    assert verdict_on(password) is None


@pytest.mark.parametrize(
    "password",
    ["xaverine@kontor.example", "Xaverine1", "xaverine2031!", "kontor99", "Example Card 7", "examplecard"],
)
def test_what_an_attacker_knows_of_the_person_is_refused(password: str) -> None:
    context = ("xaverine.q@kontor.example", "Xaverine Quast", "Example Card")

    assert verdict_on(password, *context) is PasswordProblem.TOO_COMMON


def test_an_own_word_within_a_long_password_is_accepted() -> None:
    assert verdict_on("xaverine mag vurmix gern", "xaverine@kontor.example") is None
    assert verdict_on("annvurmi", "ann@x.example", "Ann") is None


def test_the_own_words_do_not_matter_for_anyone_else() -> None:
    assert verdict_on("xaverine2031!") is None


@given(password=st.text(max_size=200), context=st.tuples(st.text(), st.text()))
def test_every_entry_gets_a_verdict_and_the_same_each_time(password: str, context: tuple[str, ...]) -> None:
    assert verdict_on(password, *context) == verdict_on(password, *context)


def test_a_verdict_on_the_longest_entry_is_quick() -> None:
    for unit in ("a", "ab", "qwe", "password", "1q2w3e4r", "x9"):
        assert verdict_on((unit * 128)[:127] + "~") in {None, PasswordProblem.TOO_COMMON}
