"""The operator's face as browsers and phones ask for it: tile, logo, icons, manifest, and the pages at the foot."""

import struct
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.observability.service import serving

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 20"/>'
FIXED = ("/brand-icon.svg", "/brand-icon-maskable.svg", "/brand.css", "/favicon.ico", "/device/icon-touch-180.png")


def a_logo(folder: Path, kind: str) -> dict[str, str]:
    """The setting of a logo, about as high as wide or wide, or none."""
    if kind == "none":
        return {}
    name, content = {
        "square png": ("logo.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 256, 256)),
        "square svg": ("logo.svg", SVG.format(20).encode()),
        "wide svg": ("logo.svg", SVG.format(90).encode()),
    }[kind]
    (folder / name).write_bytes(content)
    return {"brand_logo": str(folder / name)}


async def seen(url: str, folder: Path, *paths: str, **more: Any) -> list[httpx2.Response]:
    async with serving(url, folder / "key", brand="Example Card", **more) as visitor:
        return [await visitor.get(path) for path in paths]


@pytest.mark.parametrize(
    ("logo", "icon", "in_manifest"),
    [
        ("none", ("image/svg+xml", "/brand-icon.svg"), {"/brand-icon.svg", "/brand-icon-maskable.svg"}),
        ("wide svg", ("image/svg+xml", "/brand-icon.svg"), {"/brand-icon.svg", "/brand-icon-maskable.svg"}),
        ("square svg", ("image/svg+xml", "/brand-logo"), {"/brand-logo"}),
        ("square png", ("image/png", "/brand-logo"), {"/brand-logo"}),
    ],
)
async def test_a_logo_that_has_room_in_a_square_is_the_icon_and_else_the_tile(
    sqlite_url: str, tmp_path: Path, logo: str, icon: tuple[str, str], in_manifest: set[str]
) -> None:
    setting = a_logo(tmp_path, logo)

    page, manifest, file = await seen(
        sqlite_url, tmp_path, "/sign-in", "/device/manifest.webmanifest", icon[1], **setting
    )

    assert f'<link rel="icon" type="{icon[0]}" href="{icon[1]}">' in page.text
    assert ("/brand-logo" in page.text) is (logo != "none")
    assert file.headers["content-type"] == icon[0]
    icons: list[dict[str, Any]] = manifest.json()["icons"]
    assert {each["src"] for each in icons if not each["src"].startswith("/device/")} == in_manifest
    assert any(each["type"] == "image/png" and each["sizes"] == "512x512" for each in icons)


@pytest.mark.parametrize(("hosts", "subscribes"), [({}, True), ({"push_hosts": "none"}, False)])
async def test_a_device_is_given_the_key_to_subscribe_with_unless_no_push_service_may_be_posted_to(
    sqlite_url: str, tmp_path: Path, hosts: dict[str, str], *, subscribes: bool
) -> None:
    [configuration] = await seen(sqlite_url, tmp_path, "/device/api/configuration", **hosts)

    assert bool(configuration.json()["vapid_public_key"]) is subscribes


async def test_every_icon_of_the_manifest_is_there_with_its_type(sqlite_url: str, tmp_path: Path) -> None:
    async with serving(sqlite_url, tmp_path / "key", brand="Example Card") as visitor:
        icons = (await visitor.get("/device/manifest.webmanifest")).json()["icons"]

        assert {each.get("purpose", "any") for each in icons} == {"any", "maskable"}
        for each in icons:
            reply = await visitor.get(each["src"])
            assert (reply.status_code, reply.headers["content-type"]) == (200, each["type"])


async def test_a_browser_that_still_has_a_file_is_not_sent_it_again(sqlite_url: str, tmp_path: Path) -> None:
    async with serving(sqlite_url, tmp_path / "key", brand="Example Card") as visitor:
        for path in FIXED:
            first = await visitor.get(path)
            tag = first.headers["etag"]
            again = await visitor.get(path, **{"if-none-match": f'"other", W/{tag}'})
            other = await visitor.get(path, **{"if-none-match": '"other"'})

            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
            assert again.headers["cache-control"] == first.headers["cache-control"]
            assert (other.status_code, other.content) == (200, first.content)


async def test_the_file_that_stands_for_a_brand_changes_with_its_name_and_its_colour(
    sqlite_url: str, tmp_path: Path
) -> None:
    tags = set()
    for brand, colour in (("Example", "#0b5fff"), ("Beispiel", "#0b5fff"), ("Beispiel", "#8a1538")):
        async with serving(sqlite_url, tmp_path / "key", brand=brand, brand_color=colour) as visitor:
            tags.add((await visitor.get("/brand-icon.svg")).headers["etag"])

    assert len(tags) == 3


async def test_imprint_and_privacy_are_at_the_foot_of_pages(sqlite_url: str, tmp_path: Path) -> None:
    pages = {"imprint_url": "https://example.com/imprint", "privacy_url": "https://example.com/privacy"}

    for reply in await seen(sqlite_url, tmp_path, "/sign-in", "/device", "/nowhere", **pages):
        assert all(f'href="{address}"' in reply.text for address in pages.values())
