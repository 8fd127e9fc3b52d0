"""The list of parts: whole, valid, the same for the same lock, and silent about the machine that made it."""

import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.locked import read_locks
from scripts.make_sbom import listed

PARTS = read_locks("requirements.lock")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("SOURCE_DATE_EPOCH", raising=False)
        return listed(PARTS)


def test_it_fits_the_schema_of_cyclonedx(text: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_a_list_that_does_not_fit_is_refused(text: str) -> None:
    broken = {**json.loads(text), "components": [{"name": "x"}]}

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken)) is not None


def test_it_names_every_locked_library_with_version_purl_and_the_digest_of_each_archive(text: str) -> None:
    found = {one["name"]: one for one in json.loads(text)["components"]}

    assert set(found) == {part.name for part in PARTS}
    for part in PARTS:
        one = found[part.name]
        assert (one["version"], one["purl"]) == (part.version, f"pkg:pypi/{part.name}@{part.version}")
        assert sorted(digest["content"] for digest in one["hashes"]) == list(part.digests)
        assert {digest["alg"] for digest in one["hashes"]} == {"SHA-256"}


def test_what_is_installed_is_listed_with_its_licence(text: str) -> None:
    without = {one["name"] for one in json.loads(text)["components"] if not one.get("licenses")}

    assert without <= {"colorama", "httpx2-jsfetch"}  # for other platforms


def test_the_same_lock_gives_the_same_list_and_another_lock_another_number(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = json.loads(text)["serialNumber"]

    assert listed(PARTS) == text
    assert json.loads(listed(PARTS[1:]))["serialNumber"] != number
    assert "timestamp" not in json.loads(text)["metadata"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764500000")
    dated = json.loads(listed(PARTS))
    assert (dated["serialNumber"], dated["metadata"]["timestamp"]) == (number, "2025-11-30T10:53:20+00:00")


def test_it_holds_no_path_of_the_machine_and_no_address_but_that_of_its_schema(text: str) -> None:
    assert str(ROOT) not in text
    assert str(Path.home()) not in text
    assert set(re.findall(r"\w+://[^\"\s]+", text)) == {"http://cyclonedx.org/schema/bom-1.6.schema.json"}
