"""`shopper load` from SQLite and DuckDB files."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from running import Shopper, rows

MAPPING = """
sources:
  shop: {%s: %s, table: %s}
tables:
  orders: {source: shop, columns: {order_id: no, ordered_at: placed, total_amount: total, promotion_code: code}}
"""
ORDERS = "select order_id, ordered_at, total_amount, promotion_code from raw.orders order by order_id"


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """A file whose columns hold values of several types, as SQLite allows."""
    path = tmp_path / "my shop.db"
    with sqlite3.connect(path) as file:
        file.execute('create table orders (no integer, placed datetime, total real, code, "old ""code""" text)')
        file.executemany(
            "insert into orders values (?, ?, ?, ?, 'x')",
            [(1, "2024-07-01 12:00:00", 9.95, "SPRING"), (2, 1719835200, "1234567.5", b"\xff\x01"), (3, None, 5, 7)],
        )
        file.execute("create view paid as select * from orders where no < 3")
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The path of the mapping file."""
    return tmp_path / "mapping.yml"


def test_values_of_sqlite_are_read_as_they_are_stored(
    sqlite_file: Path, mapping: Path, warehouse: Path, shopper: Shopper
) -> None:
    mapping.write_text(MAPPING % ("sqlite", f'"{sqlite_file.name}"', "orders"), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(warehouse, ORDERS) == [
        ("1", "2024-07-01 12:00:00", "9.95", "SPRING"),
        ("2", "1719835200", "1234567.5", "FF01"),
        ("3", None, "5.0", "7"),
    ]
    assert rows(warehouse, "select file from landing.loads") == [(f"{sqlite_file}/main.orders",)]
    before = warehouse.read_bytes()
    with sqlite3.connect(sqlite_file) as file:
        file.execute("create table other (no)")
        file.execute("update orders set no = no where no = 1")
    assert "unchanged: orders" in shopper("load", mapping).output
    assert warehouse.read_bytes() == before
    with sqlite3.connect(sqlite_file) as file:
        file.execute("delete from orders where no = 3")
    assert shopper("load", mapping).code == 0
    assert rows(warehouse, "select count(*) from raw.orders") == [(2,)]


def test_a_view_and_named_columns(sqlite_file: Path, mapping: Path, warehouse: Path, shopper: Shopper) -> None:
    mapping.write_text(
        f"""
sources:
  shop:
    sqlite: "{sqlite_file}"
    table: paid
    needs: [Number]
    may_have: [Placed, Note]
    names: {{Number: [NO], Placed: [placed]}}
    types: {{Number: bigint}}
tables:
  orders:
    source: shop
    columns: {{order_id: {{expression: Number + 1}}, ordered_at: Placed, promotion_code: Note}}
""",
        encoding="utf-8",
    )
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(warehouse, "select order_id, promotion_code from raw.orders order by all") == [("2", None), ("3", None)]


def test_tables_of_duckdb_keep_their_types(tmp_path: Path, mapping: Path, warehouse: Path, shopper: Shopper) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as file:
        file.execute("create schema till; create table till.orders as select 1 as no, timestamp '2024-07-01 12:00' as"
                     " placed, 9.95::decimal(9, 2) as total, ['A', 'B'] as code")  # fmt: skip
    mapping.write_text(MAPPING.replace("code}", '{expression: "code[2]"}}') % ("duckdb", "shop.duckdb", "till.orders"))
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(warehouse, ORDERS) == [("1", "2024-07-01 12:00:00", "9.95", "B")]
    assert "unchanged: orders" in shopper("load", mapping).output


@pytest.mark.parametrize(
    ("kind", "table", "message"),
    [
        pytest.param("sqlite", "order", "has no table main.order; did you mean main.orders?", id="table"),
        pytest.param("duckdb", "orders", "not a valid DuckDB database file", id="other kind"),
        pytest.param("sqlite", "", "needs the table, such as `table: orders`", id="no table"),
    ],
)
def test_errors(
    sqlite_file: Path, mapping: Path, warehouse: Path, shopper: Shopper, kind: str, table: str, message: str
) -> None:
    mapping.write_text(MAPPING % (kind, f'"{sqlite_file}"', table or '""'), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2, result.output
    assert message in result.output and "Traceback" not in result.output
    assert not warehouse.exists()


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_file_that_is_absent_or_no_database(
    kind: str, tmp_path: Path, mapping: Path, warehouse: Path, shopper: Shopper
) -> None:
    mapping.write_text(MAPPING % (kind, "shop.db", "orders"), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2 and f"no file {tmp_path / 'shop.db'}" in result.output
    (tmp_path / "shop.db").write_text("no database at all, but long enough to have a header of one" * 9)
    result = shopper("load", mapping)
    assert result.code == 2 and "source shop:" in result.output and "database" in result.output, result.output
    assert "Traceback" not in result.output and not warehouse.exists()


def test_a_duckdb_file_that_another_process_writes(
    tmp_path: Path, mapping: Path, warehouse: Path, shopper: Shopper
) -> None:
    path = tmp_path / "shop.duckdb"
    writer = (
        "import sys, duckdb; file = duckdb.connect(sys.argv[1]); file.execute('create table orders (no int)');"
        " print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stdin
        assert process.stdout.readline() == "open\n"
        mapping.write_text(MAPPING % ("duckdb", "shop.duckdb", "orders"), encoding="utf-8")
        result = shopper("load", mapping)
        process.stdin.close()
    assert result.code == 75
    assert f"{path} is open in process {process.pid}" in result.output


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_column_with_the_name_of_one_of_the_loaders_is_refused(
    kind: str, mapping: Path, tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    path = tmp_path / f"till.{kind}"
    with sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path)) as file:
        file.execute('create table orders ("no" integer, placed varchar, total integer, code varchar, __file varchar)')
        file.execute("insert into orders values (1, '2024-01-01', 5, 'x', 'mine')")
    mapping.write_text(MAPPING % (kind, path.name, "orders"), encoding="utf-8")
    result = shopper("load", mapping)
    assert result.code == 2, result.output
    assert "orders: the loader has a column __file of its own; rename this one" in result.output
