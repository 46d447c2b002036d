"""`shopper load` of what PostgreSQL alone has, from a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from database_servers import PASSWORD, Server, postgres_server

from running import Shopper, rows

TABLES: Final = """
    create schema "Shop";
    create table "Shop".orders (
        no bigint, client text, placed timestamp, paid timestamptz, total numeric, "Mixed ""Case"" text" text
    );
    insert into "Shop".orders values
        (1, 'anna', '2024-07-01 12:00', '2024-07-01 12:05+02', 12345678901234567.89, 'x'),
        (2, null, '2024-01-01 12:00', null, 5, null);
    create view "Shop".lines as select 1 as no, 2 as pieces, 9.95::numeric(10, 2) as price;
"""
MAPPING: Final = """
sources:
  orders: {postgres: "%s", table: Shop.orders}
  lines: {postgres: "%s", table: Shop.lines}
  priced: {query: "select *, price * 2 as twice from lines"}
tables:
  orders:
    source: orders
    columns:
      order_id: no
      customer_id: client
      ordered_at: {column: placed, timezone: Europe/Berlin}
      paid_at: paid
      total_amount: total
      promotion_code: 'Mixed "Case" text'
  order_items: {source: priced, columns: {order_id: no, quantity: pieces, unit_price: twice}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres_server() as started:
        started.run(TABLES)
        yield started


@pytest.fixture
def mapping(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mapping file."""
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING.replace("%s", server.settings), encoding="utf-8")
    return path


def test_tables_and_views_are_loaded_exactly(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(
        warehouse,
        "select order_id, customer_id, ordered_at, paid_at, total_amount, promotion_code from raw.orders order by all",
    ) == [
        ("1", "anna", "2024-07-01 10:00:00", "2024-07-01 10:05:00+00", "12345678901234567.89", "x"),
        ("2", None, "2024-01-01 11:00:00", None, "5", None),
    ]
    assert rows(warehouse, "select * from raw.order_items") == [("1", "2", "19.90")]
    origin = rows(warehouse, "select file from landing.loads where table_name = 'orders'")
    assert origin == [(server.address,)]
    stored = warehouse.read_bytes()
    assert PASSWORD.encode() not in stored and PASSWORD.split("'")[0].encode() not in stored


def test_the_same_rows_in_another_order_are_unchanged(
    mapping: Path, warehouse: Path, shopper: Shopper, server: Server
) -> None:
    assert shopper("load", mapping).code == 0
    before = warehouse.read_bytes()
    server.run('update "Shop".orders set no = no where no = 1')  # moves the row after the other
    again = shopper("load", mapping)
    assert again.code == 0
    assert "unchanged: orders, order_items" in again.output
    assert warehouse.read_bytes() == before
    server.run("""insert into "Shop".orders values (3, 'eve', '2024-02-01', null, 1, null)""")
    try:
        changed = shopper("load", mapping)
        assert "unchanged: order_items" in changed.output
        assert rows(warehouse, "select count(*) from raw.orders") == [(3,)]
    finally:
        server.run('delete from "Shop".orders where no = 3')


def test_duplicate_rows_are_detected_as_a_change(
    server: Server, tmp_path: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    server.run("create table twice as select 1 as no, date '2024-01-01' as placed from generate_series(1, 2)")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(
        f"sources: {{twice: {{postgres: {server.plain}, table: twice}}}}\n"
        "tables: {orders: {source: twice, columns: {customer_id: no, ordered_at: placed}}}\n",
        encoding="utf-8",
    )
    assert shopper("load", mapping).code == 0
    server.run("update twice set no = 2")
    assert "unchanged" not in shopper("load", mapping).output
    assert rows(warehouse, "select customer_id from raw.orders") == [("2",), ("2",)]


def test_a_removed_column_stops_the_load(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    assert shopper("load", mapping).code == 0
    before = warehouse.read_bytes()
    server.run('alter table "Shop".orders rename column client to client_id')
    try:
        result = shopper("load", mapping)
    finally:
        server.run('alter table "Shop".orders rename column client_id to client')
    assert result.code == 2
    assert "/Shop.orders: no column client (orders.customer_id); did you mean client_id?" in result.output
    assert warehouse.read_bytes() == before
