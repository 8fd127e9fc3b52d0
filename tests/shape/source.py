"""The tree as the shape tests read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "renumber"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file of the package."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        parts = self.path.relative_to(PACKAGE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @cached_property
    def lines(self) -> int:
        return len(self.path.read_text(encoding="utf-8").splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), self.name)

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


SOURCES = [Source(path) for path in sorted(PACKAGE.rglob("*.py"))]


MODULES = {source.module: source for source in SOURCES}
LOADERS = {"import_module", "resolve_name", "run_module", "__import__"}
READS_FILES_ONLY = {"PackageLoader"}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List each imported name, with its module and line, also of those imported by a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
    yield from imported_by_call(tree)


def imported_by_call(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List what is imported by a call; a name that is computed ends with a star, and may be anything of ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name, target = called(node.func), named(node.args[0])
            is_ours = target.startswith("renumber.") and target != "renumber.*" and name not in READS_FILES_ONLY
            if name in LOADERS or is_ours:
                yield node.lineno, target


def called(function: ast.expr) -> str:
    """The last name of what is called."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def named(argument: ast.expr) -> str:
    """The module that a text names, or the beginning of its name and a star."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value.partition(":")[0]
    known = argument.values[0] if isinstance(argument, ast.JoinedStr) and argument.values else argument
    known = known.left if isinstance(known, ast.BinOp) else known
    return f"{known.value!s}*" if isinstance(known, ast.Constant) else "renumber.*"
