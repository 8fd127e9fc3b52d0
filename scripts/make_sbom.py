"""Writes the list of parts that a running service has: CycloneDX, as JSON, from the lock file.

Licences are those that the installed packages state; one that is only for another platform has none. The same lock
gives the same file: its serial number comes from what it lists, and it has a time only where SOURCE_DATE_EPOCH gives
one.
"""

import json
import os
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from renumber import __version__
from scripts.locked import ROOT, Pinned, read_locks

WRITTEN = ROOT / "build" / "renumber.cdx.json"
NAMESPACE = uuid.UUID("b5a4a1c8-6d1b-5c57-9f0e-2f7d6a0f3f51")
CLASSIFIER = "License :: OSI Approved :: "
MOST_NAME = 60  # characters: what is longer is the text of a licence, not its name


def main() -> None:
    """Write the list, and say where it is."""
    target = Path(sys.argv[1]) if sys.argv[1:] else WRITTEN
    target.parent.mkdir(parents=True, exist_ok=True)
    parts = read_locks("requirements.lock")
    target.write_text(listed(parts), encoding="utf-8")
    print(f"{target} lists {len(parts)} parts.")


def listed(parts: list[Pinned]) -> str:
    """List the parts of the service."""
    bom = Bom()
    bom.metadata.component = service()
    for part in parts:
        bom.components.add(component(part))
    bom.register_dependency(bom.metadata.component, bom.components)
    return json.dumps(reproducible(json.loads(JsonV1Dot6(bom).output_as_string())), indent=2, ensure_ascii=False) + "\n"


def reproducible(listing: dict[str, Any]) -> dict[str, Any]:
    """Put what the list itself gives in the place of chance and of the time of day."""
    listing.pop("serialNumber")
    listing["metadata"].pop("timestamp")
    serial = uuid.uuid5(NAMESPACE, json.dumps(listing, sort_keys=True))
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        listing["metadata"]["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    return {**listing, "serialNumber": serial.urn}


def service() -> Component:
    """Describe the service itself."""
    return Component(
        name="renumber",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref="renumber",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )


def component(part: Pinned) -> Component:
    """Describe a library: each digest is of one of the archives that may be installed."""
    purl = PackageURL("pypi", name=part.name, version=part.version)
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=licences(part.name),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in part.digests],
    )


def licences(name: str) -> list[License]:
    """Read the licence that an installed package states: an expression, a short text, or classifiers."""
    try:
        stated = metadata(name)
    except PackageNotFoundError:
        return []
    factory = LicenseFactory()
    short = _first(stated, "License-Expression") or _first(stated, "License")
    if short and len(short) <= MOST_NAME:
        return [factory.make_from_string(short)]
    classified = [line.removeprefix(CLASSIFIER) for line in stated.get_all("Classifier", []) if CLASSIFIER in line]
    return [factory.make_from_string(text) for text in classified]


def _first(stated: PackageMetadata, field: str) -> str:
    found = stated.get_all(field, [])
    return str(found[0]).strip().partition("\n")[0].strip() if found else ""  # some put the whole text there


if __name__ == "__main__":
    main()
