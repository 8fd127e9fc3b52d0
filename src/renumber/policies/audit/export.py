"""The history as a file: JSON Lines, or CSV by RFC 4180; times in UTC, text in UTF-8."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime

from renumber.domain.audit.entries import ChainedEntry, ExportFormat

COLUMNS = ("account_id", "seq", "actor", "act", "subject", "evidence", "at", "origin_digest", "hash")
MEDIA_TYPES = {ExportFormat.JSONL: "application/x-ndjson", ExportFormat.CSV: "text/csv"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate instead of show (OWASP, CSV Injection)."""


def heading(form: ExportFormat) -> str:
    """Give what stands on top of the file."""
    return f"{','.join(COLUMNS)}\r\n" if form is ExportFormat.CSV else ""


def exported(entries: Sequence[ChainedEntry], form: ExportFormat) -> str:
    """Write entries as lines of the file."""
    return _csv(entries) if form is ExportFormat.CSV else _json_lines(entries)


def _json_lines(entries: Sequence[ChainedEntry]) -> str:
    return "".join(f"{json.dumps(_cells(entry))}\n" for entry in entries)


def _csv(entries: Sequence[ChainedEntry]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([_shown(cell) for cell in _cells(entry).values()] for entry in entries)
    return lines.getvalue()


def _cells(entry: ChainedEntry) -> dict[str, str | int]:
    return {
        "account_id": entry.account_id,
        "seq": entry.seq,
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "evidence": entry.evidence,
        "at": in_utc(entry.at),
        "origin_digest": entry.origin_digest.hex(),
        "hash": entry.hash.hex(),
    }


def _shown(cell: str | int) -> str | int:
    """Put an apostrophe before whatever a spreadsheet would take for a formula, and spell control characters out."""
    if not isinstance(cell, str):
        return cell
    plain = cell if cell.isprintable() else json.dumps(cell)[1:-1]
    return f"'{plain}" if cell.startswith(FORMULA) else plain


def in_utc(at: datetime) -> str:
    """Write a time by ISO 8601, with its milliseconds."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
