"""The house rules that an import graph does not show."""

import ast
import re
import sys
from collections.abc import Iterator
from typing import TypeGuard

import pytest

from tests.shape.source import SOURCES, Source, imported, imported_by_call

LOADS_COMMANDS = "src/renumber/cli/loading.py"  # each when it is called, since all of them take long to load
SAYS_NOTHING = {"manager", "helper", "util", "utility", "data", "process", "handle", "handler"}
SAYS_NOTHING |= {"managers", "helpers", "utils", "utilities", "processes", "handles", "handlers"}


def test_the_domain_knows_the_standard_library_and_itself_only() -> None:
    strangers = [
        f"{source.name}:{line} {module}"
        for source in SOURCES
        if source.room == "domain"
        for line, module in imported(source.tree)
        if module.split(".")[0] not in sys.stdlib_module_names and not is_within(module, "renumber.domain")
    ]

    assert not strangers


def test_the_demonstration_is_imported_by_the_command_line_only() -> None:
    importers = [
        f"{source.name}:{line}"
        for source in SOURCES
        if source.room not in {"demo", "cli", "__main__"}
        for line, module in imported(source.tree)
        if is_within(module, "renumber.demo")
    ]

    assert not importers


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    hidden = [
        f"{source.name}:{line} {module}"
        for source in SOURCES
        if source.name != LOADS_COMMANDS
        for function in source.functions()
        for line, module in imported(function)
        if is_ours(module)
    ]

    assert not hidden


def test_the_command_line_alone_imports_modules_of_ours_by_a_call() -> None:
    loading = {source.name for source in SOURCES for _, module in imported_by_call(source.tree) if is_ours(module)}

    assert loading == {LOADS_COMMANDS}


@pytest.mark.parametrize(
    "code",
    [
        "import_module('renumber.store')",
        "importlib.import_module(f'renumber.cli.{name}')",
        "resolve_name('renumber.cli.serve:app')",
        "resolve_name(COMMANDS[name])",
        "__import__('renumber.' + name)",
        "load('renumber.store.reads')",
    ],
)
def test_an_import_by_a_call_is_seen(code: str) -> None:
    [(line, module)] = imported(ast.parse(code))

    assert line == 1
    assert is_ours(module)


def test_a_call_that_imports_nothing_of_ours_is_none() -> None:
    assert not list(imported(ast.parse("PackageLoader('renumber.delivery', 'mail'), print('renumber'), f()")))
    assert [module for _, module in imported(ast.parse("import_module('sqlite3')"))] == ["sqlite3"]


def test_names_of_modules_and_classes_say_something() -> None:
    empty = [name for source in SOURCES for name in names(source) if words(name.split(" ")[-1]) & SAYS_NOTHING]

    assert not empty


def test_only_one_place_commits() -> None:
    commits = [
        f"{source.name}:{call.lineno}"
        for source in SOURCES
        if source.room in {"store", "flows"} and not source.is_migration and source.path.name != "commit.py"
        for call in commits_in(source)
    ]

    assert not commits


def is_ours(module: str) -> bool:
    return is_within(module, "renumber") or module.startswith(".")


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def names(source: Source) -> Iterator[str]:
    yield f"{source.name} {source.path.stem}"
    yield from (f"{source.name} {node.name}" for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))


def words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def commits_in(source: Source) -> list[ast.Call]:
    """Find each call of a commit, but for those by which an engine defines what a commit is."""
    defining = {id(node) for function in source.functions() if function.name == "commit" for node in ast.walk(function)}
    return [node for node in ast.walk(source.tree) if is_commit(node) and id(node) not in defining]


def is_commit(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
