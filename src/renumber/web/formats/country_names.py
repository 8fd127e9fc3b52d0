"""The country picker's rows, in the person's language and in its order."""

import unicodedata
from functools import lru_cache

from babel import Locale
from markupsafe import Markup

from renumber.policies.numbers import NumberRules, countries

# Two names that Unicode's list (CLDR) gives in full, as "Sonderverwaltungsregion Hongkong", and nobody looks for so.
SHORT_NAMES = {"de": {"HK": "Hongkong", "MO": "Macau"}, "en": {"HK": "Hong Kong", "MO": "Macao"}}


def country_name(iso: str, language: str) -> str:
    """Give the name of a country in a language."""
    return SHORT_NAMES.get(language, {}).get(iso) or str(Locale.parse(language).territories.get(iso, iso))


@lru_cache(maxsize=16)
def country_rows(rules: NumberRules, language: str) -> tuple[tuple[str, str, str], ...]:
    """Each country as (ISO code, name, calling code), sorted as a reader of that language looks for it."""
    rows = [(row.iso, country_name(row.iso, language), f"+{row.calling_code}") for row in countries(rules)]
    return tuple(sorted(rows, key=lambda row: _sorting(row[1])))


@lru_cache(maxsize=16)
def _options(rules: NumberRules, language: str) -> str:
    row = Markup('<option value="{0}" data-code="{2}">{1} ({2})</option>\n')
    return "".join(row.format(*country) for country in country_rows(rules, language))


def country_options(rules: NumberRules, language: str, picked: str) -> Markup:
    """The picker's options, made once per language; only the picked one differs from request to request."""
    value = Markup('value="{}"').format(picked)
    return Markup(_options(rules, language).replace(value, f"{value} selected", 1))  # noqa: S704 -- made of Markup


def _sorting(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
