"""Exports that come as a workbook, or were saved as one: the same rows land as from the CSV file."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from source_checks import SOURCES
from test_init_of_sources import example_files, expected_rows, landed, write

from shopper.load.sources import files_of

openpyxl = pytest.importorskip("openpyxl")


def as_cell(text: str, is_typed: bool) -> object:
    """The cell of a text: as it is, where ="330..." is a formula; or as a spreadsheet program takes it."""
    if not is_typed or not text:
        return text or None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text):
        return datetime.fromisoformat(text)
    if re.fullmatch(r"-?([1-9]\d{0,14}|0)(\.\d+)?", text):
        return float(text)
    return text


@pytest.mark.parametrize("is_typed", [False, True], ids=["text", "numbers and dates"])
@pytest.mark.parametrize("name", ["taobao", "jd", "google_ads"])
def test_a_workbook_lands_the_rows_of_the_text(name: str, is_typed: bool, tmp_path: Path) -> None:
    source = SOURCES / name
    for one in example_files(source):
        for path in files_of(one, source):
            book = openpyxl.Workbook()
            with path.open(encoding=one.encoding, newline="") as lines:
                for row in csv.reader(lines, delimiter=one.delimiter):
                    book.active.append([as_cell(cell, is_typed) for cell in row])
            book.save(tmp_path / f"{path.stem}.xlsx")
    assert write(sorted(tmp_path.glob("*.xlsx")), tmp_path).left_out == ()
    assert landed(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb") == expected_rows(source)
