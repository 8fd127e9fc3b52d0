"""What this machine spends: CPU and memory of trees of processes, read from /proc."""

import os
import statistics
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {
        pid: _parent(pid) for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    }
    found = [root]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def cpu_seconds(root: int) -> float:
    """The CPU time of a tree, its ended children included."""
    spent = 0
    for pid in tree(root):
        fields = _stat(pid)
        spent += sum(int(value) for value in (fields[11:13] if pid != root else fields[11:15])) if fields else 0
    return spent / TICKS


def memory_megabytes(root: int) -> list[float]:
    """Resident memory of each process of a tree, the largest first."""
    sizes = []
    for pid in tree(root):
        try:
            sizes.append(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6)
        except OSError:
            continue
    return sorted(sizes, reverse=True)


def noise(rounds: int = 15) -> float:
    """How much the same work differs from time to time here: the spread of its time over its median."""
    times = [_busy() for _ in range(rounds)]
    return (max(times) - min(times)) / statistics.median(times)


def _busy() -> float:
    started = time.perf_counter()
    sum(number * number for number in range(200_000))
    return time.perf_counter() - started
