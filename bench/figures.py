"""`python -m bench.figures`: the sizes of functions, files and folders, and the way of six acts through our files.

With `--files` the files that somebody opens for each act are listed too.
"""

import ast
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import structlog

from bench.acts import six_acts
from bench.in_process import running
from bench.walk import PACKAGE, Walk

ROOT = Path(__file__).parents[1]
# Files, files to open, hops: before every act was a function of one context, counted by the same rule.
BEFORE = {
    "asking for the change": (45, 16, 309),
    "pressing the link": (35, 9, 233),
    "entering the number": (45, 15, 336),
    "proving it": (49, 18, 453),
    "password": (46, 17, 352),
    "push answer": (38, 12, 252),
}


def main() -> None:
    """Print every figure."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # the lines of the requests are of no interest
    walks = asyncio.run(_walks())
    listed = [f"{act}: {', '.join(sorted(walk.to_open))}" for act, walk in walks.items()]
    print("\n".join([*sizes(), "", *ways(walks), *(listed if "--files" in sys.argv else [])]))


async def _walks() -> dict[str, Walk]:
    async with running() as service:
        return await six_acts(service)


def sizes() -> Iterator[str]:
    """How long functions and files of the service are, but for migrations; the fullest folders of all."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    functions = [length for text in texts for length in _function_lengths(text)]
    yield f"Functions: {_summary(functions)} lines"
    yield f"Files:     {_summary([len(text.splitlines()) for text in texts])} lines"
    yield f"Folders:   {', '.join(f'{folder} {count}' for folder, count in _fullest())}"


def _function_lengths(text: str) -> list[int]:
    made = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in made]


def _summary(lengths: Sequence[int]) -> str:
    ordered = sorted(lengths)
    p95 = ordered[max(0, int(len(ordered) * 0.95) - 1)]
    return f"{len(ordered)}, median {median(ordered):.0f}, p95 {p95}, longest {ordered[-1]}"


def _fullest() -> list[tuple[str, int]]:
    files = [path for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*.py")]
    return Counter(str(path.parent.relative_to(ROOT)) for path in files).most_common(5)


def ways(walks: dict[str, Walk]) -> Iterator[str]:
    """The table of files and hops, with those of before."""
    yield f"{'':24}{'files':>14}{'to open':>14}{'hops':>14}"
    for act, walk in walks.items():
        now = (len(walk.files), len(walk.to_open), walk.hops)
        cells = (f"{count} ({before})" for count, before in zip(now, BEFORE[act], strict=True))
        yield f"{act:24}" + "".join(f"{cell:>14}" for cell in cells)
    yield "In brackets: before every act was one function of one context (commit e8bcdb5)."


if __name__ == "__main__":
    main()
