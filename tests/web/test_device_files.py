"""The icons of the phone page: the brand's initial in its colour, or a phone where we have no drawing of the letter."""

import struct
import zlib
from collections.abc import Iterator

import pytest

from renumber.policies.brand.colours import accent_on_light, parts_of
from renumber.web.brand.icons import DRAWN, NAMES, icon
from renumber.web.brand.raster import SHADES

COLOUR = "#8a1538"
BRANDS = ("Example Card", "Жар-птица")  # with a letter of ours, and without
SIZES = {
    "badge-96.png": 96,
    "icon-192.png": 192,
    "icon-512.png": 512,
    "icon-maskable-512.png": 512,
    "icon-touch-180.png": 180,
}


def chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read a PNG as a strict reader does: every part with its checksum."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at = 8
    while at < len(picture):
        length = int(struct.unpack_from(">I", picture, at)[0])
        name, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert picture[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(name + content))
        yield name, content
        at += length + 12


def drawn(name: str, brand: str = BRANDS[0]) -> dict[bytes, bytes]:
    return dict(chunks(icon(name, brand, COLOUR).content))


def test_there_is_an_icon_for_every_place_that_shows_one() -> None:
    assert set(NAMES) == SIZES.keys()


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize(("name", "side"), SIZES.items())
def test_an_icon_is_a_whole_square_picture(name: str, side: int, brand: str) -> None:
    parts = drawn(name, brand)

    assert struct.unpack_from(">IIBB", parts[b"IHDR"]) == (side, side, 8, 3)
    assert len(zlib.decompress(parts[b"IDAT"])) == side * (side + 1)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("name", SIZES)
def test_its_palette_leads_from_the_brand_s_colour_to_the_one_that_is_readable_upon_it(name: str, brand: str) -> None:
    accent, palette = accent_on_light(COLOUR), drawn(name, brand)[b"PLTE"]

    assert tuple(palette[:3]) == parts_of(COLOUR)
    assert tuple(palette[3 * SHADES - 3 : 3 * SHADES]) == parts_of(accent.on_fill)
    assert set(zip(*[iter(palette[3 * SHADES :])] * 3, strict=True)) == {parts_of(COLOUR)}


@pytest.mark.parametrize("name", SIZES)
def test_a_letter_without_a_drawing_leaves_the_phone_in_the_brand_s_colour(name: str) -> None:
    stored, served = dict(chunks((DRAWN / name).read_bytes())), drawn(name, BRANDS[1])

    assert {part for part in stored if stored[part] != served[part]} == {b"PLTE"}


def test_the_picture_shows_the_letter_and_nothing_else() -> None:
    rows = zlib.decompress(drawn("icon-touch-180.png", "Italic")[b"IDAT"])
    side = SIZES["icon-touch-180.png"]
    lit = [(x, y) for y in range(side) for x in range(side) if rows[y * (side + 1) + 1 + x] == SHADES - 1]

    assert min(x for x, _ in lit) > side * 0.4
    assert max(x for x, _ in lit) < side * 0.6
    assert max(y for _, y in lit) - min(y for _, y in lit) == pytest.approx(side * 17.2 / 32, abs=3)
