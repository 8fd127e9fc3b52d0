"""The file of mobile numbers that are newer than the numbering plans, of an operator who can't wait for those."""

import re
from pathlib import Path

from renumber.policies.number_plans.added import AddedPrefix
from renumber.policies.number_plans.typed import calling_code_of
from renumber.settings.joins.text_files import read_text

LARGEST = 64 * 1024  # bytes
LINE = re.compile(r"\+([1-9][0-9]{1,11})\s+([0-9]{1,2})")
LEAST, MOST = 7, 15  # digits behind the plus (ITU-T E.164)


def added_prefixes(given: str) -> tuple[AddedPrefix, ...]:
    """Read lines as `+22901 13`: how such numbers begin, and how many digits they have; `#` begins a remark."""
    lines = read_text(Path(given), LARGEST).splitlines()
    said = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    return tuple(_prefix(number, line) for number, line in said if line)


def _prefix(number: int, line: str) -> AddedPrefix:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"line {number} isn't a prefix and a number of digits, as +22901 13")
    begins, digits = found[1], int(found[2])
    if not calling_code_of(begins):
        raise ValueError(f"line {number} begins with no country code")
    if not max(LEAST, len(begins)) <= digits <= MOST:
        raise ValueError(f"line {number} must give {LEAST} to {MOST} digits in all, and more than it begins with")
    return AddedPrefix(begins, digits)
