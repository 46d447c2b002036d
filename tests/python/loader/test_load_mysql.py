"""`shopper load` of what MySQL and MariaDB alone have, from a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from database_servers import PASSWORD, Server, mysql_server

from running import Shopper, rows

TABLES: Final = """
    create database shop character set utf8mb4;
    use shop;
    create table orders (
        no bigint unsigned, client varchar(50), placed datetime, paid timestamp null, total decimal(26, 8),
        flag tinyint(1), cleared datetime, done date, exact decimal(60, 20), `Mixed ``Case`` text` longtext
    );
    set sql_mode = '';
    set time_zone = '+02:00';
    insert into orders values
        (18446744073709551615, 'anna', '2024-07-01 12:00', '2024-07-01 12:05', 12345678901234567.89, 5,
         '0000-00-00 00:00:00', '0000-00-00', '123456789012345678901234567890.12345', 'é 🌷'),
        (2, null, '2024-01-01 12:00', null, 5, 0, null, '2024-02-29', 1, null);
    create view `lines` as select 1 as no, 2 as pieces, cast(9.95 as decimal(10, 2)) as price;
    create database other; create table other.returns (no int); insert into other.returns values (7);
    create user reader identified by 's3cret\\' "word';
    grant select on shop.* to reader; grant select on other.* to reader;
"""
MAPPING: Final = """
sources:
  orders: {mysql: "%s", table: orders}
  lines: {mysql: "%s", table: shop.lines, needs: [Number, price], names: {Number: [no]}, may_have: [tax]}
  returns: {mysql: "%s", table: other.returns}
  priced: {query: "select Number, pieces, price * 2 as twice, tax from lines"}
tables:
  orders:
    source: orders
    columns:
      order_id: no
      customer_id: client
      ordered_at: {column: placed, timezone: Europe/Berlin}
      paid_at: paid
      cancelled_at: cleared
      completed_at: done
      total_amount: total
      session_id: flag
      visitor_id: exact
      promotion_code: "Mixed `Case` text"
  order_items: {source: priced, columns: {order_id: Number, quantity: pieces, unit_price: twice, unit_cost: tax}}
  refunds: {source: returns, columns: {refund_id: no, amount: {value: "1"}, refunded_at: {value: "2024-01-01"}}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with mysql_server() as started:
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
    """Timestamps are UTC, a zero date is none, tinyint(1) keeps its number, long decimals keep their digits."""
    result = shopper("load", mapping)
    assert result.code == 0, result.output
    assert rows(
        warehouse,
        "select order_id, customer_id, ordered_at, paid_at, cancelled_at, completed_at, total_amount, session_id,"
        " visitor_id, promotion_code from raw.orders order by all",
    ) == [
        ("18446744073709551615", "anna", "2024-07-01 10:00:00", "2024-07-01 10:05:00", None, None,
         "12345678901234567.89000000", "5", "123456789012345678901234567890.12345000000000000000", "é 🌷"),
        ("2", None, "2024-01-01 11:00:00", None, None, "2024-02-29", "5.00000000", "0", "1.00000000000000000000", None),
    ]  # fmt: skip
    assert rows(warehouse, "select order_id, quantity, unit_price, unit_cost from raw.order_items") == [
        ("1", "2", "19.90", None)
    ]
    assert rows(warehouse, "select refund_id from raw.refunds") == [("7",)]
    origin = rows(warehouse, "select file from landing.loads where table_name = 'orders'")
    assert origin == [(server.address,)]
    stored = warehouse.read_bytes()
    assert PASSWORD.encode() not in stored and PASSWORD.split("'")[0].encode() not in stored


def test_a_date_without_a_day_stops_the_load(mapping: Path, warehouse: Path, shopper: Shopper, server: Server) -> None:
    server.run("set sql_mode = ''; insert into shop.orders (no, placed, done) values (3, '2024-02-01', '2024-01-00')")
    try:
        result = shopper("load", mapping)
    finally:
        server.run("delete from shop.orders where no = 3")
    assert result.code == 2 and "2024-1-0" in result.output, result.output
    assert not warehouse.exists()
