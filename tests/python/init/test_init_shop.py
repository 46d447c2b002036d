"""`shopper init` with the files of several tools, of an unknown one, and with files that are not what they seem."""

from __future__ import annotations

import csv
import json
import time
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from running import ROOT, Shopper, rows

SOURCES = ROOT / "sources"
TILL = (
    "Order No;Date;Client;SKU;Qty;Price;Total;Shipping;Statut\n"
    "K1;2024-01-05 10:00;c1;A;2;3,50;10,00;1,00;x\n"
    "K1;2024-01-05 10:00;c1;B;1;2,00;10,00;1,00;y\n"
    "K2;2024-01-06 11:00;c2;A;1;3,50;4,50;1,00;z\n"
)


def files_of(name: str) -> list[Path]:
    return sorted(path for path in (SOURCES / name / "example").iterdir() if path.is_file())


def test_several_tools_become_one_shop(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    mapping = tmp_path / "my_shop.yml"
    files = [*files_of("shopify_export"), *files_of("stripe"), *files_of("ga4_bigquery"), *files_of("google_ads")]
    ran = shopper("init", *files, "-o", mapping, "--timezone", "Europe/Paris", "--currency", "EUR")
    assert ran.code == 0, ran.output
    text = mapping.read_text(encoding="utf-8")
    assert "shop: {timezone: Europe/Paris, currency: EUR}" in text
    assert text.count("\n  order_references:") == 1
    assert "from shopify_order_references" in text.split("\n  order_references:")[1].split("having")[0]
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    alone = shopper("load", SOURCES / "shopify_export" / "mapping.yml", "--warehouse", tmp_path / "alone.duckdb")
    assert alone.code == 0, alone.output
    orders = "select count(*), count(distinct order_id) from raw.orders"
    assert rows(warehouse, orders) == rows(tmp_path / "alone.duckdb", orders)
    assert rows(warehouse, "select count(*) > 0 from raw.sessions") == [(True,)]
    assert rows(warehouse, "select count(*) > 0 from raw.marketing_spend") == [(True,)]


def test_a_file_that_the_user_does_not_have_is_absent(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    mapping = tmp_path / "my_shop.yml"
    orders = next(path for path in files_of("shopify_export") if "order" in path.name)
    assert shopper("init", orders, "-o", mapping, "--timezone", "Europe/Paris").code == 0
    text = mapping.read_text(encoding="utf-8")
    assert "absent: true" in text
    assert "\n  products:" not in text
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, "select count(*) > 0 from raw.orders") == [(True,)]


def test_files_of_a_kind_in_other_folders_and_encodings_are_one_source(
    tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    whole = SOURCES / "gorgias" / "example" / "tickets.csv"
    with whole.open(encoding="utf-8", newline="") as lines:
        header, *tickets = csv.reader(lines)
    first, second = tmp_path / "a" / "tickets.csv", tmp_path / "b" / "tickets.csv"
    for path, part, encoding in ((first, tickets[::2], "utf-8"), (second, tickets[1::2], "utf-16")):
        path.parent.mkdir()
        with path.open("w", encoding=encoding, newline="") as out:
            csv.writer(out).writerows([header, *part])
    for name, files in (("one", [whole]), ("two", [first, second])):
        mapping = tmp_path / f"{name}.yml"
        assert shopper("init", *files, "-o", mapping, "--timezone", "UTC").code == 0
        loaded = shopper("load", mapping, "--warehouse", tmp_path / f"{name}.duckdb")
        assert loaded.code == 0, loaded.output
    found = "select ticket_id from raw.support_tickets order by all"
    assert rows(tmp_path / "two.duckdb", found) == rows(tmp_path / "one.duckdb", found)


def test_files_of_a_kind_in_two_encodings_overlap_too(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    whole = SOURCES / "gorgias" / "example" / "tickets.csv"
    (tmp_path / "tickets_1.csv").write_bytes(whole.read_bytes())
    (tmp_path / "tickets_2.csv").write_text(whole.read_text(encoding="utf-8"), encoding="utf-16")
    mapping = tmp_path / "shop.yml"
    assert shopper("init", *tmp_path.glob("*.csv"), "-o", mapping, "--timezone", "UTC").code == 0
    assert shopper("load", mapping).code == 0
    found = rows(warehouse, "select count(*), count(distinct ticket_id) from raw.support_tickets")
    assert found[0][0] == found[0][1] > 0


def test_a_known_file_without_a_needed_column_is_named(tmp_path: Path, shopper: Shopper) -> None:
    whole = (SOURCES / "judgeme" / "example" / "reviews.csv").read_text(encoding="utf-8")
    (tmp_path / "reviews.csv").write_text(whole.replace("review_date", "day_of_it", 1), encoding="utf-8")
    (tmp_path / "till.csv").write_text(TILL, encoding="utf-8")
    ran = shopper("init", tmp_path / "reviews.csv", tmp_path / "till.csv", "-o", tmp_path / "my_shop.yml")
    assert ran.code == 0, ran.output
    assert "reviews.csv: looks like Judge.me" in ran.output
    assert "but lacks the columns review_date" in ran.output
    assert "till.csv: order_items and orders" in ran.output


def test_a_file_with_a_row_a_line_becomes_orders_and_items(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    (tmp_path / "till.csv").write_text(TILL, encoding="utf-8")
    mapping = tmp_path / "my_shop.yml"
    ran = shopper("init", tmp_path / "till.csv", "-o", mapping, "--timezone", "Europe/Paris")
    assert ran.code == 0, ran.output
    assert "till.csv: order_items and orders, 8 of 9 columns" in ran.output
    assert "not used: Statut (orders.status?)" in ran.output
    assert shopper("load", mapping).code == 0
    orders = "select order_id, customer_id, ordered_at, total_amount, shipping_amount from raw.orders order by all"
    assert rows(warehouse, orders) == [
        ("K1", "c1", "2024-01-05 09:00:00", "10.00", "1.00"),
        ("K2", "c2", "2024-01-06 10:00:00", "4.50", "1.00"),
    ]
    items = "select order_id, product_id, quantity, unit_price from raw.order_items order by all"
    assert rows(warehouse, items) == [("K1", "A", "2", "3.50"), ("K1", "B", "1", "2.00"), ("K2", "A", "1", "3.50")]


def test_an_amount_that_differs_between_lines_is_no_amount_of_the_order(
    tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    (tmp_path / "till.csv").write_text(TILL.replace("2,00;10,00", "2,00;2,00"), encoding="utf-8")
    mapping = tmp_path / "my_shop.yml"
    assert shopper("init", tmp_path / "till.csv", "-o", mapping).code == 0
    assert "total_amount:" not in mapping.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rent.csv", "Date,Amount,Note\n2024-01-01,900,rent\n"),
        ("staff.csv", "name,room,phone\nAnna,2,12\n"),
        ("codes.csv", "code,region,area,zone,plant,shelf\na,b,c,d,e,f\n"),
    ],
)
def test_a_file_that_is_no_table_is_left_out_with_what_it_lacks(
    tmp_path: Path, shopper: Shopper, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "till.csv").write_text(TILL, encoding="utf-8")
    ran = shopper("init", tmp_path / name, tmp_path / "till.csv", "-o", tmp_path / "my_shop.yml")
    assert ran.code == 0, ran.output
    assert f"{name}: " in ran.output.split("left out: ")[1]
    assert "map it by hand" in ran.output
    assert name not in (tmp_path / "my_shop.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "cp1252", "cp932", "utf-8-sig"])
def test_encodings_and_title_rows_are_found(tmp_path: Path, warehouse: Path, shopper: Shopper, encoding: str) -> None:
    names = {"gb18030": "李雷", "utf-16": "李雷", "cp1252": "Zoé Müller", "cp932": "サトウ 花子", "utf-8-sig": "Žofie"}
    name = names[encoding]
    content = f"Report of the shop\n\nOrder No,Order Date,Client\n1,2024-01-01,{name}\n2,2024-01-02,{name}\n"
    (tmp_path / "orders.csv").write_text(content, encoding=encoding)
    mapping = tmp_path / "my_shop.yml"
    assert shopper("init", tmp_path / "orders.csv", "-o", mapping).code == 0
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    assert rows(warehouse, "select order_id, customer_id from raw.orders order by all") == [("1", name), ("2", name)]


def test_a_workbook_with_title_rows_and_several_sheets_is_read(
    tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.title = "About"
    sheet = book.create_sheet("Orders")
    for row in (["Orders of 2024"], [], ["Order No", "Order Date", "Client"], [1, datetime(2024, 1, 2, 10), "c1"]):
        sheet.append(row)
    book.save(tmp_path / "orders.xlsx")
    mapping = tmp_path / "my_shop.yml"
    assert shopper("init", tmp_path / "orders.xlsx", "-o", mapping, "--timezone", "Europe/Paris").code == 0
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    found = rows(warehouse, "select order_id, customer_id, ordered_at from raw.orders")
    assert found == [("1", "c1", "2024-01-02 09:00:00")]


def test_a_sheet_of_a_known_tool_is_named(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(["Exported for Anna"])
    sheet = book.create_sheet("Reviews")
    with (SOURCES / "judgeme" / "example" / "reviews.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            sheet.append([cell or None for cell in row])
    book.save(tmp_path / "reviews.xlsx")
    mapping = tmp_path / "my_shop.yml"
    assert shopper("init", tmp_path / "reviews.xlsx", "-o", mapping, "--timezone", "Europe/Paris").code == 0
    assert "sheet: Reviews" in mapping.read_text(encoding="utf-8")
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    assert rows(warehouse, "select count(*) > 0 from raw.reviews") == [(True,)]


def test_wide_and_deep_files_end_in_time(tmp_path: Path, shopper: Shopper) -> None:
    columns = [f"measure of something {number}" for number in range(5_000)]
    (tmp_path / "wide.csv").write_text(",".join(columns) + "\n" + ",".join("1" * 5_000) + "\n", encoding="utf-8")
    (tmp_path / "wide.jsonl").write_text(json.dumps(dict.fromkeys(columns, 1)) + "\n", encoding="utf-8")
    pq.write_table(pa.table({name: ["1"] for name in columns}), tmp_path / "wide.parquet")
    (tmp_path / "deep.jsonl").write_text('{"a":' + "[" * 100_000 + "]" * 100_000 + "}\n", encoding="utf-8")
    (tmp_path / "till.csv").write_text(TILL, encoding="utf-8")
    started = time.process_time()
    files = sorted(path for path in tmp_path.iterdir() if path.is_file())
    ran = shopper("init", *files, "-o", tmp_path / "my_shop.yml")
    assert time.process_time() - started < 30
    assert ran.code == 0, ran.output
    assert "deep.jsonl can't be read as jsonl" in ran.output
    assert "till.csv: order_items and orders" in ran.output


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--timezone", "Europe/Pari", "unknown time zone Europe/Pari; did you mean Europe/Paris"),
        ("--currency", "euro", "currency: expected a code such as EUR, got 'euro'"),
    ],
)
def test_wrong_answers_are_errors(tmp_path: Path, shopper: Shopper, option: str, value: str, message: str) -> None:
    (tmp_path / "till.csv").write_text(TILL, encoding="utf-8")
    ran = shopper("init", tmp_path / "till.csv", "-o", tmp_path / "my_shop.yml", option, value)
    assert ran.code == 2
    assert message in ran.output
    assert not (tmp_path / "my_shop.yml").exists()
