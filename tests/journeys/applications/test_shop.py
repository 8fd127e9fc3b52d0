"""Somebody enters a shop through the service, and leaves both by the shop's own door."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.server import Server, quick_server
from harness.sinks import Sinks
from tests.journeys import words as w
from tests.journeys.applications.shop import SECRET, Shop, open_shop
from tests.journeys.conftest import BEHIND_A_PROXY, Travel

JOINS = """
[[client]]
id = "shop"
name = "Example Shop"
secret_file = "shop.secret"
redirect_uris = ["{origin}/callback"]
post_logout_redirect_uris = ["{origin}/"]
"""


@contextmanager
def a_shop(sqlite_template: Path, tmp_path: Path, sinks: Sinks, **more: str) -> Iterator[tuple[Shop, Server]]:
    shutil.copyfile(sqlite_template, tmp_path / "renumber.db")
    with open_shop() as open_one:
        secret, joins = tmp_path / "shop.secret", tmp_path / "joins.toml"
        secret.write_text(SECRET, encoding="utf-8")
        secret.chmod(0o600)
        joins.write_text(JOINS.format(origin=open_one.origin), encoding="utf-8")
        url = f"sqlite:///{tmp_path / 'renumber.db'}"
        with quick_server(url, tmp_path, sinks, workers=1, joins_file=str(joins), **BEHIND_A_PROXY, **more) as server:
            open_one.provider = server.origin
            yield open_one, server


@pytest.fixture
def shop(sqlite_template: Path, tmp_path: Path, sinks: Sinks) -> Iterator[tuple[Shop, Server]]:
    with a_shop(sqlite_template, tmp_path, sinks) as both:
        yield both


def test_somebody_enters_a_shop_by_a_text_and_leaves_it_and_the_service_together(
    shop: tuple[Shop, Server], travel: Travel
) -> None:
    own, server = shop
    someone = travel("de", server=server)
    page = someone.page

    page.goto(own.origin)
    page.get_by_role("link", name="Enter").click()
    someone.sees("Danach geht es weiter zu Example Shop.")
    someone.give_password()
    someone.field(w.CODE).press_sequentially(someone.text().code)
    someone.button(w.CONFIRM).click()
    page.wait_for_url(f"{own.origin}/callback*")
    someone.sees(f"we call {someone.person.number}")

    someone.open("/profile")
    someone.is_at("/profile")
    page.goto(own.origin)
    page.get_by_role("link", name="Enter").click()  # signed in already: no page of ours in between
    page.wait_for_url(f"{own.origin}/callback*")
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url(f"{own.origin}/")
    someone.open("/profile")
    someone.is_at("/sign-in")
