"""Which letter stands for a brand."""

import pytest

from renumber.policies.brand.initial import initial_of


@pytest.mark.parametrize(
    ("brand", "initial"),
    [
        ("Example Card", "E"),
        ("example", "E"),
        ("  example", "E"),
        ("„Beispiel“ AG", "B"),
        ("(1822) direkt", "1"),
        ("überweisung", "Ü"),
        ("U\u0308berweisung", "Ü"),
        ("ßharp", "ß"),
        ("n\u0303andu", "Ñ"),
        ("жар-птица", "Ж"),
        ("中国", "中"),
        ("한국", "한"),
        ("\u1112\u1161\u11ab국", "한"),
        ("हिन्दी", "हि"),
        ("👩\u200d💻 Werkstatt", "W"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("👍🏽👍", "👍🏽"),
        ("🇩🇪🇫🇷", "🇩🇪"),
        ("❤\ufe0f!", "❤\ufe0f"),
        ("…", "…"),
    ],
)
def test_it_is_the_first_letter_as_people_see_it(brand: str, initial: str) -> None:
    assert initial_of(brand) == initial
