"""Compares every pinned library with known advisories, and ends with 1 if one of them names a pinned version.

Three sources, in the form of the Open Source Vulnerabilities schema: `advisories.toml`, an export of a database that
ADVISORIES names (a zip or a folder of JSON files), and the service that ADVISORY_SERVICE names (`off` for none), which
is told names and versions, and nothing else. A service that can't be reached is told, and fails nothing: a machine
without the network must be able to check the rest.
"""

import json
import os
import sys
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from scripts.locked import ROOT, Pinned, read_locks

KNOWN = ROOT / "advisories.toml"
SERVICE = "https://api.osv.dev/v1/querybatch"
ANSWERS_WITHIN = 10.0  # seconds
MOST_BYTES = 8 << 20
ECOSYSTEM = "PyPI"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """An advisory that names a pinned version."""

    library: str
    version: str
    id: str


class NotReached(Exception):
    """The service doesn't answer, or not in its own words."""


def main() -> None:
    """Check all lock files."""
    pins = read_locks()
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    found, sources = set(named_by(records_of(known["known"]), pins)), [KNOWN.name]
    export = os.environ.get("ADVISORIES")
    if export:
        found |= set(named_by(records_in(Path(export)), pins))
        sources.append(export)
    service = os.environ.get("ADVISORY_SERVICE") or SERVICE
    if service != "off":
        try:
            found |= set(asked(service, pins))
            sources.append("the advisory service")
        except NotReached as problem:
            print(f"The advisory service can't be reached ({problem}): it was not asked.")
    sys.exit(verdict(sorted(found), known.get("accepted", {}), f"{len(pins)} pinned versions, {', '.join(sources)}"))


def verdict(found: Sequence[Found], accepted: Mapping[str, str], compared: str) -> int:
    """Say what was found, and give the exit code."""
    open_ones = [one for one in found if one.id not in accepted]
    for one in found:
        why = f" (accepted: {accepted[one.id]})" if one.id in accepted else ""
        print(f"{one.library} {one.version}: {one.id}{why}")
    print(f"Advisories: {len(open_ones) or 'none'} open ({compared}).")
    return 1 if open_ones else 0


def records_of(known: Iterable[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """Write the entries of our own file as records of the schema."""
    for entry in known:
        events = [{"introduced": entry["introduced"]}, {"fixed": entry["fixed"]}]
        package = {"ecosystem": ECOSYSTEM, "name": entry["library"]}
        affected = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
        yield {"id": entry["id"], "affected": [affected]}


def records_in(export: Path) -> Iterator[dict[str, Any]]:
    """Read an export: a zip of JSON files, or a folder of them."""
    if export.is_dir():
        for file in sorted(export.rglob("*.json")):
            yield json.loads(file.read_text(encoding="utf-8"))
        return
    with zipfile.ZipFile(export) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def named_by(records: Iterable[Mapping[str, Any]], pins: Sequence[Pinned]) -> Iterator[Found]:
    """Find the pinned versions that records name; one that was withdrawn names none."""
    by_name: dict[str, list[Pinned]] = {}
    for pin in pins:
        by_name.setdefault(canonicalize_name(pin.name), []).append(pin)
    for record in records:
        if record.get("withdrawn"):
            continue
        for affected in record.get("affected", ()):
            package = affected.get("package", {})
            if package.get("ecosystem") == ECOSYSTEM:
                for pin in by_name.get(canonicalize_name(package["name"]), ()):
                    if is_affected(pin.version, affected):
                        yield Found(pin.name, pin.version, record["id"])


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Say whether a version is listed, or lies in a range of versions."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM"]
    return any(lies_in(Version(version), one["events"]) for one in ranges)


def lies_in(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """Follow the events of a range in order, up to this version; one that can't be read doesn't end the range."""
    inside = False
    for at, kind in sorted(placed(events)):
        if kind == "introduced" and at <= version:
            inside = True
        elif (kind == "fixed" and at <= version) or (kind == "last_affected" and at < version):
            inside = False
    return inside


def placed(events: Iterable[Mapping[str, str]]) -> Iterator[tuple[Version, str]]:
    """Give each event its place; `0` is before all versions."""
    for event in events:
        for kind, written in event.items():
            try:
                yield Version("0.dev0" if written == "0" else written), kind
            except InvalidVersion:
                continue


def asked(service: str, pins: Sequence[Pinned]) -> Iterator[Found]:
    """Ask the service about all pinned versions at once."""
    queries = [{"package": {"ecosystem": ECOSYSTEM, "name": pin.name}, "version": pin.version} for pin in pins]
    answers = _posted(service, {"queries": queries}).get("results")
    if not isinstance(answers, list) or len(answers) != len(pins):
        raise NotReached("it answers something else")
    for pin, answer in zip(pins, answers, strict=True):
        for one in (answer or {}).get("vulns", ()):
            yield Found(pin.name, pin.version, one["id"])


def _posted(service: str, body: Mapping[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 -- the operator's own choice
        service, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN) as reply:  # noqa: S310
            answer = json.loads(reply.read(MOST_BYTES))
    except (OSError, ValueError) as problem:
        raise NotReached(getattr(problem, "reason", None) or type(problem).__name__) from None
    if not isinstance(answer, dict):
        raise NotReached("it answers something else")
    return answer


if __name__ == "__main__":
    main()
