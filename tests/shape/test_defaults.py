"""House rule: the default of a setting stands in one place; the table takes it from there, or is that place itself."""

import ast
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pytest

from renumber.flows.services import Rules
from renumber.policies.limits import Limits
from renumber.policies.numbers import NumberRules
from renumber.policies.retention import Retention
from renumber.policies.support.recovery import RecoveryRules
from renumber.settings import Argon2, Settings
from renumber.settings.settings import TABLE
from tests.shape.source import SOURCES

# All that is filled from settings, with what stands in front of its fields' names in the table.
FILLED: dict[type[Any], str] = {
    Settings: "",
    Rules: "",
    Limits: "",
    NumberRules: "",
    Retention: "",
    Argon2: "argon2_",
    RecoveryRules: "recovery_",
}


def defaulted(kind: type[Any], prefix: str) -> set[str]:
    """The settings whose fields have a default of their own in a class."""
    assert is_dataclass(kind)
    has = {each.name for each in fields(kind) if each.default is not MISSING or each.default_factory is not MISSING}
    return {f"{prefix}{name}" for name in has} & {row.field for row in TABLE}


def written_out() -> set[str]:
    """The settings whose default is written out in the table, as a text."""
    calls = [
        node
        for source in SOURCES
        if source.room == "settings"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Setting"
    ]
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        for given in call.keywords
        if given.arg == "default" and isinstance(given.value, ast.Constant) and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize(("kind", "prefix"), FILLED.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_no_default_is_written_out_a_second_time(kind: type[Any], prefix: str) -> None:
    assert defaulted(kind, prefix) & written_out() == set()


def test_the_settings_themselves_have_no_default_but_those_of_the_table() -> None:
    assert defaulted(Settings, "") == set()


def test_the_defaults_that_are_written_out_are_found() -> None:
    assert {"base_url", "reenrolment_requires_factor", "workers"} <= written_out()
    assert defaulted(Limits, "") >= {"link_for", "strangers_kept_for"}


def test_a_default_of_the_policies_is_that_of_the_table() -> None:
    settings = Settings.from_environment({})

    assert settings.limits == Limits()
    assert settings.numbers == NumberRules()
    assert settings.argon2 == Argon2()
    assert settings.recovery == RecoveryRules()
