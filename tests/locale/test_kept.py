"""Compiled texts are taken the next time, and nothing else is."""

import sys
from pathlib import Path

import pytest

from renumber.locale.kept import kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "__pycache__"


def never() -> bytes:
    raise AssertionError("nothing has to be compiled")


def test_what_was_compiled_once_is_taken_the_next_time(folder: Path) -> None:
    first = kept("thing", ["text"], lambda: b"code", folder=folder)

    assert kept("thing", ["text"], never, folder=folder) == first == b"code"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("sources", [["other"], ["te", "xt"], ["text", ""], []])
def test_other_sources_are_compiled_anew(folder: Path, sources: list[str]) -> None:
    kept("thing", ["text"], lambda: b"code", folder=folder)

    assert kept("thing", sources, lambda: b"newer", folder=folder) == b"newer"
    assert kept("thing", sources, never, folder=folder) == b"newer"


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 64])
def test_what_lies_there_and_is_none_of_ours_is_not_run(folder: Path, content: bytes) -> None:
    kept("thing", ["text"], lambda: b"code", folder=folder)
    (path,) = folder.iterdir()
    path.write_bytes(content)

    assert kept("thing", ["text"], lambda: b"newer", folder=folder) == b"newer"


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert kept("thing", ["text"], lambda: b"code", folder=folder) == b"code"
    assert not folder.exists()


def test_a_service_that_may_not_write_there_compiles_each_time(folder: Path) -> None:
    folder.write_text("a file, where the folder would be")

    assert [kept("thing", ["text"], lambda: b"code", folder=folder) for _ in range(2)] == [b"code"] * 2
