"""Sheets of Excel workbooks, written as CSV with the values as text: numbers and dates in their exact ISO form."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from shopper.errors import BadInput
from shopper.load.sources import FileSource
from shopper.suggestions import suggestion

# A formula that only writes a text, as tools do with long numbers: ="330123456789"
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_FORMULA = re.compile(rb"<f[ >/]")
# The number format of a cell that shows as many digits as it has zeros.
_ZEROS = re.compile(r"0{2,40}")
# Whole numbers up to here are exact in a workbook, which stores all numbers as doubles.
_EXACT = 2**53


def write_sheet(source: FileSource, path: Path, copy: Path, most_rows: int | None = None) -> None:
    """Write a sheet of a workbook to the CSV file `copy`, all rows of one width. Empty rows are left out, except those
    that `skip` counts. most_rows: rows to write; None for all.

    Raises BadInput for a file that is no workbook, a sheet that it does not have, or a formula without a saved value.
    """
    rough = copy.with_suffix(".rough")
    width = 0
    with rough.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for number, row in enumerate(islice(_rows(source, path), most_rows)):
            if row or number < (source.skip or 0):
                writer.writerow(row)
                width = max(width, len(row))
    with rough.open(encoding="utf-8", newline="") as rows, copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerows(row + [""] * (width - len(row)) for row in csv.reader(rows))
    rough.unlink()


def _rows(source: FileSource, path: Path) -> Iterator[list[str]]:
    """The rows of the sheet as text, without empty cells at the end."""
    where = f"source {source.name}: {path}"
    if not _has_formulas(where, path):
        yield from (_without_end([_text(value) for value in row]) for row in _cells(source, where, path))
        return
    values = _cells(source, where, path)
    for number, (row, formulas) in enumerate(zip(values, _cells(source, where, path, formulas=True), strict=True), 1):
        yield _without_end(
            [
                _text(value if value is not None else _formula_value(formula, f"{where}, row {number}"))
                for value, formula in zip(row, formulas, strict=True)
            ]
        )


def _cells(source: FileSource, where: str, path: Path, formulas: bool = False) -> Iterator[tuple[object, ...]]:
    """The rows of the sheet: the values, or the formulas where cells have one."""
    book = _book(where, path, formulas)
    try:
        sheet = _sheet(source, where, book)
        # Tools that write workbooks often note a wrong size.
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield tuple(_date_or_value(cell) for cell in row)
    finally:
        book.close()


def _date_or_value(cell: Any) -> object:
    """The cell's value; a date where the cell shows one without a time, and text where it shows leading zeros."""
    from openpyxl.styles.numbers import is_datetime

    value = cell.value
    if (
        isinstance(value, datetime.datetime)
        and value.time() == datetime.time()
        and is_datetime(cell.number_format) == "date"
    ):
        return value.date()
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format or ""):
        return f"{value:0{len(cell.number_format)}}"
    return value


def _without_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _has_formulas(where: str, path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            return any(_FORMULA.search(archive.read(name)) for name in names)
    except (BadZipFile, OSError) as error:
        raise _unreadable(where) from error


def _formula_value(formula: object, where: str) -> str | None:
    """The value of a formula that has none saved: the text that it writes; null for an empty cell."""
    if not isinstance(formula, str) or not formula.startswith("="):
        return None
    text = _TEXT_FORMULA.fullmatch(formula)
    if text is None:
        raise BadInput(
            f"{where}: the formula {formula[:60]} has no saved value; open the workbook in a spreadsheet program and"
            " save it"
        )
    return text[1].replace('""', '"')


def visible_sheets(path: Path) -> list[str]:
    """The names of the sheets that are not hidden. Raises BadInput for a file that is no workbook."""
    book = _book(str(path), path)
    try:
        return [sheet.title for sheet in _visible(book)]
    finally:
        book.close()


def _book(where: str, path: Path, formulas: bool = False) -> Any:
    from openpyxl import load_workbook  # here, since it takes a fifth of a second that other loads need not wait
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(path, read_only=True, data_only=not formulas)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _unreadable(where) from error


def _unreadable(where: str) -> BadInput:
    return BadInput(
        f"{where} is not a readable workbook (.xlsx); an older one (.xls) or one with a password must be saved anew"
    )


def _visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)


def _sheet(source: FileSource, where: str, book: Any) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if source.sheet is not None:
        if source.sheet not in sheets:
            raise BadInput(f"{where} has no sheet {source.sheet}{suggestion(source.sheet, sheets)}")
        return sheets[source.sheet]
    visible = _visible(book)
    if len(visible) != 1:
        raise BadInput(f"{where} has several sheets: {', '.join(sheet.title for sheet in visible)}; set `sheet:`")
    return visible[0]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value)
