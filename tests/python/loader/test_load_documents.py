"""`shopper load` from JSON documents, zstd files and workbooks."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pytest

from running import Ran, Shopper, rows

Load = Callable[..., Ran]
ORDERS = [("1", "anna", "2024-01-01"), ("2", None, "2024-01-02")]
RECORDS = [
    {"order_id": 1, "customer_id": "anna", "ordered_at": "2024-01-01", "more": {"a": [1]}},
    {"ordered_at": "2024-01-02", "customer_id": None, "order_id": 2},
]
CSV = "order_id,customer_id,ordered_at\n1,anna,2024-01-01\n2,,2024-01-02\n"


@pytest.fixture
def load(tmp_path: Path, shopper: Shopper) -> Load:
    """Write `content` to a file and load it as orders. `options` are added to the source."""

    def run(content: bytes | str, name: str, options: str = "") -> Ran:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        mapping = tmp_path / "mapping.yml"
        mapping.write_text(
            f"sources: {{shop: {{path: {name}{options}}}}}\ntables: {{orders: {{source: shop}}}}", encoding="utf-8"
        )
        return shopper("load", mapping)

    return run


def landed(warehouse: Path) -> list[tuple[object, ...]]:
    """The orders."""
    return rows(warehouse, "select order_id, customer_id, ordered_at from raw.orders order by order_id")


def zstd(content: str) -> bytes:
    """Compressed text."""
    return bytes(pa.Codec("zstd").compress(content.encode(), asbytes=True))


PRETTY = json.dumps(RECORDS, indent=2)


@pytest.mark.parametrize(
    ("content", "name", "options"),
    [
        pytest.param(PRETTY, "orders.json", "", id="list"),
        pytest.param(json.dumps(RECORDS), "orders.json", "", id="list on a line"),
        pytest.param("\ufeff" + PRETTY, "orders.json", "", id="byte-order mark"),
        pytest.param(PRETTY.encode("utf-16"), "orders.json", ", encoding: utf-16", id="utf-16"),
        pytest.param(gzip.compress(PRETTY.encode()), "orders.json.gz", "", id="gzip"),
        pytest.param(zstd(PRETTY), "orders.json.zst", "", id="zstd"),
        pytest.param(json.dumps({"data": {"all orders": RECORDS}, "count": 2}, indent=1), "orders.json",
                     ", records: data.all orders", id="in a document"),
        pytest.param("\n".join(map(json.dumps, RECORDS)), "orders.json", "", id="a record a line"),
    ],
)  # fmt: skip
def test_json_is_read(load: Load, warehouse: Path, content: bytes | str, name: str, options: str) -> None:
    result = load(content, name, options)
    assert result.code == 0, result.output
    assert landed(warehouse) == ORDERS
    assert "unchanged: orders" in load(content, name, options).output


def test_a_record_may_lack_a_key(load: Load, warehouse: Path) -> None:
    assert load(PRETTY, "orders.json").code == 0
    result = load('[{"order_id": 3, "ordered_at": "2024-01-03"}]', "orders.json")
    assert result.code == 0, result.output
    assert rows(warehouse, "select order_id from raw.orders") == [("3",)]


def test_named_and_typed_columns_of_a_list(load: Load, warehouse: Path) -> None:
    options = ", needs: [order_id, More], names: {More: [more]}, types: {More: 'struct(a bigint[])'}"
    assert load(PRETTY, "orders.json", options).code == 0
    assert landed(warehouse) == ORDERS
    assert "has no column Lines; it has" in load(PRETTY, "orders.json", ", needs: [Lines]").output


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        pytest.param(PRETTY[:-30], "", "orders.json is not a readable JSON document", id="cut"),
        pytest.param("[" * 100_000, "", "orders.json", id="deep and cut"),
        pytest.param("[" * 100_000 + "]" * 100_000, "", "orders.json", id="deep"),
        pytest.param('{\n"a":' + "[" * 50_000 + "]" * 50_000 + "}", ", records: orders", "orders.json", id="inside"),
        pytest.param('{"orders": [{"a": 1}', ", records: orders", "not a readable JSON document", id="cut inside"),
        pytest.param(json.dumps({"a": 1, "b": {"orders": RECORDS}}, indent=1), "",
                     "is no list of records; set `records: b.orders`", id="no records"),
        pytest.param(json.dumps({"orders": RECORDS, "refunds": [{}]}), ", records: order",
                     "`records: order` is nothing; set `records: orders` (lists of records are at orders, refunds)",
                     id="misspelt"),
        pytest.param(json.dumps({"orders": {"1": {}}}), ", records: orders", "`records: orders` is object, and no list",
                     id="an object"),
        pytest.param('[{"order_id": 1, "ordered_at": "2024-01-01"}, 7]', "", "line 2: not a JSON object", id="number"),
        pytest.param('[{"order_id": 1, "a": 1, "a": 1}]', "", "line 1: a key is there twice: a", id="a key twice"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_reported(load: Load, warehouse: Path, content: str, options: str, message: str) -> None:
    result = load(content, "orders.json", options)
    assert result.code == 2, result.output
    assert message in result.output and "Traceback" not in result.output
    assert not warehouse.exists()


@pytest.mark.parametrize("options", ["", ", skip_after: Total, skip: 1"])
def test_zstd_is_read(load: Load, warehouse: Path, options: str) -> None:
    content = f"My shop\n{CSV}Total,,\n" if options else CSV
    result = load(zstd(content), "orders.csv.zst", options)
    assert result.code == 0, result.output
    assert landed(warehouse) == ORDERS
    damaged = zstd(content + "3,x,2024-01-03\n" * 100_000)
    result = load(damaged[: len(damaged) // 2], "orders.csv.zst", options)
    assert result.code == 2, result.output
    assert "orders.csv.zst" in result.output
    assert landed(warehouse) == ORDERS


def workbook(path: Path, **sheets: list[list[Any]]) -> bytes:
    """The bytes of a workbook with these sheets."""
    book = pytest.importorskip("openpyxl").Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path.read_bytes()


SHEET = [
    ["order_id", "ordered_at", "total_amount", "is_test", "promotion_code"],
    [1001, datetime.datetime(2024, 3, 31, 10, 30), 19.9, True, 'a, "b"\nc'],
    [],
    [1002, datetime.date(2024, 4, 1), 1234567.125, False, "0049"],
    [1003.0, "2024-04-02 08:00:00", None, None, None],
]
READ = [
    ("1001", "2024-03-31 10:30:00", "19.9", "true", 'a, "b"\nc'),
    ("1002", "2024-04-01", "1234567.125", "false", "0049"),
    ("1003", "2024-04-02 08:00:00", None, None, None),
]
ASKED = "select order_id, ordered_at, total_amount, is_test, promotion_code from raw.orders order by order_id"


def test_a_sheet_is_read(load: Load, tmp_path: Path, warehouse: Path) -> None:
    content = workbook(tmp_path / "made.xlsx", Orders=SHEET)
    result = load(content, "orders.xlsx")
    assert result.code == 0, result.output
    assert rows(warehouse, ASKED) == READ
    assert rows(warehouse, "select file from landing.loads") == [(str(tmp_path / "orders.xlsx"),)]
    assert "unchanged: orders" in load(content, "orders.xlsx").output


def test_a_size_that_is_wrong_and_a_whole_number_with_a_point(load: Load, tmp_path: Path, warehouse: Path) -> None:
    """As some tools write them: the noted size is one cell, and 1003 is `1003.0`."""
    workbook(tmp_path / "made.xlsx", Orders=SHEET)
    with ZipFile(tmp_path / "made.xlsx") as made, ZipFile(tmp_path / "changed.xlsx", "w") as changed:
        for name in made.namelist():
            text = made.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:E5"' in text and b"<v>1003</v>" in text
                text = text.replace(b'ref="A1:E5"', b'ref="A1"').replace(b"<v>1003</v>", b"<v>1003.0</v>")
            changed.writestr(name, text)
    assert load((tmp_path / "changed.xlsx").read_bytes(), "orders.xlsx").code == 0
    assert rows(warehouse, ASKED) == READ


@pytest.mark.parametrize("skip", ["3", "until header"])
def test_a_sheet_by_name_with_titles_and_a_total(load: Load, tmp_path: Path, warehouse: Path, skip: str) -> None:
    lines = [["Export of 2024"], [], ["as of", "today"], *SHEET, ["Total", None, 1234587.025]]
    content = workbook(tmp_path / "made.xlsx", Help=[["Read me"]], Orders=lines)
    result = load(content, "orders.xlsx", f", sheet: Orders, skip: {skip}, skip_after: Total, needs: [order_id]")
    assert result.code == 0, result.output
    assert rows(warehouse, ASKED) == READ


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param("", "has several sheets: Help, Orders; set `sheet:`", id="which"),
        pytest.param(", sheet: Order", "has no sheet Order; did you mean Orders?", id="misspelt"),
        pytest.param(", sheet: Orders, needs: [Name]", "book.xlsx has no column Name; it has order_id", id="column"),
        pytest.param(", format: csv", "is a workbook or a ZIP archive", id="as csv"),
    ],
)
def test_a_wrong_sheet_is_reported(load: Load, tmp_path: Path, warehouse: Path, options: str, message: str) -> None:
    content = workbook(tmp_path / "made.xlsx", Help=[["Read me"]], Orders=SHEET)
    result = load(content, "book.xlsx", options)
    assert result.code == 2, result.output
    assert message in result.output and ".loading" not in result.output
    assert not warehouse.exists()


def test_a_damaged_workbook_is_reported(load: Load, tmp_path: Path, warehouse: Path) -> None:
    content = workbook(tmp_path / "made.xlsx", Orders=SHEET)
    for wrong in (content[: len(content) // 2], b"\xd0\xcf\x11\xe0 an older workbook"):
        result = load(wrong, "orders.xlsx")
        assert result.code == 2 and "orders.xlsx is not a readable workbook" in result.output, result.output
    assert not warehouse.exists()


def test_a_formula_that_writes_a_text_is_that_text(load: Load, tmp_path: Path, warehouse: Path) -> None:
    """Tools write long numbers so; no program has computed the value yet."""
    lines = [SHEET[0], *([f'="{int(line[0])}"', *line[1:]] for line in SHEET[1:] if line)]
    result = load(workbook(tmp_path / "made.xlsx", Orders=lines), "orders.xlsx")
    assert result.code == 0, result.output
    assert rows(warehouse, ASKED) == READ


def test_a_formula_without_a_value_is_reported(load: Load, tmp_path: Path, warehouse: Path) -> None:
    lines = [SHEET[0], ["=A1&B1", *SHEET[1][1:]]]
    result = load(workbook(tmp_path / "made.xlsx", Orders=lines), "orders.xlsx")
    assert result.code == 2
    assert "orders.xlsx, row 2: the formula =A1&B1 has no saved value" in result.output, result.output
    assert not warehouse.exists()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("orders.csv", ", records: orders", "records is for json only"),
        ("orders.json", ", sheet: Orders", "sheet is for xlsx only"),
    ],
)
def test_options_of_other_formats(load: Load, name: str, options: str, message: str) -> None:
    result = load(CSV, name, options)
    assert result.code == 2 and message in result.output


def test_an_id_that_a_cell_shows_with_leading_zeros_keeps_them(load: Load, tmp_path: Path, warehouse: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    sheet = book.active
    for line in (["order_id", "ordered_at"], [123, "2024-01-01"], ["00124", "2024-01-01"], [1234567, "2024-01-01"]):
        sheet.append(line)
    for row in (2, 4):
        sheet.cell(row, 1).number_format = "00000"
    book.save(tmp_path / "made.xlsx")
    assert load((tmp_path / "made.xlsx").read_bytes(), "orders.xlsx").code == 0
    assert rows(warehouse, "select order_id from raw.orders order by all") == [("00123",), ("00124",), ("1234567",)]
