"""A country stands where a reader of the list looks for it."""

import pytest

from renumber.policies.numbers import NumberRules
from renumber.web.formats.country_names import country_rows


@pytest.mark.parametrize(
    ("language", "names"),
    [("de", ["Honduras", "Hongkong", "Macau"]), ("en", ["Honduras", "Hong Kong", "Macao"])],
)
def test_hong_kong_and_macao_are_called_what_people_call_them(language: str, names: list[str]) -> None:
    rows = country_rows(NumberRules(("MO", "HK", "HN")), language)

    assert [name for _, name, _ in rows] == names
