"""A phone number in E.164, which hides itself wherever it might be printed."""

import re
from dataclasses import dataclass

E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)

# Calling codes have one digit, two or three (ITU-T E.164.1); those with two are these.
CALLING_CODE = re.compile(
    r"\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A number that was parsed at the door (ITU-T E.164: plus sign, at most 15 digits)."""

    e164: str

    def __post_init__(self) -> None:
        assert E164.fullmatch(self.e164), "a phone number is parsed before it comes here"

    @property
    def masked(self) -> str:
        """The number as pages and mails show it, `+49 ••• ••• 766`: country, last three digits, not how long."""
        code = CALLING_CODE.match(self.e164)
        assert code, "every number has a calling code"
        return f"{code[0]} ••• ••• {self.e164[-3:]}"

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"


def masked(number: PhoneNumber | None) -> str:
    """Mask a number that may be absent; an absent one is an empty text."""
    return number.masked if number else ""
