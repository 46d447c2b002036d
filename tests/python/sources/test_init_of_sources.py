"""`shopper init` on the example of every ready source: its mapping loads untouched and gives the same rows."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from source_checks import expected_rows, landed_rows, ready_sources

from running import ROOT
from shopper.contract import load_contract
from shopper.init.writing import ShopAnswers, Written, write_mapping
from shopper.load.mapping import read_mapping
from shopper.load.sources import FileSource, files_of

READY = [pytest.param(path, id=path.name) for path in ready_sources()]
SHOP = ShopAnswers("Europe/Paris", "EUR")


def example_files(source: Path) -> list[FileSource]:
    mapping = read_mapping(source / "mapping.yml", load_contract(ROOT))
    return [one for one in mapping.sources.values() if isinstance(one, FileSource)]


def write(files: list[Path], folder: Path) -> Written:
    written = write_mapping(files, folder, load_contract(ROOT), ROOT, SHOP)
    (folder / "my_shop.yml").write_text(written.text, encoding="utf-8")
    return written


@pytest.mark.parametrize("source", READY)
def test_init_writes_the_mapping(source: Path, tmp_path: Path) -> None:
    files = [path for one in example_files(source) for path in files_of(one, source)]
    written = write(files, tmp_path)
    assert written.left_out == ()
    assert landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb") == expected_rows(source)


@pytest.mark.parametrize("source", READY)
def test_init_knows_columns_in_another_order_and_case(source: Path, tmp_path: Path) -> None:
    for one in example_files(source):
        for path in files_of(one, source):
            target = tmp_path / path.name
            if one.format != "csv" or one.skip != 0 or one.skip_after or not one.quote:
                target.write_bytes(path.read_bytes())
                continue
            encoding = "utf-8-sig" if one.encoding == "utf-8" else one.encoding
            with path.open(encoding=encoding, newline="") as lines:
                header, *rows = csv.reader(lines, delimiter=one.delimiter)
            with target.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, delimiter=";")
                writer.writerows([[f" {name.upper()} " for name in (*header[1:], header[0])]])
                writer.writerows([[*row[1:], *row[:1]] for row in rows])
    assert write(sorted(path for path in tmp_path.iterdir()), tmp_path).left_out == ()
    assert landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb") == expected_rows(source)


def write_again(one: FileSource, path: Path, target: Path) -> None:
    """Write the rows of a file into another one, whose bytes differ, so that it is not the same delivery."""
    if one.format == "parquet":
        duckdb.sql(f"copy (from '{path}') to '{target}' (compression gzip)")
    elif one.format == "csv" and one.quote:
        encoding = "utf-8-sig" if one.encoding == "utf-8" else one.encoding
        with path.open(encoding=encoding, newline="") as lines, target.open("w", encoding="utf-8-sig") as out:
            rows = csv.reader(lines, delimiter=one.delimiter)
            csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    else:
        content = path.read_bytes()
        target.write_bytes(content.replace(b"\r\n", b"\n") if b"\r\n" in content else content.replace(b"\n", b"\r\n"))


# Its events have no key: repeated ones land twice, equal in all columns, and staging keeps one of each id.
WITHOUT_KEY = {"ga4_bigquery"}


@pytest.mark.parametrize("source", READY)
def test_the_same_rows_in_another_file_count_once(source: Path, tmp_path: Path) -> None:
    for one in example_files(source):
        for path in files_of(one, source):
            stem, _, suffix = path.name.partition(".")
            (tmp_path / path.name).write_bytes(path.read_bytes())
            write_again(one, path, tmp_path / f"{stem}_again.{suffix}")
    assert write(sorted(tmp_path.iterdir()), tmp_path).left_out == ()
    found, expected = landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb"), expected_rows(source)
    if source.name in WITHOUT_KEY:
        assert {name: set(rows) for name, rows in found.items()} == {name: set(rows) for name, rows in expected.items()}
    else:
        assert found == expected


def test_init_knows_an_export_that_a_spreadsheet_saved_with_decimal_commas(tmp_path: Path) -> None:
    source = ROOT / "sources/shopify_export"
    for path in sorted((source / "example").glob("orders_export*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        with (tmp_path / path.name).open("w", encoding="cp1252", newline="") as out:
            writer = csv.writer(out, delimiter=";")
            writer.writerows([re.sub(r"^(\d+)\.(\d\d)$", r"\1,\2", cell) for cell in row] for row in rows)
    shutil.copytree(source / "example", tmp_path / "points")
    points = sorted((tmp_path / "points").glob("orders_export*.csv"))
    assert "decimal: ','" in write(sorted(tmp_path.glob("*.csv")), tmp_path).text
    found = landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb")
    assert "decimal:" not in write(points, tmp_path).text
    assert found == landed_rows(tmp_path / "my_shop.yml", tmp_path / "expected.duckdb")


def test_of_overlapping_exports_in_several_encodings_the_last_by_name_counts(tmp_path: Path) -> None:
    rows = (ROOT / "sources/shopify_export/example/orders_export_1.csv").read_text(encoding="utf-8").splitlines()
    order = next(row for row in rows if row.startswith("#1001,"))
    assert order.count(",24.90,") == 1
    edited = order.replace(",24.90,", ",26.90,")
    contents = {1: (order, "utf-8"), 2: (order.replace("Anna", "Zoé"), "cp1252"), 3: (edited, "utf-8")}
    for number, (row, encoding) in contents.items():
        lines = [rows[0], row.split(',"Ring twice.')[0] + "," * rows[0].count(",")]
        lines[1] = ",".join(lines[1].split(",")[: rows[0].count(",") + 1])
        (tmp_path / f"orders_{number}.csv").write_text("\n".join(lines) + "\n", encoding=encoding)
    write([tmp_path / f"orders_{number}.csv" for number in (3, 1, 2)], tmp_path)
    found = landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb")["orders"]
    assert "26.9" in str(found)
    assert "24.9" not in str(found)
