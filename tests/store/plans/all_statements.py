"""Every statement of the store, found by walking what its modules hold: no list of them can be forgotten."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from inspect import signature
from types import ModuleType

import renumber.store
from renumber.store.database.statement import Statement

SIZES = (1, 3)  # with which statements for several values are made


def all_statements() -> list[tuple[str, Statement]]:
    """Give each statement once, with where it stands."""
    found: dict[int, tuple[str, Statement]] = {}
    for module in _modules():
        for where, statement in _held_by(module):
            found.setdefault(id(statement), (where, statement))
    return list(found.values())


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(renumber.store.__path__, "renumber.store."):
        if ".migrations" not in module.name:
            yield importlib.import_module(module.name)


def _held_by(module: ModuleType) -> Iterator[tuple[str, Statement]]:
    for name, value in vars(module).items():
        where = f"{module.__name__.removeprefix('renumber.store.')}.{name}"
        yield from _in(where, value, set())


def _in(where: str, value: object, seen: set[int]) -> Iterator[tuple[str, Statement]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Statement):
        yield where, value
    elif hasattr(value, "cache_parameters"):
        for size in SIZES if _makes_statements(value) else ():
            yield from _in(f"{where}({size})", value(size), seen)  # type: ignore[operator]  # a cached function is one
    else:
        for name, part in _parts(value):
            yield from _in(f"{where}.{name}", part, seen)


def _makes_statements(function: object) -> bool:
    return signature(function).return_annotation is Statement  # type: ignore[arg-type]  # as above


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((str(key), part) for key, part in value.items())
    elif isinstance(value, list | tuple):
        yield from ((str(place), part) for place, part in enumerate(value))
    elif type(value).__module__.startswith("renumber.store"):
        names = getattr(type(value), "__slots__", ()) or getattr(value, "__dict__", {})
        yield from ((name, getattr(value, name)) for name in names if hasattr(value, name))
