"""Queries of a mapping that several tables read: computed once, whatever their columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import Shopper, rows

TABLES = (
    "tables:\n"
    "  orders: {source: marked, columns: {order_id: mark, ordered_at: {value: 2024-01-01}}}\n"
    "  order_items: {source: marked, columns: {order_id: mark, quantity: {value: '1'}, unit_price: {value: '1'}}}\n"
)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    (tmp_path / "shop.csv").write_text("number\n1\n2\n", encoding="utf-8")
    return tmp_path / "mapping.yml"


def test_what_several_tables_read_is_computed_once(mapping: Path, warehouse: Path, shopper: Shopper) -> None:
    query = "select *, cast(uuid() as varchar) as mark from shop"
    mapping.write_text(f"sources:\n  shop: {{path: shop.csv}}\n  marked: {{query: '{query}'}}\n{TABLES}")
    assert shopper("load", mapping).code == 0
    joined = "select count(*) from raw.orders inner join raw.order_items using (order_id)"
    assert rows(warehouse, joined) == [(2,)]


def test_a_query_with_a_type_that_no_table_can_have_loads(mapping: Path, warehouse: Path, shopper: Shopper) -> None:
    query = "select row(number, 2) as pair, number as mark from shop"
    mapping.write_text(f"sources:\n  shop: {{path: shop.csv}}\n  marked: {{query: '{query}'}}\n{TABLES}")
    loaded = shopper("load", mapping)
    assert loaded.code == 0, loaded.output
    assert rows(warehouse, "select count(*) from raw.order_items") == [(2,)]


def test_a_query_over_no_source_loads_and_one_over_an_unknown_source_is_named(
    mapping: Path, warehouse: Path, shopper: Shopper
) -> None:
    for query, code in (("select 7 as mark", 0), ("select * from nothing", 2)):
        mapping.write_text(f"sources:\n  marked: {{query: '{query}'}}\n{TABLES}")
        assert shopper("load", mapping).code == code
    assert "source marked: query: Table with name nothing does not exist" in shopper("load", mapping).output
    assert rows(warehouse, "select order_id from raw.orders") == [("7",)]
