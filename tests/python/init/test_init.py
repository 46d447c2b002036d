"""`shopper init`: files with other names and formats become a mapping that loads; what is unclear is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from running import Shopper, rows

ORDERS = (
    "Order No;Client;Client name;Order Date;State;Total;Note\n"
    '1;C1;Zoé;31/01/2024 18:05;paid;1.249,90;"a; b"\n'
    "2;C2;Bob;30/07/2024 09:00;shipped;5,00;\n"
)
LINES = "Line;Order No;SKU;Qty;Price\n1;1;A-1;2;620,00\n2;1;A-2;1;9,90\n3;2;A-1;1;5,00\n"
VISITS = "Visit ID\tVisitor\tClient\tStart\tDevice\tSource\n7\tcookie\tC1\t2024-01-31T17:00:00Z\tmobile\tgoogle\n"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder of three exports with different names, delimiters, encodings and time zones."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "commandes.csv").write_bytes(ORDERS.encode("cp1252"))
    (folder / "order_lines.csv").write_text("\ufeff" + LINES, encoding="utf-8")
    (folder / "visits.tsv").write_text(VISITS, encoding="utf-8")
    return folder


def test_a_draft_loads_unchanged(exports: Path, tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    mapping = tmp_path / "my_shop.yml"
    files = sorted(exports.iterdir())
    drafted = shopper("init", *files, "--timezone", "Europe/Paris", "--output", mapping)
    assert drafted.code == 0, drafted.output
    assert "commandes.csv: orders, 5 of 7 columns" in drafted.output
    text = mapping.read_text(encoding="utf-8")
    assert "{path: exports/commandes.csv, encoding: cp1252, delimiter: ;}" in text
    assert "# not used: Client name, Note" in text
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    assert "do not cast" in loaded.output and "does not cast" not in loaded.output
    orders = "select order_id, customer_id, ordered_at, status, total_amount from raw.orders order by all"
    assert rows(warehouse, orders) == [
        ("1", "C1", "2024-01-31 17:05:00", "paid", "1249.90"),
        ("2", "C2", "2024-07-30 07:00:00", "shipped", "5.00"),
    ]
    items = "select order_item_id, order_id, product_id, quantity, unit_price from raw.order_items order by all"
    assert rows(warehouse, items)[0] == ("1", "1", "A-1", "2", "620.00")
    visits = "select session_id, visitor_id, customer_id, started_at, utm_source from raw.sessions"
    assert rows(warehouse, visits) == [("7", "cookie", "C1", "2024-01-31T17:00:00Z", "google")]


def test_files_with_the_same_columns_are_one_source(
    exports: Path, tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    for day in ("2024-01-30", "2024-01-31"):
        (exports / f"order-{day}.csv").write_text(f"order_id,ordered_at\n{day},{day}\n", encoding="utf-8")
    mapping = tmp_path / "my_shop.yml"
    files = [exports / "order_lines.csv", *sorted(exports.glob("order-*.csv"))]
    drafted = shopper("init", *files, "--output", mapping)
    assert drafted.code == 0, drafted.output
    text = mapping.read_text(encoding="utf-8")
    assert "path: exports/order-*.csv" in text
    assert "are read as UTC" in text
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, "select count(*) from raw.orders") == [(2,)]


def test_files_with_contract_names_and_other_formats_are_drafted(tmp_path: Path, shopper: Shopper) -> None:
    lines = [{"event_id": "1", "visitor_id": "v", "event_type": "pv", "occurred_at": "1704067200", "extra": 1}]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    mapping = tmp_path / "my_shop.yml"
    assert shopper("init", tmp_path / "log.jsonl", "--output", mapping, "--timezone", "Asia/Shanghai").code == 0
    text = mapping.read_text(encoding="utf-8")
    assert "events:" in text
    assert "occurred_at: occurred_at  # such as 1704067200" in text  # an epoch needs no time zone
    assert "# not used: extra" in text


def test_missing_required_columns_are_marked(tmp_path: Path, warehouse: Path, shopper: Shopper) -> None:
    (tmp_path / "orders.csv").write_text("order_id,client,anna@example.com\n1,anna@example.com,x\n", encoding="utf-8")
    mapping = tmp_path / "my_shop.yml"
    drafted = shopper("init", tmp_path / "orders.csv", "--output", mapping)
    assert drafted.code == 0
    assert "required, not found: ordered_at" in drafted.output
    text = mapping.read_text(encoding="utf-8")
    assert "ordered_at: <required: a column of the file>" in text
    assert "client  # such as ...@..." in text
    assert shopper("load", mapping).code == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("orders.xls", b"PK", "unknown suffix; expected csv, tsv, jsonl, json, parquet", id="workbook"),
        pytest.param("orders.csv", b"", "is empty (0 bytes)", id="empty"),
        pytest.param("orders.parquet", b"PAR1", "can't be read as parquet", id="parquet"),
        pytest.param("zzz.csv", b"qqq,www\n1,2\n", "matches no table of the input contract", id="nothing alike"),
    ],
)
def test_files_that_can_not_be_drafted_are_reported(
    tmp_path: Path, shopper: Shopper, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = shopper("init", tmp_path / name, "--output", tmp_path / "my_shop.yml")
    assert result.code == 2
    assert message in result.output
    assert not (tmp_path / "my_shop.yml").exists()


def test_a_mapping_is_never_overwritten(exports: Path, tmp_path: Path, shopper: Shopper) -> None:
    (tmp_path / "my_shop.yml").write_text("mine", encoding="utf-8")
    result = shopper("init", exports / "commandes.csv", "--output", tmp_path / "my_shop.yml")
    assert result.code == 2
    assert (tmp_path / "my_shop.yml").read_text(encoding="utf-8") == "mine"


UNKNOWN = (
    "Order Ref,Placed On,Buyer Mail,Line Sku,Line Qty,Line Price,Carriage,VAT Sum,Warehouse\n"
    "1001,2024-05-01,a@example.com,S1,2,10.00,4.90,3.20,W1\n"
)


def test_an_unknown_file_is_refused_with_the_columns_near_to_its_own(tmp_path: Path, shopper: Shopper) -> None:
    (tmp_path / "export.csv").write_text(UNKNOWN, encoding="utf-8")
    ran = shopper("init", tmp_path / "export.csv", "-o", tmp_path / "my_shop.yml")
    assert ran.code == 2
    assert "is most like orders, but lacks ordered_at" in ran.output
    listed = ran.output.split("Its columns: ")[1].strip()
    assert listed == (
        "Order Ref (orders.order_id?), Placed On (orders.ordered_at?), Buyer Mail (orders.customer_id?), "
        "Line Sku (order_items.product_id?), Line Qty (order_items.quantity?), Line Price (orders.total_amount?), "
        "Carriage (orders.shipping_amount?), VAT Sum (orders.tax_amount?), Warehouse"
    )


def test_every_column_of_a_partly_placed_file_is_listed(tmp_path: Path, shopper: Shopper) -> None:
    """A column near to one that is filled has no hint: what is second nearest is rarely meant."""
    others = [f"Field {letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyz"] * 2
    header = ["Order No", "Order Date", "Client", "Client name", "Tax Total", "Ship Fee", *dict.fromkeys(others)]
    values = ["1", "2024-05-01", "c1", "Zoé", "3.20", "4.90", *["x"] * 26]
    (tmp_path / "export.csv").write_text(f"{','.join(header)}\n{','.join(values)}\n", encoding="utf-8")
    mapping = tmp_path / "my_shop.yml"
    ran = shopper("init", tmp_path / "export.csv", "-o", mapping)
    assert ran.code == 0, ran.output
    assert "not used: Client name, Tax Total (tax_amount?), Ship Fee (shipping_amount?), Field aaa," in ran.output
    assert "Field zzz" in ran.output
    assert "more" not in ran.output.split("not used: ")[1].splitlines()[0]
    assert "Field zzz" in mapping.read_text(encoding="utf-8")
