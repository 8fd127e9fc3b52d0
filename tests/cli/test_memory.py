"""What a worker process of the server has in its memory, and what it gives back."""

import subprocess
import sys
from pathlib import Path

import pytest

from renumber.cli.loading import tunables

LISTED = "import sys, renumber.wiring.web; renumber.wiring.web.asgi(); print(*sys.modules)"
NOT_FOR_SERVING = {"alembic", "pydantic", "typer", "sqlalchemy.orm", "sqlalchemy.ext.asyncio"}


@pytest.mark.parametrize("choice", ["[always] madvise never", "always [madvise] never"])
def test_what_a_password_check_worked_in_goes_back_where_large_pages_make_it_cheap(choice: str, tmp_path: Path) -> None:
    kernel = tmp_path / "enabled"
    kernel.write_text(choice)

    assert "mmap_threshold" in tunables(kernel)
    assert "hugetlb=1" in tunables(kernel)


@pytest.mark.parametrize("choice", ["always madvise [never]", None])
def test_it_is_kept_where_fetching_it_again_would_cost_half_of_a_check(choice: str | None, tmp_path: Path) -> None:
    kernel = tmp_path / "enabled"
    if choice:
        kernel.write_text(choice)

    assert not tunables(kernel)


def test_a_worker_loads_nothing_that_only_the_command_line_or_a_migration_needs(tmp_path: Path) -> None:
    environment = {
        "RENUMBER_BASE_URL": "http://127.0.0.1:8000",
        "RENUMBER_DATABASE_URL": f"sqlite:///{tmp_path}/a.db",
        "RENUMBER_SECRET_KEY": "k" * 40,
    }

    ran = subprocess.run([sys.executable, "-c", LISTED], env=environment, capture_output=True, text=True, check=True)

    assert not NOT_FOR_SERVING & set(ran.stdout.split())
