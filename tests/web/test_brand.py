"""The brand tile: one drawing, in the operator's colour, readable on light and on dark."""

from xml.etree import ElementTree as ET

import pytest

from renumber.policies.brand.colours import EDGE_CONTRAST, TEXT_CONTRAST, accent_on_dark, accent_on_light, contrast
from renumber.web.brand.letters import LETTERS, drawing_of
from renumber.web.brand.tile import GRID, maskable_svg, tile_svg

COLOURS = ("#0b5fff", "#ffd400", "#000000", "#ffffff", "#808080", "#12151a", "#f4f5f8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("brand", ["Example Card", "Ökobank", "Жар-птица", "<&>", "🇩🇪"])
def test_the_letter_is_readable_and_the_edge_is_seen_on_both_grounds(colour: str, brand: str) -> None:
    root = ET.fromstring(tile_svg(brand, colour))  # noqa: S314 - our own

    ground, style = root.find(f"{SVG}rect"), root.findtext(f"{SVG}style", "")
    sign = [one for one in root if one.tag in {f"{SVG}path", f"{SVG}text"}]
    assert ground is not None
    assert len(sign) == 1
    assert contrast(ground.get("fill", ""), sign[0].get("stroke", sign[0].get("fill", ""))) >= TEXT_CONTRAST
    assert f"rect{{stroke:{accent_on_light(colour).edge}}}" in style
    assert f"@media(prefers-color-scheme:dark){{rect{{stroke:{accent_on_dark(colour).edge}}}}}" in style
    assert contrast(accent_on_dark(colour).edge, "#12151a") >= EDGE_CONTRAST


@pytest.mark.parametrize("initial", [*LETTERS, "Ä", "Ö", "Ü", "É", "È", "Å", "Š", "Ñ", "Î"])
def test_a_drawn_letter_stays_within_the_middle_that_no_phone_cuts_off(initial: str) -> None:
    steps = drawing_of(initial)

    assert steps
    assert steps[0].leaps
    points = [point for step in steps for point in (*step.bends, step.to)]
    furthest = max(((x - GRID / 2) ** 2 + (y - GRID / 2) ** 2) ** 0.5 for x, y in points)
    assert furthest + 1.6 <= GRID * 0.4  # W3C, Web Application Manifest: 40 % around the middle


@pytest.mark.parametrize("initial", ["", "Ж", "中", "Ạ\u0308", "ß", "E\u0323"])
def test_there_are_letters_without_a_drawing(initial: str) -> None:
    assert drawing_of(initial) is None


def test_the_maskable_icon_fills_its_square() -> None:
    root = ET.fromstring(maskable_svg("Example Card", "#0b5fff"))  # noqa: S314 - our own

    ground = root.find(f"{SVG}rect")
    assert ground is not None
    assert (ground.get("width"), ground.get("height"), ground.get("rx")) == ("32", "32", None)
