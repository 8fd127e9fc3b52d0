#!/usr/bin/env python3
"""Draws the rooms of the house into docs/architecture.md, and finds the lines that its links lead to.

`--write` renews the page; without it the script only says what is no longer true, and ends with 1.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "renumber"
PAGE = ROOT / "docs" / "architecture.md"
DRAWN = re.compile(r"(<!-- drawn by scripts/draw_house\.py -->\n).*?(<!-- end -->)", re.DOTALL)
LINK = re.compile(r"\[`([^`]+)`\]\(\.\./(src/renumber/[\w/]+\.py)#L(\d+)\)")
WIDTH = 118


@dataclass(frozen=True)
class Room:
    """A folder of the package, or a file that is a room by itself."""

    name: str

    @cached_property
    def paths(self) -> list[Path]:
        """Its files."""
        folder = PACKAGE / self.name
        return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]

    @property
    def is_there(self) -> bool:
        """Whether it has been built."""
        return bool(self.paths) and self.paths[0].exists()

    @property
    def about(self) -> str:
        """The docstring of the room."""
        return ast.get_docstring(ast.parse(self.paths[0].read_text(encoding="utf-8"))) or ""

    @property
    def box(self) -> list[str]:
        """Its name, how many files it has, and about how many lines."""
        lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in self.paths)
        count = len(self.paths)
        shown = f"{lines} line{'s' if lines > 1 else ''}" if lines < 100 else f"{round(lines, -2)} lines"
        return [self.name, f"{count} file{'s' if count > 1 else ''}", shown]

    @cached_property
    def imports(self) -> set[str]:
        """The rooms that it imports."""
        return {name for path in self.paths for name in _rooms_in(path)} - {self.name}


def _rooms_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "renumber":
            parts = (node.module or "").split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]


def layers() -> list[list[Room]]:
    """Read the rooms from above to below from the contract that import-linter holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    named = [re.findall(r"\w+", layer) for layer in contract["layers"]]
    there = [[room for name in names if (room := Room(name)).is_there] for names in named]
    return [rooms for rooms in there if rooms]


def drawing() -> str:
    """Draw each layer as a row of boxes, and say of each room what it is and what it imports."""
    rows = ("\n".join(_row(rooms)) for rooms in layers())
    arrow = f"\n{'▼'.center(WIDTH).rstrip()}\n"
    drawn = "\n".join(line.rstrip() for line in arrow.join(rows).splitlines())
    return f"```\n{drawn}\n```\n\n{table()}\n"


def _row(rooms: list[Room]) -> list[str]:
    boxes = [_box(room.box) for room in rooms]
    return ["  ".join(parts).center(WIDTH) for parts in zip(*boxes, strict=True)]


def _box(texts: list[str]) -> list[str]:
    inside = max(len(text) for text in texts) + 2
    return [f"┌{'─' * inside}┐", *(f"│{text.center(inside)}│" for text in texts), f"└{'─' * inside}┘"]


def table() -> str:
    """List the rooms from below to above, so that each row needs only those before it."""
    rooms = [room for layer in reversed(layers()) for room in layer]
    order = [room.name for room in rooms]
    rows = [f"| `{room.name}` | {room.about.partition(chr(10))[0]} | {_named(room, order)} |" for room in rooms]
    return "\n".join(["| room | what it is | imports |", "|---|---|---|", *rows])


def _named(room: Room, order: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in order if name in room.imports)


def renewed(page: str) -> str:
    """The page with its drawing and its links as the code is now."""
    with_drawing = DRAWN.sub(lambda found: f"{found[1]}{drawing()}{found[2]}", page)
    return LINK.sub(lambda found: _link(found[1], ROOT / found[2]), with_drawing)


def _link(name: str, path: Path) -> str:
    """Lead to the definition of a name or the only line with a text: in the same file, or where it has gone."""
    lines = lines_with(name, path) if path.exists() else []
    if not lines:
        elsewhere = [(other, line) for other in sorted(PACKAGE.rglob("*.py")) for line in lines_with(name, other)]
        if len(elsewhere) != 1:
            raise SystemExit(f"docs/architecture.md: `{name}` is not in {path.relative_to(ROOT)} any more.")
        path, lines = elsewhere[0][0], [elsewhere[0][1]]
    return f"[`{name}`](../{path.relative_to(ROOT)}#L{lines[0]})"


def lines_with(name: str, path: Path) -> list[int]:
    """Find where a name is defined, or each line that holds a text which is no name."""
    text = path.read_text(encoding="utf-8")
    if not name.isidentifier():
        return [number for number, line in enumerate(text.splitlines(), 1) if name in line]
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, defined) and node.name == name]
    return sorted(node.lineno for node in found) or _assigned(name, text)


def _assigned(name: str, text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if re.match(rf"{name}\b.*=", line)]


def main() -> None:
    """Renew the page, or say that it is out of date."""
    page = PAGE.read_text(encoding="utf-8")
    now = renewed(page)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(now, encoding="utf-8")
    elif now != page:
        raise SystemExit("docs/architecture.md is out of date: `make figures` renews it.")


if __name__ == "__main__":
    main()
