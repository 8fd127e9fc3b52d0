"""A country stands where a reader of the list looks for it."""

import re

import pytest

from renumber.policies.numbers import NumberRules
from renumber.web.formats.country_names import country_options, country_rows


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", ["Honduras", "Hongkong", "Macau"]),
        ("en", ["Honduras", "Hong Kong", "Macao"]),
        ("es", ["Honduras", "Hong Kong", "Macao"]),
        ("fr", ["Honduras", "Hong Kong", "Macao"]),
    ],
)
def test_hong_kong_and_macao_are_called_what_people_call_them(language: str, names: list[str]) -> None:
    rows = country_rows(NumberRules(allowed_countries=("MO", "HK", "HN")), language)

    assert [name for _, name, _ in rows] == names


def test_the_likely_countries_come_first_and_each_stands_there_once() -> None:
    options = str(country_options(NumberRules(), "en", "CH", likely=["CH", "ZZ", "DE", "CH"]))
    order = re.findall(r'<option value="(..)"', options)

    assert order[:3] == ["CH", "DE", "AF"]
    assert sorted(order) == sorted(row[0] for row in country_rows(NumberRules(), "en"))
    assert re.findall(r'<option value="(..)" selected', options) == ["CH"]


def test_few_countries_keep_the_order_of_their_names() -> None:
    options = country_options(NumberRules(allowed_countries=("AT", "DE", "GB")), "en", "GB", likely=["GB"])

    assert re.findall(r'<option value="(..)"', options) == ["AT", "DE", "GB"]


def test_a_country_is_also_found_by_its_name_in_the_other_language() -> None:
    assert 'value="AT" data-code="+43" data-also="Österreich"' in country_options(NumberRules(), "en", "DE")
    assert 'value="AT" data-code="+43" data-also="Austria"' in country_options(NumberRules(), "de", "DE")


def test_one_country_stands_for_a_calling_code_that_several_share() -> None:
    options = country_options(NumberRules(), "en", "DE")

    shared = [code for _, _, code in country_rows(NumberRules(), "en")]
    main = re.findall(r'data-code="([^"]*)" data-also="[^"]*" data-main', options)
    assert sorted(main) == sorted(set(shared))
