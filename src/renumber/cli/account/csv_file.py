"""A CSV file as spreadsheets and databases write it, read in bounded memory."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

WANTED = ("email", "name")
PASSWORDS = ("password_hash", "password")
KNOWN = (*WANTED, "locale", "phone", "country", "verified", *PASSWORDS)
LONGEST_FIELD = 8192  # characters: a quotation mark that is never closed must not swallow the file
CHUNK = 1 << 20
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Row = dict[str, str]


class Reader(Protocol):
    """The reader of the standard library."""

    line_num: int

    def __next__(self) -> list[str]: ...


class UnusableFile(Exception):
    """The file can't be imported; the sentence says what to do."""


class CsvFile:
    """A file that is checked as a whole before any row is read, so that a wrong file changes nothing."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UnusableFile(f"{path} is not a file. Name a CSV file; a pipe can't be read twice.")
        _check_encoding(path)
        self._path = path
        with path.open(encoding="utf-8-sig", newline="") as text:
            self._delimiter = _delimiter(text.readline(LONGEST_FIELD))
        self.size = path.stat().st_size
        self.position = 0

    def rows(self) -> Iterator[tuple[int, Row | str]]:
        """Yield each row with the line on which it begins; for one that can't be read, a sentence in its place."""
        csv.field_size_limit(LONGEST_FIELD)
        with self._path.open("rb") as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            names = _columns(next(reader, []))
            while (found := self._next(reader, names)) is not None:
                self.position = file.tell()
                if found[1]:
                    yield found

    def _next(self, reader: Reader, names: Sequence[str]) -> tuple[int, Row | str] | None:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return None
        except csv.Error as error:
            return line, f"it is no CSV that can be read ({error}); look for a quotation mark that isn't closed"
        if row and len(row) != len(names):
            return (
                line,
                f"it has {len(row)} fields and not {len(names)}; {self._advice(too_many=len(row) > len(names))}",
            )
        return line, dict(zip(names, row, strict=True)) if row else ""

    def _advice(self, *, too_many: bool) -> str:
        if too_many:
            return f"put a field with a {self._delimiter!r} in it into quotation marks"
        return f"a field may be empty, but not the {self._delimiter!r} before it left out"


def _check_encoding(path: Path) -> None:
    decoder, lines = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        if file.read(2) in WIDE:
            raise UnusableFile(f"{path} is UTF-16. Save it as “CSV UTF-8” and import it again.")
        file.seek(0)
        chunk = b"-"
        while chunk:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line = lines + error.object[: error.start].count(b"\n")
                raise UnusableFile(
                    f"{path}, line {line}: this is not UTF-8. Save it as “CSV UTF-8” and import it again."
                ) from None
            lines += chunk.count(b"\n")


def _delimiter(header: str) -> str:
    """Find the delimiter: spreadsheets choose it by their language."""
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
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
