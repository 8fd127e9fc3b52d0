"""The installation of what the lock files pin: where it can't go on, a sentence says why."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harness.ports import free_port

SCRIPT = Path(__file__).parents[2] / "scripts/install_packages.py"
ABSENT = "renumber-absent"


def installed(folder: Path, wanted_hash: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Install one package by a lock file, with pip alone, and with nothing but these settings of pip."""
    lock = folder / "absent.lock"
    lock.write_text(f"{ABSENT}==1.0 \\\n    --hash=sha256:{wanted_hash}\n")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(lock)],
        env={
            **inherited,
            "PATH": "/usr/bin:/bin",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_CACHE_DIR": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def a_wheel(folder: Path) -> Path:
    wheel, info = folder / "renumber_absent-1.0-py3-none-any.whl", "renumber_absent-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as content:
        content.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {ABSENT}\nVersion: 1.0\n")
        content.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        content.writestr(f"{info}/RECORD", "")
    return wheel


def test_without_a_network_it_says_so_and_that_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/simple"

    ended = installed(tmp_path, "0" * 64, PIP_INDEX_URL=nowhere, PIP_RETRIES="0")

    assert ended.returncode != 0
    assert ended.stdout == "Installing 1 packages …\n"
    assert "The packages could not be fetched. Look at the network" in ended.stderr
    assert "it goes on where it stopped" in ended.stderr


def test_a_package_that_is_not_the_pinned_one_is_refused_and_the_network_is_not_blamed(tmp_path: Path) -> None:
    wheel = a_wheel(tmp_path)
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() != "0" * 64

    ended = installed(tmp_path, "0" * 64, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))

    assert ended.returncode != 0
    assert "DO NOT MATCH THE HASHES" in ended.stderr
    assert "network" not in ended.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-build.lock"])
def test_what_the_service_needs_is_named_with_hashes_and_no_package_is_left_to_be_built(lock: str) -> None:
    words = (SCRIPT.parents[1] / lock).read_text()

    assert words.count("==") <= words.count("--hash=sha256:")
    assert "http-ece" not in words  # published without a wheel
