"""The encoding of a CSV file: said by its first bytes or by the operator, and never guessed."""

import codecs
from pathlib import Path

CHUNK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnusableFile(Exception):
    """The file can't be imported; the sentence says what to do."""


def encoding_of(path: Path, named: str) -> str:
    """Tell the encoding, having read the whole file by it; raises UnusableFile where it doesn't fit."""
    encoding = _known(named) if named else _seen(path)
    _check(path, encoding, named)
    return encoding


def _known(named: str) -> str:
    try:
        b"-".decode(named, "ignore")
    except LookupError:
        raise UnusableFile(
            f"There is no encoding {named!r}; known are utf-8, utf-16, windows-1252 and others."
        ) from None
    return named


def _seen(path: Path) -> str:
    with path.open("rb") as file:
        first = file.read(4)
    for mark, encoding in MARKS:
        if first.startswith(mark):
            return encoding
    if first[1:2] == b"\0":  # the first line names columns, in ASCII
        return "utf-16-le"
    return "utf-16-be" if first[:1] == b"\0" else "utf-8"


def _check(path: Path, encoding: str, named: str) -> None:
    """Decode the file as a whole: Windows-1252 read as something else would enter people by wrong names."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        chunk = b"-"
        while chunk:
            chunk = file.read(CHUNK)
            try:
                lines += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeError as error:
                raise UnusableFile(_advice(path, lines + _lines_before(error, encoding), encoding, named)) from None


def _lines_before(error: UnicodeError, encoding: str) -> int:
    if not isinstance(error, UnicodeDecodeError):
        return 0
    return error.object[: error.start].decode(encoding, "ignore").count("\n")


def _advice(path: Path, line: int, encoding: str, named: str) -> str:
    how = "Save it as “CSV UTF-8” and import it again"
    if named or not encoding.startswith("utf-8"):
        return f"{path}, line {line}: this is not {(named or encoding).upper()}. {how}."
    known = "or name its encoding if you know it (--encoding windows-1252)"
    return f"{path}, line {line}: this is not UTF-8. {how}, {known}."
