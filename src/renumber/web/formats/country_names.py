"""The country picker's rows, in the person's language and in its order."""

import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

from babel import Locale
from markupsafe import Markup

from renumber.policies.numbers import NumberRules, countries

# Two names that Unicode's list (CLDR) gives in full, as "Sonderverwaltungsregion Hongkong", and nobody looks for so.
AS_PEOPLE_SAY = {"HK": "Hong Kong", "MO": "Macao"}
SHORT_NAMES = {"de": {"HK": "Hongkong", "MO": "Macau"}, "en": AS_PEOPLE_SAY, "es": AS_PEOPLE_SAY, "fr": AS_PEOPLE_SAY}
LANGUAGES = ("de", "en")  # in which a country is found, whatever the language of the page
FEW = 6  # countries that need no order but that of their names


def country_name(iso: str, language: str) -> str:
    """Give the name of a country in a language."""
    return SHORT_NAMES.get(language, {}).get(iso) or str(Locale.parse(language).territories.get(iso, iso))


@lru_cache(maxsize=16)
def country_rows(rules: NumberRules, language: str) -> tuple[tuple[str, str, str], ...]:
    """Each country as (ISO code, name, calling code), sorted as a reader of that language looks for it."""
    rows = [(row.iso, country_name(row.iso, language), f"+{row.calling_code}") for row in countries(rules)]
    return tuple(sorted(rows, key=lambda row: _sorting(row[1])))


@lru_cache(maxsize=16)
def _options(rules: NumberRules, language: str) -> Mapping[str, tuple[str, str]]:
    """Each country's option, as it stands there and as it is picked."""
    option = Markup('<option value="{0}"{5} data-code="{2}" data-also="{3}"{4}>{1} ({2})</option>\n')
    main = {row.iso for row in countries(rules) if row.is_main}
    made = {}
    for iso, name, code in country_rows(rules, language):
        row = (iso, name, code, _other_names(iso, name), Markup(" data-main") if iso in main else "")
        made[iso] = (str(option.format(*row, "")), str(option.format(*row, " selected")))
    return made


def _other_names(iso: str, name: str) -> str:
    return ", ".join({country_name(iso, each): "" for each in LANGUAGES if country_name(iso, each) != name})


def country_options(rules: NumberRules, language: str, picked: str, *, likely: Collection[str] = ()) -> Markup:
    """The picker's options, made once per language: the likely countries first, then all others by their names."""
    options = _options(rules, language)
    first = [iso for iso in dict.fromkeys(likely) if iso in options] if len(options) > FEW else []
    order = [*first, *(iso for iso in options if iso not in first)]
    return Markup("".join(options[iso][iso == picked] for iso in order))  # noqa: S704 - made of Markup


def _sorting(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
