"""One server with a console for all stories, whose clock only ever moves forward, and staff who sit down at it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.server import Server, quick_server
from harness.sinks import Sinks
from renumber.domain.support.staff import Role
from tests.journeys.conftest import BEHIND_A_PROXY, Travel
from tests.journeys.console.team import Colleague, a_desk

SitDown = Callable[..., Colleague]
WIDTHS = (390, 768, 1280, 1920)  # CSS pixels: a phone, a tablet, and the screens of a desk


@pytest.fixture(scope="session")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, sinks: Sinks) -> Iterator[Server]:
    """Serve the pages of people and of staff."""
    folder = tmp_path_factory.mktemp("console")
    shutil.copyfile(sqlite_template, folder / "renumber.db")
    url = f"sqlite:///{folder / 'renumber.db'}"
    with quick_server(url, folder, sinks, workers=1, console="on", **BEHIND_A_PROXY) as serving:
        yield serving


@pytest.fixture
def sit_down(server: Server, travel: Travel) -> SitDown:
    """Sign somebody of staff in, and give them a window."""

    def start(role: Role, language: str = "en", name: str = "Alex Agent", **wishes: Any) -> Colleague:
        desk = a_desk(server, role, name, locale=language)
        traveller = travel(language, person=desk.person, widths=WIDTHS, **wishes)
        traveller.name = name
        traveller.go_on()
        return Colleague(traveller, desk)

    return start
