"""Exports that come as a workbook, or were saved as one: the same rows land as from the CSV file."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from source_checks import SOURCES, expected_rows, landed_rows, load_source
from test_init_of_sources import example_files, write

from running import rows
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


def write_workbooks(source: Path, folder: Path, is_typed: bool) -> list[Path]:
    """Write each file of a source's example as a workbook. Returns the files of the example."""
    found = []
    for one in example_files(source):
        for path in files_of(one, source):
            found.append(path)
            book = openpyxl.Workbook()
            with path.open(encoding=one.encoding, newline="") as lines:
                for cells in csv.reader(lines, delimiter=one.delimiter):
                    book.active.append([as_cell(cell, is_typed) for cell in cells])
            book.save(folder / f"{path.stem}.xlsx")
    return found


@pytest.mark.parametrize("is_typed", [False, True], ids=["text", "numbers and dates"])
@pytest.mark.parametrize("name", ["taobao", "jd", "google_ads", "tiktok_ads", "judgeme", "loox", "nps_survey"])
def test_a_workbook_lands_the_rows_of_the_text(name: str, is_typed: bool, tmp_path: Path) -> None:
    source = SOURCES / name
    write_workbooks(source, tmp_path, is_typed)
    assert write(sorted(tmp_path.glob("*.xlsx")), tmp_path).left_out == ()
    assert landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb") == expected_rows(source)


@pytest.mark.parametrize("name", ["jd", "google_ads", "tiktok_ads", "judgeme", "loox", "nps_survey"])
def test_rows_that_are_in_a_text_and_in_a_workbook_count_once(name: str, tmp_path: Path) -> None:
    source = SOURCES / name
    files = write_workbooks(source, tmp_path, is_typed=True)
    assert write([*files, *sorted(tmp_path.glob("*.xlsx"))], tmp_path).left_out == ()
    assert landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb") == expected_rows(source)


def test_the_id_of_a_review_is_the_same_in_a_text_and_in_a_workbook(tmp_path: Path) -> None:
    """Made of who wrote about what and when, so neither the form of the values nor an edited text changes it."""
    found = []
    for name, moment, text in [("a", "2025-03-02 10:12:00", "Fine"), ("b", "2025-03-02T10:12:00Z", "Edited")]:
        path = tmp_path / name / "reviews.csv"
        path.parent.mkdir()
        path.write_text(
            f"rating,email,review,date,handle\n5,anna@example.com,{text},{moment},cup\n"
            f"4,ben@example.com,Good,{moment},cup\n",
            encoding="utf-8",
        )
        assert write([path], path.parent).left_out == ()
        load_source(path.with_name("my_shop.yml"), path.with_name("shop.duckdb"))
        found.append({row[0] for row in rows(path.with_name("shop.duckdb"), "select review_id from raw.reviews")})
    assert found[0] == found[1]
    assert len(found[0]) == 2
