"""An operator with a database of either kind."""

from pathlib import Path

import pytest

from tests.cli.operator import Operator


@pytest.fixture
def operator(database_url: str, tmp_path: Path) -> Operator:
    """On SQLite, then on PostgreSQL."""
    return Operator(database_url, tmp_path)


@pytest.fixture
def alone(sqlite_url: str, tmp_path: Path) -> Operator:
    """On SQLite, for what has nothing to do with the database."""
    return Operator(sqlite_url, tmp_path)
