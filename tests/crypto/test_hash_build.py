"""The password hash that `make install` builds: where it can't be built the published one stays, and nothing fails."""

import subprocess

from tests.shape.source import ROOT


def test_a_machine_without_a_compiler_keeps_the_published_hash_without_a_word() -> None:
    command = [str(ROOT / "scripts/build-native"), "--for-avx2"]

    ran = subprocess.run(command, env={"PATH": "/usr/bin:/bin", "CC": "/no/compiler"}, capture_output=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
