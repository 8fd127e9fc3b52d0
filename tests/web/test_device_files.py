"""The icons of the phone page in the brand's colour: the same picture with another palette."""

import struct
import zlib
from collections.abc import Iterator

import pytest

from renumber.policies.colours import accent_on_light, parts_of
from renumber.web.files.device_app import HALF, ICONS, icons

BRAND = "#8a1538"
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


def test_there_is_an_icon_for_every_place_that_shows_one() -> None:
    assert icons(BRAND).keys() == SIZES.keys()


@pytest.mark.parametrize(("name", "side"), SIZES.items())
def test_an_icon_is_a_whole_square_picture(name: str, side: int) -> None:
    parts = dict(chunks(icons(BRAND)[name].content))

    assert struct.unpack_from(">IIBB", parts[b"IHDR"]) == (side, side, 8, 3)
    assert len(zlib.decompress(parts[b"IDAT"])) == side * (side + 1)


@pytest.mark.parametrize("name", SIZES)
def test_its_palette_leads_from_the_brand_s_colour_to_the_one_that_is_readable_upon_it(name: str) -> None:
    accent, palette = accent_on_light(BRAND), dict(chunks(icons(BRAND)[name].content))[b"PLTE"]

    assert tuple(palette[:3]) == parts_of(BRAND)
    assert tuple(palette[3 * HALF - 3 : 3 * HALF]) == parts_of(accent.on_fill)
    assert set(zip(*[iter(palette[3 * HALF :])] * 3, strict=True)) == {parts_of(BRAND)}


@pytest.mark.parametrize("name", SIZES)
def test_nothing_but_its_palette_is_changed(name: str) -> None:
    drawn, served = dict(chunks((ICONS / name).read_bytes())), dict(chunks(icons(BRAND)[name].content))

    assert {part for part in drawn if drawn[part] != served[part]} == {b"PLTE"}
