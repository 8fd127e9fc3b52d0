"""Installs what the named lock files pin into .venv, says how far it is, and with --service also Renumber itself.

Everything comes as wheels: nothing is built but Renumber. What uv on the path can't do, pip does.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = str(ROOT / ".venv/bin/python")
PIP = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--no-deps", "--no-compile"]
# With the certificates of the machine, as pip has them.
UV = ["uv", "pip", "install", "--quiet", "--native-tls", "--python", PYTHON, "--no-deps"]
PINNED = ["--require-hashes", "--only-binary", ":all:"]
FROM_SOURCE = {"http-ece"}  # of the tests, and published without a wheel
OURS = ["--no-build-isolation", "--editable", str(ROOT)]
NO_NETWORK = (
    "The packages could not be fetched. Look at the network, at HTTPS_PROXY if there is a proxy, and at PIP_INDEX_URL "
    "if there is an index of your own; then run make again: it goes on where it stopped."
)
# What pip says when nobody answers; with an index that answers, it names a version or a hash instead.
UNREACHED = ("connection broken", "NewConnectionError", "ConnectTimeout", "Could not fetch URL", "from versions: none")


def main(arguments: Sequence[str]) -> int:
    locks = [each for each in arguments if each != "--service"]
    wanted = sum(_pinned(lock) for lock in locks)
    _say(f"Installing {wanted} packages")
    code = _install([*_without_wheels(locks), *(part for lock in locks for part in ("-r", lock))], wanted)
    if code == 0 and "--service" in arguments:
        _say("Installing Renumber")
        code = _install(OURS, 0)
    return code


def _install(what: list[str], wanted: int) -> int:
    if shutil.which("uv") and subprocess.run([*UV, *what], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return 0
    said: list[str] = []
    with subprocess.Popen([*PIP, *what], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None, "it was started with a pipe"
        for line in pip.stdout:
            said.append(line.rstrip())
            if wanted and sys.stdout.isatty():
                _show_progress(said, wanted)
    if pip.returncode:
        _explain(said)
    return pip.returncode


def _show_progress(said: Sequence[str], wanted: int) -> None:
    found = sum(line.startswith(("Collecting", "Requirement already")) for line in said)
    is_over = said[-1].startswith(("Installing collected", "Successfully"))
    step = "unpacking" if is_over else f"{found} of {wanted} found"
    print(f"\r\033[KInstalling {wanted} packages: {step}", end="\n" if is_over else "", flush=True)


def _explain(said: list[str]) -> None:
    problems = [line for line in said if line.startswith("ERROR") or "error:" in line.lower()] or said[-10:]
    print("\n".join(problems), file=sys.stderr)
    if any(sign in line for line in said for sign in UNREACHED):
        print(NO_NETWORK, file=sys.stderr)


def _pinned(lock: str) -> int:
    return sum("==" in line for line in Path(lock).read_text().splitlines())


def _without_wheels(locks: Sequence[str]) -> list[str]:
    """Pin how each is installed: as a wheel, but for the few that have none, which build with what is pinned too."""
    names = {line.partition("==")[0] for lock in locks for line in Path(lock).read_text().splitlines()}
    from_source = [part for name in sorted(names & FROM_SOURCE) for part in ("--no-binary", name)]
    return [*PINNED, *from_source, *(["--no-build-isolation"] if from_source else [])]


def _say(sentence: str) -> None:
    print(f"{sentence} …", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run make again: it goes on where it stopped.")
