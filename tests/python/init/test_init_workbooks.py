"""`shopper init` on workbooks and zstd files: the draft loads as it is."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from running import Shopper, rows

LINES = [
    ["order_id", "customer_id", "ordered_at", "total_amount"],
    *([number, f"c{number}", datetime.datetime(2024, 1, number, 10), 9.5 + number] for number in range(1, 8)),
]


@pytest.mark.parametrize(
    ("title", "help_first", "entry"),
    [
        pytest.param([], False, "", id="one sheet"),
        pytest.param([["Orders of 2024"], []], True, "sheet: Orders", id="titles and several sheets"),
    ],
)
def test_a_workbook_is_drafted(
    tmp_path: Path, warehouse: Path, shopper: Shopper, title: list[list[str]], help_first: bool, entry: str
) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    sheet = book.worksheets[0]
    if help_first:
        sheet.title = "Read me"
        sheet.append(["What is in here"])
        sheet = book.create_sheet("Orders")
    for line in [*title, *LINES]:
        sheet.append(line)
    book.save(tmp_path / "orders.xlsx")
    mapping = tmp_path / "mapping.yml"
    drafted = shopper("init", tmp_path / "orders.xlsx", "--output", mapping, "--timezone", "Europe/Paris")
    assert drafted.code == 0, drafted.output
    assert entry in mapping.read_text(encoding="utf-8")
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    assert rows(warehouse, "select order_id, customer_id, ordered_at, total_amount from raw.orders order by 1")[:2] == [
        ("1", "c1", "2024-01-01 09:00:00", "10.5"), ("2", "c2", "2024-01-02 09:00:00", "11.5")
    ]  # fmt: skip


def test_a_file_that_is_no_workbook_is_reported(tmp_path: Path, shopper: Shopper) -> None:
    pytest.importorskip("openpyxl")
    (tmp_path / "orders.xlsx").write_bytes(b"PK")
    result = shopper("init", tmp_path / "orders.xlsx", "--output", tmp_path / "mapping.yml")
    assert result.code == 2 and "orders.xlsx is not a readable workbook" in result.output, result.output


def test_zstd_files_are_drafted(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    for day in (1, 2):
        text = f"order_id;ordered_at;total_amount\n{day};2024-01-0{day} 10:00:00;9.5\n"
        compressed = pa.Codec("zstd").compress(text.encode(), asbytes=True)
        (tmp_path / f"orders-{day}.csv.zst").write_bytes(compressed)
    mapping = tmp_path / "mapping.yml"
    files = sorted(tmp_path.glob("*.zst"))
    drafted = shopper("init", *files, "--output", mapping, "--timezone", "Europe/Paris")
    assert drafted.code == 0, drafted.output
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, "select order_id from raw.orders order by 1") == [("1",), ("2",)]
