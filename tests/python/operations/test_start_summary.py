"""The figures at the end of `shopper start`: from what a back office shows down to net revenue, each step a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from shopper.start.summary import summary

# Order 1: 100 of goods, shipping 9.60 less 2.00 off, of which 1.60 is tax, tax 21.60: 127.60 in all. Order 2: 50, tax
# 10, a tip of 1.50, and 4 cents that no line explains. Order 3 has no total.
ORDERS = """
create schema marts;
create table marts.orders (
    order_id varchar, order_date date, invalid_reason varchar, is_valid boolean, total_amount decimal(18, 2),
    tax_amount decimal(18, 2), shipping_amount decimal(18, 2), shipping_discount_amount decimal(18, 2),
    other_charges_amount decimal(18, 2), item_discount_amount decimal(18, 2), order_discount_amount decimal(18, 2),
    net_revenue decimal(18, 2), net_revenue_after_refunds decimal(18, 2), has_total_mismatch boolean
);
insert into marts.orders values
('1', '2024-01-30', null, true, 127.60, 21.60, 9.60, 2.00, 0, 5.00, 0, 100.00, 80.00, false),
('2', '2024-02-01', null, true, 61.54, 10.00, null, null, 1.50, 0, 1.00, 50.00, 50.00, true),
('3', '2024-02-02', null, true, null, null, null, null, 0, 0, 0, 7.00, 7.00, false),
('4', '2024-02-02', 'cancelled', false, 12.00, 2.00, 0, 0, 0, 0, 0, 10.00, 10.00, false),
('5', '2024-02-02', 'test', false, 9.00, 0, 0, 0, 0, 0, 0, 9.00, 9.00, false);
create table marts.customers as select * from (values ('a'), ('b'), ('unknown')) as given (customer_id);
create table marts.refunds as select * from (values (20.00, 4.00, true), (9.00, 0.00, false))
as given (goods_amount, other_amount, is_counted);
"""
FACTS: dict[str, Any] = {
    "quarantine": [{"table_name": "orders", "rejection_reason": "ordered_at_missing", "row_count": 3}],
    "ledger": [{"table_name": "orders", "duplicates": 2}, {"table_name": "refunds", "duplicates": 0}],
}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(ORDERS)
    return path


def test_the_back_office_is_led_down_to_net_revenue(published: Path) -> None:
    lines = [" ".join(line.split()) for line in summary(published, "EUR", FACTS)]
    assert lines == [
        "Found: orders from 2024-01-30 to 2024-02-02",
        "orders 3",
        "net revenue, EUR 157.00",
        "customers 2",
        "",
        "Net revenue by month, EUR",
        "2024-01 1 orders 100.00",
        "2024-02 2 orders 57.00",
        "",
        "To tick off against your shop's own back office, EUR",
        "orders, cancelled ones too 5",
        "- cancelled 1",
        "- test 1",
        "= orders 3",
        "",
        "charged, cancelled ones too 210.14",
        "- cancelled 12.00",
        "- test 9.00",
        "= charged for orders that count 189.14",
        "- tax 31.60",
        "- shipping, without tax 6.00",
        "- fees, tips, gift cards 1.50",
        "- totals that are not the sum of their lines 0.04",
        "+ 1 orders without a total 7.00",
        "= net revenue (goods, without tax) 157.00",
        "discounts, already taken off 6.00",
        "",
        "refunds 24.00",
        "of goods, without tax 20.00",
        "net revenue after refunds 137.00",
        "",
        "Rows left out",
        "3 orders: ordered at missing",
        "2 orders: repeated, the newest is kept",
    ]


def test_without_totals_it_says_so(published: Path) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute("update marts.orders set total_amount = null")
    lines = [" ".join(line.split()) for line in summary(published, "EUR", {})]
    assert "what was charged: no totals in the files" in lines and "net revenue 157.00" in lines
    assert lines[-1] == "Rows left out: none"


def test_a_shop_of_visits_alone_has_its_visits(published: Path) -> None:
    with duckdb.connect(str(published)) as connection:
        connection.execute("delete from marts.orders; delete from marts.refunds")
        connection.execute("create table marts.kpi_daily as select 7 as sessions from range(3)")
    lines = [" ".join(line.split()) for line in summary(published, "EUR", {})]
    assert lines == ["Found", "visits 21", "", "Rows left out: none"]
