#!/usr/bin/env python3
"""Writes docs/events: the JSON Schema of each event, from the code.

`--write` renews the files; without it the script only says which are no longer true, and ends with 1.
"""

import json
import sys
from pathlib import Path

from renumber.policies.events.schemas import schema_of
from renumber.policies.events.types import EventType

FOLDER = Path(__file__).parents[1] / "docs" / "events"


def wanted() -> dict[Path, str]:
    """Every file of the folder, as it has to be."""
    return {FOLDER / f"{one.value}.json": f"{json.dumps(schema_of(one), indent=2)}\n" for one in EventType}


def main() -> int:
    """Compare, or write."""
    files = wanted()
    there = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if "--write" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        for path in there.keys() - files.keys():
            path.unlink()
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        return 0
    wrong = sorted(path.name for path in there.keys() | files.keys() if there.get(path) != files.get(path))
    if wrong:
        sys.stderr.write(f"Run this with --write: {', '.join(wrong)}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
