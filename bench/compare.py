"""What the lines of several runs of `make bench` say, and the table of two trees side by side."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

NUMBER = r" *([\d.]+)"
LOAD = re.compile(
    rf"(\w+) +(\d+) at once:{NUMBER} journeys/s, request p50{NUMBER} ms, p99{NUMBER} ms; CPU per journey:"
    rf" server{NUMBER} ms, database{NUMBER} ms ={NUMBER} x floor;{NUMBER} ms a request above the hash;"
    r" workers ([\d/]+) MB"
)
MEASURES = (
    "journeys/s",
    "p50, ms",
    "p99, ms",
    "server CPU, ms",
    "database CPU, ms",
    "x floor",
    "a request above the hash, ms",
    "a worker, MB",
)
SINGLE = (
    (re.compile(rf"(\w+): ready{NUMBER} s after start"), "{}: ready after, s"),
    (re.compile(rf"(\w+): floor{NUMBER} ms of CPU per journey"), "{}: floor, ms"),
    (re.compile(rf"(.+?):{NUMBER} ms of server CPU = "), "{}, ms of server CPU"),
)
Load = tuple[str, int]
K = TypeVar("K")


@dataclass(frozen=True)
class Run:
    """One run: what each load took, in the order of MEASURES, and what stands on lines of its own."""

    loads: Mapping[Load, Sequence[float]] = field(default_factory=dict)
    singles: Mapping[str, float] = field(default_factory=dict)


def read(lines: Iterable[str]) -> Run:
    """Read what a run has printed; a line of another kind is left out."""
    loads: dict[Load, Sequence[float]] = {}
    singles: dict[str, float] = {}
    for line in lines:
        if found := LOAD.match(line):
            database, at_once, *values, workers = found.groups()
            sizes = [float(size) for size in workers.split("/")]
            loads[database, int(at_once)] = [*map(float, values), sum(sizes) / len(sizes)]
        singles |= {
            name.format(found[1]): float(found[2]) for pattern, name in SINGLE if (found := pattern.match(line))
        }
    return Run(loads, singles)


def table(before: Sequence[Run], after: Sequence[Run]) -> Iterator[str]:
    """Medians of both trees and their ratio, a line for each load, then one for all else that both have."""
    yield f"| database | at once | {' | '.join(MEASURES)} |"
    yield f"|---|---{'|---' * len(MEASURES)}|"
    for load in _both([run.loads for run in before], [run.loads for run in after]):
        pairs = zip(_medians(before, load), _medians(after, load), strict=True)
        yield f"| {load[0]} | {load[1]} | {' | '.join(_compared(one, other) for one, other in pairs)} |"
    yield ""
    yield "| | before | after | ratio |"
    yield "|---|---|---|---|"
    for name in _both([run.singles for run in before], [run.singles for run in after]):
        one, other = (median(run.singles[name] for run in runs) for runs in (before, after))
        yield f"| {name} | {one:g} | {other:g} | {_ratio(one, other)} |"


def _both(before: Sequence[Mapping[K, object]], after: Sequence[Mapping[K, object]]) -> list[K]:
    return [each for each in after[0] if all(each in run for run in (*before, *after))]


def _medians(runs: Sequence[Run], load: Load) -> list[float]:
    return [median(values) for values in zip(*(run.loads[load] for run in runs), strict=True)]


def _compared(before: float, after: float) -> str:
    return f"{before:.4g} → {after:.4g} = {_ratio(before, after)}" if before else f"{after:.4g}"


def _ratio(before: float, after: float) -> str:
    return f"{after / before:.2f}" if before else ""
