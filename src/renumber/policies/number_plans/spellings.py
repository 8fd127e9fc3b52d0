"""Other spellings of a number: what people dial, wrote before a plan was changed, or add by habit."""

import re
from collections.abc import Iterator

VIETNAM = {
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    "186": "56",
    "188": "58",
    "199": "59",
}
# What may stand behind the plus, and what is meant by it.
RULES = tuple(
    (re.compile(pattern, re.ASCII), meant)
    for pattern, meant in (
        # Mexico until 2020: 1 from abroad; 044, 045 and 01 within the country.
        (r"52(?:0?4[45]|0?1)(\d{10})", r"52\1"),
        # Argentina: 9 from abroad or 15 behind the area code within the country, and never both.
        (r"540?([1-3]\d{9})", r"549\1"),
        (r"549?0?(\d{2})15(\d{8})", r"549\1\2"),
        (r"549?0?(\d{3})15(\d{7})", r"549\1\2"),
        (r"549?0?(\d{4})15(\d{6})", r"549\1\2"),
        # Brazil since 2016: 9 before the eight digits of a mobile number; those that begin with 9 may lack their last.
        (r"550?([1-9]{2})([678]\d{7})", r"55\g<1>9\2"),
        # Vietnam since 2018: ten digits instead of eleven.
        (r"840?16([2-9]\d{7})", r"843\1"),
        *((rf"840?{before}(\d{{7}})", rf"84{now}\1") for before, now in VIETNAM.items()),
        # Russia and Kazakhstan: the 8 that is dialled within the country, behind a plus.
        (r"8([79]\d{9})", r"7\1"),
    )
)
FOUR_AND_FOUR = re.compile(r"(?:\D|\A)9\d{3}[ .-]+\d{4}\s*\Z", re.ASCII)
EIGHT_IN_BRAZIL = re.compile(r"550?([1-9]{2})(9\d{7})", re.ASCII)


def respelled(digits: str, text: str) -> Iterator[str]:
    """Give what the digits behind a plus may mean by these habits; `text` is how they were grouped."""
    for pattern, meant in RULES:
        if pattern.fullmatch(digits):
            yield pattern.sub(meant, digits)
    whole = EIGHT_IN_BRAZIL.fullmatch(digits)
    if whole and FOUR_AND_FOUR.search(text):
        yield f"55{whole[1]}9{whole[2]}"
