"""Whatever colour an operator has, what is written or drawn in it can be seen (WCAG 2.2: 1.4.3, 1.4.11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.policies.brand.colours import DARK_GROUND, LIGHT_GROUND, accent_on_dark, accent_on_light, contrast

LIGHT = ("#ffffff", "#f4f5f8", "#fdf0ee", "#ebf6ef", "#eff1f5")  # the grounds of pages and mails
DARK = ("#12151a", "#1b1f26", "#361d1c", "#18301f", "#262c35")
BRANDS = ("#0b5fff", "#ffffff", "#000000", "#ffd400", "#7a7a7a", "#777777", "#e2001a", "#00ff00", "#1b1f26", "#00b8d4")
colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def is_seen(colour: str) -> bool:
    """Whether text, edges and buttons in this colour can be seen on every ground."""
    light, dark = accent_on_light(colour), accent_on_dark(colour)
    grounds = [*((light, ground) for ground in LIGHT), *((dark, ground) for ground in DARK)]
    return contrast(light.on_fill, light.fill) >= 4.5 and all(
        contrast(accent.text, ground) >= 4.5 and contrast(accent.edge, ground) >= 3 for accent, ground in grounds
    )


@pytest.mark.parametrize("colour", BRANDS)
def test_every_brand_colour_can_be_seen_on_light_and_on_dark(colour: str) -> None:
    assert is_seen(colour)


@given(colour=colours)
def test_so_can_every_colour_there_is(colour: str) -> None:
    assert is_seen(colour)


def test_buttons_are_filled_with_the_colour_as_it_is() -> None:
    assert accent_on_light("#ffd400").fill == accent_on_dark("#ffd400").fill == "#ffd400"
    assert accent_on_light("#ffd400").on_fill == "#000000"
    assert accent_on_light("#0b5fff").on_fill == "#ffffff"


def test_a_colour_that_can_be_seen_stays_as_it_is() -> None:
    light, dark = accent_on_light("#0b5fff"), accent_on_dark("#ffd400")

    assert (light.edge, light.text) == ("#0b5fff", "#0b5fff")
    assert (dark.edge, dark.text) == ("#ffd400", "#ffd400")


@given(colour=colours)
def test_a_colour_moves_no_further_than_it_takes(colour: str) -> None:
    for accent, ground in ((accent_on_light(colour), LIGHT_GROUND), (accent_on_dark(colour), DARK_GROUND)):
        if accent.text != colour:
            assert contrast(accent.text, ground) < 5


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
    assert contrast("#123456", "#123456") == 1
