"""The cells of a spreadsheet, without what it added to them."""

import re

AS_TYPED = ("name", "password", "organisation")  # an apostrophe or a number sign may begin them
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_FORMULA = re.compile(r'="([^"]*)"')  # how a cell is kept a text
_LINE_ENDS = re.compile(r"[\r\n\u2028\u2029]+")
_ERROR = re.compile(r"#(?:[A-Z][A-Z0-9/ ÜÀ-Ý-]*[!?]?|#+|N/A)")
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[Ee][+-]?\d+|\+?\d{5,}[.,]0+")
AS_TEXT = "format the column as text, and export it again"


class SpoiledCell(ValueError):
    """The spreadsheet has put something else in the place of a value; the sentence quotes nothing of the person."""


def read_cell(column: str, given: str) -> str:
    """Give the value of a cell; raises SpoiledCell where the spreadsheet has lost it."""
    if column == "password":
        return given
    value = " ".join(map(str.strip, _LINE_ENDS.split(given.strip(_INVISIBLE).strip())))
    if formula := _FORMULA.fullmatch(value):
        value = formula[1].strip()
    if column in AS_TYPED:
        return value
    if _ERROR.fullmatch(value):
        raise SpoiledCell(f"the column {column} holds an error of the spreadsheet, like #NAME?; {AS_TEXT}")
    if _ROUNDED.fullmatch(value):
        raise SpoiledCell(f"the spreadsheet has made a number of the column {column}, like 4.91512E+11; {AS_TEXT}")
    return value.removeprefix("'")
