"""`make bench ARGS="--before REV"`: this tree and an older one in turn, each with its own benchmark, in one table."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import compare

ROOT = Path(__file__).resolve().parents[1]
INSTALLED, HASH = ".venv/.installed-dev", ".venv/.hash"


def measure_both(revision: str, rounds: int) -> None:
    """Measure before, after, before, after …, and print the medians."""
    with tree_of(revision) as older:
        hashes = kind_of_hash(older), kind_of_hash(ROOT)
        runs: dict[str, list[compare.Run]] = {"before": [], "after": []}
        for number in range(1, rounds + 1):
            for name, tree in (("before", older), ("after", ROOT)):
                print(f"{name}, run {number} of {rounds}", flush=True)
                runs[name].append(compare.read(_run(tree)))
    print(f"\nBefore is {revision}; medians of {rounds} runs of each, in turn.")
    differ = "both" if hashes[0] == hashes[1] else f"they DIFFER: {hashes[0]} before, and after"
    print(f"The password hash: {differ} {hashes[1]}.")
    print("\n".join(["", *compare.table(runs["before"], runs["after"])]))


@contextmanager
def tree_of(revision: str) -> Iterator[Path]:
    """A checkout of a revision, installed by its own Makefile, gone when the block ends."""
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    tree = Path(tempfile.mkdtemp(prefix="before-", dir=folder))
    try:
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, revision], cwd=ROOT, check=True)
        _install(tree)
        yield tree
    finally:
        shutil.rmtree(tree)
        subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)


def _install(tree: Path) -> None:
    has_hash = f"\n{HASH}:" in (tree / "Makefile").read_text()
    targets = [INSTALLED, HASH] if has_hash else [INSTALLED]
    subprocess.run(["make", *targets, f"PYTHON={sys.executable}"], cwd=tree, env=_environment(), check=True)


def kind_of_hash(tree: Path) -> str:
    """How the password hash of a tree was made: the published wheel names the oldest Linux that it runs on."""
    [wheel] = (tree / ".venv").glob("lib/python*/site-packages/argon2_cffi_bindings-*.dist-info/WHEEL")
    made_for = wheel.read_text()
    return "as published" if "manylinux" in made_for or "musllinux" in made_for else "built here"


def _run(tree: Path) -> Iterator[str]:
    """Run the benchmark of a tree, and give its lines, which are shown as well."""
    command = [str(tree / ".venv/bin/python"), "-m", "bench"]
    with subprocess.Popen(command, cwd=tree, env=_environment(), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout, "it was started with a pipe"
        for line in running.stdout:
            print(f"  {line}", end="", flush=True)
            yield line
    if running.returncode:
        raise SystemExit(f"The benchmark of {tree} has failed.")


def _environment() -> dict[str, str]:
    """Ours, without what a make tells the makes below it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
