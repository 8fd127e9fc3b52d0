"""The rules by which a browser groups a number while it is typed."""

import re

import phonenumbers
import pytest

from renumber.policies.number_plans.formats import number_format
from renumber.policies.numbers import example_number

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize("region", REGIONS)
def test_the_rules_of_every_country_are_whole(region: str) -> None:
    rules = number_format(region)

    assert rules
    assert rules.calling_code == phonenumbers.country_code_for_region(region)
    for each in rules.groupings:
        assert len(each.between) == len(each.groups) - 1
        assert all(1 <= least <= most for least, most in each.groups)
        assert re.compile(each.begins).groups == 0, "it is put into another expression"


def test_a_german_mobile_number_has_its_groups() -> None:
    rules, digits = number_format("DE"), "".join(filter(str.isdecimal, example_number("DE")))

    assert rules
    first = next(each for each in rules.groupings if re.match(each.begins, digits.removeprefix(rules.trunk_prefix)))
    assert (first.groups, first.between) == (((4, 4), (7, 7)), (" ",))


@pytest.mark.parametrize("country", ["", "ZZ", "001", "de", "../DE"])
def test_what_is_no_country_has_no_rules(country: str) -> None:
    assert number_format(country) is None
