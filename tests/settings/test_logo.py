"""The operator's logo: a PNG, or an SVG that neither runs nor fetches anything."""

import struct
from pathlib import Path

import pytest

from renumber.settings.logo import LARGEST, logo

PNG = b"\x89PNG\r\n\x1a\n"
PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 20">
  <defs><linearGradient id="a"><stop offset="0" stop-color="#0b5fff"/></linearGradient></defs>
  <style>.b { fill: url(#a); }</style>
  <rect class="b" width="20" height="20"/><use xlink:href="#a"/><path d="M1 1h18" fill="url('#a')"/>
  <image href="data:image/png;base64,iVBORw0KGgo="/>
</svg>"""


def a_file(tmp_path: Path, content: str | bytes) -> str:
    written = content if isinstance(content, bytes) else content.encode()
    path = tmp_path / ("logo.png" if written.startswith(PNG) else "logo.svg")
    path.write_bytes(written)
    return str(path)


def an_svg(inside: str, attributes: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'


@pytest.mark.parametrize("content", [PLAIN, PLAIN.encode("utf-8-sig"), PNG, PNG + b"x" * (LARGEST - len(PNG))])
def test_a_png_or_a_plain_svg_is_accepted(tmp_path: Path, content: str | bytes) -> None:
    read = logo(a_file(tmp_path, content))

    assert read.content == (content if isinstance(content, bytes) else content.encode())
    assert read.is_png is read.content.startswith(PNG)


def a_png(width: int, height: int) -> bytes:
    return PNG + struct.pack(">I4sII", 13, b"IHDR", width, height)


@pytest.mark.parametrize(
    ("content", "shape", "sizes"),
    [
        (a_png(512, 512), "square", "512x512"),
        (a_png(240, 200), "square", "240x200"),
        (a_png(200, 240), "square", "200x240"),
        (a_png(440, 72), "wide", "440x72"),
        (PNG, "wide", "0x0"),
        (PLAIN, "square", "any"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0,0,120 , 30"/>', "wide", "any"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="32px" height="32px"/>', "square", "any"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="auto"/>', "wide", "any"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "wide", "any"),
    ],
)
def test_only_a_logo_about_as_high_as_wide_stands_in_an_icon(
    tmp_path: Path, content: str | bytes, shape: str, sizes: str
) -> None:
    read = logo(a_file(tmp_path, content))

    assert (read.is_square, read.sizes) == (shape == "square", sizes)


@pytest.mark.parametrize(("name", "content", "ending"), [("logo", PLAIN, ".svg"), ("logo.svg", PNG, ".png")])
def test_a_name_that_does_not_tell_the_type_is_refused_with_the_one_that_does(
    tmp_path: Path, name: str, content: str | bytes, ending: str
) -> None:
    file = Path(a_file(tmp_path, content)).rename(tmp_path / name)

    with pytest.raises(ValueError, match=f"let its name end in {ending}"):
        logo(str(file))


@pytest.mark.parametrize(
    "content",
    [
        an_svg("<script>alert(1)</script>"),
        an_svg('<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>'),
        an_svg("<SCRIPT>alert(1)</SCRIPT>"),
        an_svg("", 'onload="alert(1)"'),
        an_svg('<g ONCLICK="alert(1)"/>'),
        an_svg("<foreignObject><p>hello</p></foreignObject>"),
        an_svg('<image href="https://tracker.example/a.png"/>'),
        an_svg('<image xmlns:x="http://www.w3.org/1999/xlink" x:href="//tracker.example/a.png"/>'),
        an_svg('<use href="other.svg#a"/>'),
        an_svg('<a href="javascript:alert(1)"><path/></a>'),
        an_svg('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'),
        an_svg('<rect fill="url(https://tracker.example/a.svg#a)"/>'),
        an_svg("<rect style=\"fill: URL( 'https://tracker.example/a' )\"/>"),
        an_svg("<style>@import 'https://tracker.example/a.css';</style>"),
        an_svg("<style>a { background: u\\72l(https://tracker.example) }</style>"),
        an_svg('<g><set attributeName="href" to="javascript:alert(1)"/></g>'),
        an_svg('<animate attributeName="xlink:href" values="javascript:alert(1)"/>'),
        '<?xml-stylesheet href="https://tracker.example/a.css"?>' + an_svg(""),
    ],
)
def test_an_svg_that_runs_or_fetches_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ValueError, match="the SVG"):
        logo(a_file(tmp_path, content))


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + an_svg("&a;"),
        '<?xml version="1.0" encoding="UTF-7"?>' + an_svg(""),
        an_svg("<script/>").encode("utf-16"),
        "<html/>",
        "GIF89a",
        "",
        an_svg("<g>"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(ValueError, match="SVG"):
        logo(a_file(tmp_path, content))


def test_a_file_of_more_than_200_kib_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="200 KiB"):
        logo(a_file(tmp_path, PNG + b"x" * LARGEST))
