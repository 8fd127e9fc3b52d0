"""A CSV file as spreadsheets and databases write it, read in bounded memory."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, TextIO

from renumber.cli.account.cells import SpoiledCell, read_cell
from renumber.cli.account.csv_encoding import UnusableFile, encoding_of

WANTED = ("email", "name")
PASSWORDS = ("password_hash", "password")
KNOWN = (*WANTED, "locale", "phone", "country", "verified", "organisation", *PASSWORDS)
LONGEST_FIELD = 8192  # characters: a quotation mark that is never closed must not swallow the file
DELIMITERS = ",;\t|"
NAMED_DELIMITER = re.compile(r"""["']?sep=(\\t|[^\w"'\s]|\t)["']?[,;\s]*""", re.IGNORECASE)  # Excel's first line
OTHER_NAMES = {"e_mail": "email", "e_mail_address": "email", "email_address": "email"}

Row = dict[str, str]


class Reader(Protocol):
    """The reader of the standard library."""

    line_num: int

    def __next__(self) -> list[str]: ...


class CsvFile:
    """A file that is checked as a whole before any row is read, so that a wrong file changes nothing."""

    def __init__(self, path: Path, encoding: str = "") -> None:
        if not path.is_file():
            raise UnusableFile(f"{path} is not a file. Name a CSV file; a pipe can't be read twice.")
        self._path = path
        self._encoding = encoding_of(path, encoding)
        with self._opened() as text:
            named = NAMED_DELIMITER.fullmatch(first := text.readline(LONGEST_FIELD))
            self._begins_at = 1 if named else 0  # lines
            self._delimiter = named[1].replace("\\t", "\t") if named else _delimiter(first)
        self.size = path.stat().st_size
        self.position = 0

    def rows(self) -> Iterator[tuple[int, Row | str]]:
        """Yield each row with the line on which it begins; for one that can't be read, a sentence in its place."""
        csv.field_size_limit(LONGEST_FIELD)
        with self._opened() as text:
            for _ in range(self._begins_at):
                text.readline()
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            names = _columns(_header(reader))
            while (found := self._next(reader, names)) is not None:
                self.position = text.buffer.tell()
                if found[1]:
                    yield found

    def _opened(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def _next(self, reader: Reader, names: Sequence[str]) -> tuple[int, Row | str] | None:
        line = reader.line_num + 1 + self._begins_at
        try:
            row = next(reader)
        except StopIteration:
            return None
        except csv.Error as error:
            return line, f"it is no CSV that can be read ({error}); look for a quotation mark that isn't closed"
        if not any(map(str.strip, row)):
            return line, ""
        return line, self._named(_cut(row, len(names)), names)

    def _named(self, row: Sequence[str], names: Sequence[str]) -> Row | str:
        if len(row) != len(names):
            advice = self._advice(too_many=len(row) > len(names))
            return f"it has {len(row)} fields and not {len(names)}; {advice}"
        try:
            return {name: read_cell(name, value) for name, value in zip(names, row, strict=True)}
        except SpoiledCell as spoiled:
            return str(spoiled)

    def _advice(self, *, too_many: bool) -> str:
        if too_many:
            return f"put a field with a {self._delimiter!r} in it into quotation marks"
        return f"a field may be empty, but not the {self._delimiter!r} before it left out"


def _delimiter(header: str) -> str:
    """Find the delimiter: spreadsheets choose it by their language."""
    return max(DELIMITERS, key=header.count)


def _header(reader: Reader) -> list[str]:
    try:
        return next(reader)
    except StopIteration:
        return []
    except csv.Error as error:
        raise UnusableFile(f"The first line is no CSV that can be read ({error}).") from None


def _columns(header: Sequence[str]) -> list[str]:
    names = [_name(column) for column in header]
    names = _cut(names, max((at for at, name in enumerate(names, 1) if name), default=0))
    missing = [name for name in WANTED if name not in names]
    if missing:
        raise UnusableFile(
            f"The first line must name the columns {', '.join(WANTED)}; {', '.join(missing)} is missing."
        )
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        raise UnusableFile(f"There is no column {unknown[0]!r}; known are {', '.join(KNOWN)}.")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UnusableFile(f"The first line names the column {twice[0]} twice.")
    return names


def _name(column: str) -> str:
    """Read the name of a column, whatever its case, spaces and dashes."""
    name = re.sub(r"[\s_-]+", "_", read_cell("name", column).lower())
    return OTHER_NAMES.get(name, name)


def _cut(row: Sequence[str], length: int) -> list[str]:
    """Leave out empty columns at the end: a spreadsheet writes as many as some row has ever had."""
    return list(row) if any(map(str.strip, row[length:])) else list(row[:length])
