"""What spreadsheets make of a CSV file is read as what was meant, or told by its line."""

from pathlib import Path

import pytest

from renumber.cli.account.csv_file import CsvFile
from tests.cli.operator import ARGON2, Operator

PLAIN = "email,name,locale\na@example.com,Ännchen,de\nb@example.com,Bo,en\n"
MEANT: list[tuple[int, dict[str, str] | str]] = [
    (2, {"email": "a@example.com", "name": "Ännchen", "locale": "de"}),
    (3, {"email": "b@example.com", "name": "Bo", "locale": "en"}),
]
LATER = [(line + 1, row) for line, row in MEANT]

FILES = {
    "UTF-8": (PLAIN.encode(), MEANT),
    "UTF-8 with a mark": (PLAIN.encode("utf-8-sig"), MEANT),
    "UTF-16 with a mark": (PLAIN.encode("utf-16"), MEANT),
    "UTF-16 LE, as “Unicode text”": (b"\xff\xfe" + PLAIN.replace(",", "\t").encode("utf-16-le"), MEANT),
    "UTF-16 BE": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), MEANT),
    "UTF-16 LE without a mark": (PLAIN.encode("utf-16-le"), MEANT),
    "UTF-16 BE without a mark": (PLAIN.encode("utf-16-be"), MEANT),
    "UTF-32": (PLAIN.encode("utf-32"), MEANT),
    "semicolons": (PLAIN.replace(",", ";").encode(), MEANT),
    "tabs": (PLAIN.replace(",", "\t").encode(), MEANT),
    "bars": (PLAIN.replace(",", "|").encode(), MEANT),
    "CR LF": (PLAIN.replace("\n", "\r\n").encode(), MEANT),
    "CR alone": (PLAIN.replace("\n", "\r").encode(), MEANT),
    "no end of the last line": (PLAIN.rstrip().encode(), MEANT),
    "sep=;": (("sep=;\r\n" + PLAIN.replace(",", ";")).encode(), LATER),
    "sep=, in UTF-16": (("SEP=,\r\n" + PLAIN).encode("utf-16"), LATER),
    "sep with a tab": (("sep=\t\n" + PLAIN.replace(",", "\t")).encode(), LATER),
    "sep with a tab in letters": (("sep=\\t\n" + PLAIN.replace(",", "\t")).encode("utf-8-sig"), LATER),
    "sep in quotation marks": (('"sep=;"\n' + PLAIN.replace(",", ";")).encode(), LATER),
    "sep that was filled up": (("sep=;;;\n" + PLAIN.replace(",", ";")).encode(), LATER),
    "sep of another sign": (("sep=^\n" + PLAIN.replace(",", "^")).encode(), LATER),
    "empty columns at the end": (PLAIN.replace("\n", ",,,\n").encode(), MEANT),
    "empty columns at the end of rows": (PLAIN.replace("\n", ",, \n").replace(",, \n", "\n", 1).encode(), MEANT),
    "empty rows at the end": ((PLAIN + ",,\n ,\t,\n\n").encode(), MEANT),
    "an empty row between": (PLAIN.replace("b@", ",,\nb@").encode(), [MEANT[0], (4, MEANT[1][1])]),
    "other names of columns": (PLAIN.replace("email,name", " E-Mail ,\u00a0NAME").encode(), MEANT),
    "names of columns in quotation marks": (PLAIN.replace("email,name", '"Email Address","Name"').encode(), MEANT),
    "apostrophes": (PLAIN.replace("a@", "'a@").replace(",en", ",'en").encode(), MEANT),
    "formulas": (PLAIN.replace("Bo", '"=""Bo"""').replace("b@example.com", '"=""b@example.com"""').encode(), MEANT),
    "invisible characters": (PLAIN.replace("a@", "\ufeffa@").replace("Bo", "\u200bBo\u00a0").encode(), MEANT),
}


@pytest.mark.parametrize(("content", "rows"), FILES.values(), ids=FILES)
def test_a_file_is_read_however_a_spreadsheet_writes_it(tmp_path: Path, content: bytes, rows: list[object]) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)

    assert list(CsvFile(file).rows()) == rows


def test_line_ends_in_quotation_marks_are_part_of_a_cell_and_count_as_lines(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b'email,name\r\na@example.com,"Anna \r\nMuster"\r\n"b@example.com\n",Bo\r\nc@example.com\r\n')

    (_, anna), (_, bo), (line, reason) = CsvFile(file).rows()

    assert isinstance(reason, str)
    assert anna == {"email": "a@example.com", "name": "Anna Muster"}
    assert bo == {"email": "b@example.com", "name": "Bo"}
    assert (line, reason[:16]) == (6, "it has 1 fields ")


SPOILED = {
    "rounded": ("4.91512E+11", "made a number of the column phone"),
    "rounded, in German": ("4,91512E+11", "made a number of the column phone"),
    "rounded, small letter": ("1e+12", "made a number of the column phone"),
    "a decimal": ("4915123456701.0", "made a number of the column phone"),
    "a name that is none": ("#NAME?", "an error of the spreadsheet"),
    "the same in French": ("#NOM?", "an error of the spreadsheet"),
    "a value": ("#VALUE!", "an error of the spreadsheet"),
    "the same in German": ("#WERT!", "an error of the spreadsheet"),
    "nothing found": ("#N/A", "an error of the spreadsheet"),
    "the same in German ": ("#NV", "an error of the spreadsheet"),
    "too narrow": ("########", "an error of the spreadsheet"),
}


def test_what_a_spreadsheet_has_spoiled_is_told_by_line_and_never_read_as_a_number(alone: Operator) -> None:
    good = {"'+4915123456701": "p20", '="+4915123456702"': "p21", "\u200e+49 151 23456703": "p22"}
    cells = {f"p{n}": cell for n, (cell, _) in enumerate(SPOILED.values())} | {who: cell for cell, who in good.items()}
    lines = [f'{who}@example.com;P;"{cell.replace(chr(34), chr(34) * 2)}";DE;WAHR' for who, cell in cells.items()]
    file = alone.writes("people.csv", "sep=;\nemail;name;phone;country;verified\n" + "\n".join(lines))

    said = alone.runs("account", "import", str(file))

    assert said.out == f"{len(good)} created, 0 already there, {len(SPOILED)} bad.\n"
    told = [line for line in said.err.splitlines() if line.startswith("line")]
    for at, (cell, reason) in enumerate(SPOILED.values()):
        assert told[at].startswith(f"line {at + 3}: "), told[at]
        assert reason in told[at], cell
    for number, who in enumerate(good.values(), 701):
        shown = alone.does("account", "show", f"{who}@example.com")
        assert f"+49 ••• ••• {number}" in shown
        assert "not proven yet" not in shown


@pytest.mark.parametrize("name", ["'t Hooft", "#1 Fan", "4E+4"])
def test_a_name_is_taken_as_it_was_typed(tmp_path: Path, name: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        f"email,name,password,password_hash\na@example.com,{name},'secret #REF!,{ARGON2}\n".replace(ARGON2, "")
    )

    ((_, row),) = CsvFile(file).rows()

    assert row == {"email": "a@example.com", "name": name, "password": "'secret #REF!", "password_hash": ""}
