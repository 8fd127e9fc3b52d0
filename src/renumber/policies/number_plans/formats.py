"""The grouping of the numbers of a country, in rules so plain that a browser groups by them while somebody types."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata

GROUP = re.compile(r"\(\\d(?:\{(\d+)(?:,(\d+))?\})?\)")
REFERENCE = re.compile(r"\\(\d)")


@dataclass(frozen=True, slots=True)
class Grouping:
    """The grouping of numbers that begin so: the least and most digits of each group, and what stands between them."""

    begins: str
    groups: tuple[tuple[int, int], ...]
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A country's calling code, the prefix that is dialled within it, and its groupings, of which the first fits."""

    calling_code: int
    trunk_prefix: str
    groupings: tuple[Grouping, ...]


@lru_cache(maxsize=64)
def number_format(country: str) -> NumberFormat | None:
    """Give the rules of a country, if there is one of this code."""
    plan = PhoneMetadata.metadata_for_region(country) if country in phonenumbers.SUPPORTED_REGIONS else None
    if plan is None:
        return None
    code = plan.country_code or 0
    shared = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(code))
    formats = plan.number_format or (shared.number_format if shared else [])
    shortest = min((length for length in plan.mobile.possible_length if length > 0), default=0) if plan.mobile else 0
    read = [grouping for each in formats if (grouping := _grouping(each))]
    long_enough = tuple(each for each in read if sum(most for _, most in each.groups) >= shortest)
    return NumberFormat(code, plan.national_prefix or "", long_enough)


def _grouping(each: phonenumbers.phonemetadata.NumberFormat) -> Grouping | None:
    """Read one format; one that moves digits or adds some can't be followed while somebody types."""
    pattern, written = each.pattern or "", each.format or ""
    groups, order = GROUP.findall(pattern), REFERENCE.findall(written)
    plain = [str(place + 1) for place in range(len(groups))]
    if GROUP.sub("", pattern) or order != plain or re.search(r"\d", REFERENCE.sub("", written)):
        return None
    sizes = tuple((int(least or 1), int(most or least or 1)) for least, most in groups)
    between = tuple(gap.strip("()") or " " for gap in REFERENCE.split(written)[2:-1:2])
    return Grouping((each.leading_digits_pattern or [""])[-1], sizes, between)
