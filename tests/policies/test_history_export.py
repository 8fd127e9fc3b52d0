"""The history as a file: what programs and spreadsheets read is what was written, and no cell is a formula."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from renumber.domain.audit.entries import ChainedEntry, ExportFormat
from renumber.policies.audit.export import COLUMNS, exported, heading


def an_entry(**fields: object) -> ChainedEntry:
    more: dict[str, object] = {"account_id": "a" * 32, "seq": 7, "at": datetime(2026, 12, 1, 9, 30, 0, 125000, UTC)}
    more |= {"actor": "owner", "act": "signed_in", "subject": "", "evidence": "password phone"}
    more |= {"origin_digest": b"\x01", "hash": b"\x02"}
    return ChainedEntry(**{**more, **fields})  # type: ignore[arg-type]  # a builder of any field


def csv_rows(*entries: ChainedEntry) -> list[list[str]]:
    written = heading(ExportFormat.CSV) + exported(entries, ExportFormat.CSV)
    assert written.endswith("\r\n")
    return list(csv.reader(io.StringIO(written, newline="")))


def test_both_formats_say_the_same() -> None:
    entry = an_entry(evidence='by "anna", of the Größe')

    [names, cells], line = csv_rows(entry), exported([entry], ExportFormat.JSONL)

    assert names == list(COLUMNS)
    assert dict(zip(names, cells, strict=True)) == {name: str(value) for name, value in json.loads(line).items()}
    assert json.loads(line)["at"] == "2026-12-01T09:30:00.125Z"
    assert heading(ExportFormat.JSONL) == ""


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(text: str) -> None:
    _, cells = csv_rows(an_entry(evidence=text, subject=text))

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert cells[COLUMNS.index("evidence")].startswith("'")


@pytest.mark.parametrize("form", list(ExportFormat))
def test_no_control_character_reaches_the_terminal_of_whoever_looks_at_it(form: ExportFormat) -> None:
    written = exported([an_entry(evidence="by \x1b[31manna\x9b\n\u202e")], form)

    assert written.rstrip("\r\n").isprintable()
