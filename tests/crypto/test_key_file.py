"""The file of keys: made once, read again when it changes, rotated without losing a key."""

import os
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from renumber.crypto import KeyFile, KeyFileProblem, KeyRing, add_key, create_key_file, retire_previous


class Ticks:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "renumber.key"


def test_the_first_start_makes_a_file_that_only_its_owner_can_read(path: Path) -> None:
    assert create_key_file(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith(f"{KeyRing.from_file(path).current}:")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_exists_is_never_replaced(path: Path) -> None:
    create_key_file(path)
    before = path.read_bytes()

    touched_at = path.parent.stat().st_mtime_ns

    assert not create_key_file(path)
    assert path.read_bytes() == before
    assert path.parent.stat().st_mtime_ns == touched_at  # the folder may be one that can only be read


def test_processes_that_start_at_once_agree_on_one_key(path: Path) -> None:
    with ThreadPoolExecutor(16) as starts:
        made = list(starts.map(create_key_file, [path] * 64))
        currents = {KeyRing.from_file(path).current for _ in range(4)}

    assert made.count(True) == 1
    assert len(currents) == 1


def test_rotation_keeps_the_mode_and_the_order(path: Path) -> None:
    first = KeyRing.from_file(path).current

    second = add_key(path)

    assert [line[:8] for line in path.read_text().splitlines()] == [second, first]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_second_rotation_is_refused_until_the_previous_key_is_retired(path: Path) -> None:
    first = KeyRing.from_file(path).current
    second = add_key(path)

    with pytest.raises(KeyFileProblem, match=first):
        add_key(path)
    assert retire_previous(path) == first
    assert retire_previous(path) is None

    add_key(path)
    assert second in path.read_text()


def test_of_rotations_at_once_one_is_made_and_no_key_is_lost(path: Path) -> None:
    for _ in range(10):
        path.unlink(missing_ok=True)
        first = KeyRing.from_file(path).current

        with ThreadPoolExecutor(8) as rotations:
            results = list(rotations.map(_try_to_add, [path] * 8))

        assert results.count(True) == 1
        assert path.read_text().splitlines()[1].startswith(first)


def _try_to_add(path: Path) -> bool:
    try:
        add_key(path)
    except KeyFileProblem:
        return False
    return True


@pytest.mark.parametrize(
    "content",
    [pytest.param(os.urandom(32), id="random bytes"), b"x" * 32, b"any words, as long as they are long enough\n"],
)
def test_any_32_bytes_are_a_key_whatever_line_end_an_editor_adds(path: Path, content: bytes) -> None:
    path.write_bytes(content.rstrip(b"\r\n"))
    before = KeyRing.from_file(path).seal("text", "place")
    path.write_bytes(content.rstrip(b"\r\n") + b"\n")

    assert KeyRing.from_file(path).unseal(before, "place") == "text"


def test_a_file_of_any_bytes_can_be_rotated(path: Path) -> None:
    path.write_bytes(b"x" * 32)
    sealed = KeyRing.from_file(path).seal("text", "place")

    add_key(path)

    assert KeyRing.from_file(path).unseal(sealed, "place") == "text"


GOOD = b"0123abcd:" + b64encode(b"x" * 32)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x" * 31, id="31 bytes"),
        pytest.param(b"0123abcd:tooshort" + b" " * 32, id="a short key"),
        pytest.param(GOOD + b"\n" + GOOD, id="the same key twice"),
        pytest.param(GOOD + b"\n0123abce:" + b64encode(b"y" * 32)[:20], id="a torn second line"),
        pytest.param(b"\n".join(GOOD.replace(b"0123", b"012%d" % n) for n in range(3)), id="three keys"),
        pytest.param(b"retired " + GOOD, id="only a retired key"),
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence_and_never_taken_for_another_key(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(KeyFileProblem, match=path.name):
        KeyRing.from_file(path)


def test_a_short_key_in_the_environment_is_refused() -> None:
    with pytest.raises(KeyFileProblem, match="RENUMBER_SECRET_KEY"):
        KeyRing.from_secret("short")


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyFileProblem, match="can't be made"):
        KeyRing.from_file(tmp_path / "absent" / "renumber.key")


def test_a_changed_file_is_read_again_after_a_second_and_not_before(path: Path) -> None:
    create_key_file(path)
    ticks = Ticks()
    ring = KeyRing(KeyFile(path), ticks)
    first = ring.current

    second = add_key(path)

    assert ring.current == first
    ticks.seconds = 1.0
    assert ring.current == second


def test_while_the_file_is_unreadable_the_known_keys_stay_in_use(path: Path) -> None:
    create_key_file(path)
    content = path.read_bytes()
    ticks = Ticks()
    ring = KeyRing(KeyFile(path), ticks)
    first = ring.current

    path.unlink()
    ticks.seconds = 2.0
    assert ring.current == first

    path.write_bytes(b"torn")
    ticks.seconds = 4.0
    assert ring.current == first

    path.write_bytes(content)
    second = add_key(path)
    ticks.seconds = 6.0
    assert ring.current == second
