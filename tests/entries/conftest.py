"""One server for all that people type, paste and open: what is made of it doesn't depend on the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.server import Server, quick_server
from harness.sinks import running_sinks


@pytest.fixture(scope="session")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve them all, on SQLite."""
    folder = tmp_path_factory.mktemp("entries")
    shutil.copyfile(sqlite_template, folder / "renumber.db")
    url = f"sqlite:///{folder / 'renumber.db'}"
    with (
        running_sinks() as sinks,
        quick_server(url, folder, sinks, workers=1, locales="de,en,fr,es") as serving,
    ):
        yield serving
