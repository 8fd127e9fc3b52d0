"""The operator's logo: small, a PNG or an SVG, and an SVG that neither runs nor fetches anything."""

import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

PNG, SVG = "image/png", "image/svg+xml"
LARGEST = 200 * 1024  # bytes
SQUARE_ENOUGH = 1.25  # of one side to the other
_NUMBER = re.compile(r"\d*\.?\d+")
_PNG_STARTS = b"\x89PNG\r\n\x1a\n"
_DECLARATION = re.compile(r"<!(?!--|\[CDATA\[)|<\?xml-stylesheet", re.IGNORECASE)
_OTHER_ENCODING = re.compile(r"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)
_ACTIVE = {"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener"}
_INNER_REFERENCE = re.compile(r"#|data:image/(png|jpeg);base64,", re.IGNORECASE)
_FETCHES = re.compile(r"@import|javascript:|expression\s*\(|url\(\s*[\"']?(?!\s*[\"']?#)|\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that is safe to show."""

    content: bytes = field(repr=False)
    media_type: str

    @property
    def is_square(self) -> bool:
        """Say whether it has room in the square of an icon; a logo with the name in it has not."""
        width, height = self._measures()
        return 0 < height <= width * SQUARE_ENOUGH and width <= height * SQUARE_ENOUGH

    @property
    def sizes(self) -> str:
        """Name its size as a web manifest does."""
        return "{}x{}".format(*self._measures()) if self.is_png else "any"

    def _measures(self) -> tuple[float, float]:
        return _measures_of_png(self.content) if self.is_png else _measures_of_svg(self.content)

    @property
    def is_png(self) -> bool:
        """Say whether mails can show it: most mail readers refuse an SVG."""
        return self.media_type == PNG


def logo(given: str) -> Logo:
    """Read the file of this name, and judge what is in it."""
    path = Path(given)
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise ValueError(f"the file can't be read: {error.strerror}") from None
    if content is None:
        raise ValueError(f"the file is larger than {LARGEST // 1024} KiB")
    is_png = content.startswith(_PNG_STARTS)
    if not is_png:
        _judge_svg(content)
    if path.suffix.lower() != (".png" if is_png else ".svg"):  # by which its type is told to browsers
        raise ValueError(f"it is {'a PNG' if is_png else 'an SVG'}: let its name end in {'.png' if is_png else '.svg'}")
    return Logo(content, PNG if is_png else SVG)


def _measures_of_png(content: bytes) -> tuple[int, int]:
    """Read width and height; nothing of a file that ends before them (PNG 1.2, 11.2.2)."""
    return struct.unpack_from(">II", content, 16) if len(content) >= 24 else (0, 0)


def _measures_of_svg(content: bytes) -> tuple[float, float]:
    root = _parsed(content)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    width, height = box[2:] if len(box) == 4 else (root.get("width", ""), root.get("height", ""))
    numbers = [_NUMBER.match(text) for text in (width, height)]
    wide, high = (float(number[0]) if number else 0.0 for number in numbers)
    return wide, high


def _judge_svg(content: bytes) -> None:
    root = _parsed(content)
    if _local(root.tag) != "svg":
        raise ValueError("the file must be a PNG or an SVG")
    if any(_is_active(element) for element in root.iter()):
        raise ValueError("the SVG holds a script or fetches something from elsewhere; export it as a plain SVG")


def _parsed(content: bytes) -> ET.Element:
    """Read XML without a document type, so that no entity can be declared."""
    try:
        text = content.decode("utf-8-sig")
        if _OTHER_ENCODING.search(text) or _DECLARATION.search(text):
            raise ValueError("the SVG has a document type, a stylesheet or another encoding than UTF-8; remove it")
        return ET.fromstring(text)  # noqa: S314 -- the operator's file, and it declares no entity
    except (UnicodeDecodeError, ET.ParseError):
        raise ValueError("the file must be a PNG or an SVG") from None


def _is_active(element: ET.Element) -> bool:
    name = _local(element.tag)
    if name in _ACTIVE or (name in {"set", "animate"} and _local(element.get("attributeName", "")) == "href"):
        return True
    if name == "style" and _FETCHES.search("".join(element.itertext())):
        return True
    return any(_is_active_attribute(_local(key), value) for key, value in element.attrib.items())


def _is_active_attribute(name: str, value: str) -> bool:
    if name in {"href", "src"}:
        return not _INNER_REFERENCE.match(value.strip())
    return name.startswith("on") or bool(_FETCHES.search(value))


def _local(tag: object) -> str:
    """Give a name without its namespace; a comment has none."""
    return re.split(r"[}:]", tag)[-1].lower() if isinstance(tag, str) else ""
