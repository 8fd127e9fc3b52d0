"""A number as it was typed, before anything is made of it: its digits, and what the plans read in them."""

import re

import phonenumbers
from phonenumbers import NumberParseException

from renumber.domain.outcomes import Refusal
from renumber.domain.typed.codes import plain

# Typed abroad or by habit, wherever the picked country itself would dial something else to get out (ITU-T E.123).
DOUBLE_ZERO = re.compile(r"\A\s*\(?00[\s./-]*(?=[1-9])")
PLUS_TWICE = re.compile(r"\A\s*\(?(?:\+\s*00|00\s*\+)[\s./-]*(?=[1-9])")
# In Brazil the company that carries a call stands between the zero and the area code; xx leaves it open.
CARRIER_LEFT_OPEN = re.compile(r"\A\s*\(?0\s*[xX]{2}(?=[\s().-]*\d)")
LABEL = re.compile(r"\A[^\d+(]*")
LACKS_DIGITS = frozenset({NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD})
LONGEST_CALLING_CODE = 3
LONGEST = 64  # characters
A_NUMBER = 7  # digits: behind so many, letters and more digits are an extension


def tidied(typed: str) -> str | Refusal:
    """Leave out what can't be seen, words before and behind, and any spelling of digits but 0 to 9."""
    text = LABEL.sub(_without_words, plain(typed[:LONGEST]).replace("\uff0b", "+"))
    text = CARRIER_LEFT_OPEN.sub("0", text)
    if not any(character.isdigit() for character in text):
        return Refusal.NUMBER_MISSING
    head = "".join(_until_letters(text))
    tail = text[len(head) :]
    if not tail:
        return PLUS_TWICE.sub("+", text)
    if any(each.isdigit() for each in tail) and len(digits_of(head)) >= A_NUMBER:
        return Refusal.NUMBER_HAS_EXTENSION
    is_said_beside = head.endswith((" ", "(")) and len(digits_of(head)) >= A_NUMBER
    return PLUS_TWICE.sub("+", head) if is_said_beside else Refusal.NUMBER_HAS_LETTERS


def _without_words(label: re.Match[str]) -> str:
    return "" if any(each.isalpha() for each in label[0]) else label[0]


def _until_letters(text: str) -> list[str]:
    at = next((place for place, each in enumerate(text) if each.isalpha()), len(text))
    return list(text[:at])


def digits_of(text: str) -> str:
    """The digits alone."""
    return "".join(each for each in text if each.isdecimal())


def parsed(text: str, country: str) -> phonenumbers.PhoneNumber | Refusal:
    """Read a tidied text as the plans do: in national form for the country, or after a plus or a double zero."""
    return _parsed(DOUBLE_ZERO.sub("+", text), text, country)


def dialled(text: str, country: str) -> phonenumbers.PhoneNumber | Refusal:
    """Read it as it would be dialled in the country, where a double zero may be the beginning of a longer prefix."""
    return _parsed(text, text, country)


def _parsed(text: str, typed: str, country: str) -> phonenumbers.PhoneNumber | Refusal:
    region = country if country in phonenumbers.SUPPORTED_REGIONS else None
    try:
        found = phonenumbers.parse(text, region)
    except NumberParseException as problem:
        return _why_unreadable(typed, problem.error_type)
    return Refusal.NUMBER_HAS_EXTENSION if found.extension else found


def _why_unreadable(text: str, error: int) -> Refusal:
    brought = digits_after_plus(text)
    if error == NumberParseException.INVALID_COUNTRY_CODE and brought:
        return Refusal.CALLING_CODE_UNKNOWN
    is_begun = error == NumberParseException.NOT_A_NUMBER and brought and len(brought) <= LONGEST_CALLING_CODE
    return Refusal.NUMBER_TOO_SHORT if error in LACKS_DIGITS or is_begun else Refusal.NUMBER_NOT_VALID


def digits_after_plus(text: str) -> str:
    """The digits of a number whose calling code was typed along; nothing for one in national form."""
    start, plus, after = DOUBLE_ZERO.sub("+", text).partition("+")
    return digits_of(after) if plus and not digits_of(start) else ""


def code_begun(text: str) -> int:
    """The calling code of a number of which too little was typed to read it."""
    return calling_code_of(digits_after_plus(text))


def calling_code_of(digits: str) -> int:
    """The calling code with which digits begin; 0 for none."""
    begun = (int(digits[:length]) for length in range(1, LONGEST_CALLING_CODE + 1) if digits[length - 1 : length])
    known = (code for code in begun if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    return 0 if digits.startswith("0") else next(known, 0)
