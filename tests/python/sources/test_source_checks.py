"""The checks of ready sources find what is wrong: values, rows, queries, keys that a source does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_checks import Check, build, differences, load_source

from replay import Replay

MAPPING = """
sources: {till: {path: till.csv}}
tables:
  orders:
    source: till
    columns: {order_id: number, ordered_at: day, currency: {value: EUR}}
  order_items:
    source: till
    columns: {order_id: number, product_id: product, quantity: {value: '2'}, unit_price: price}
"""
QUERY = "select order_id, net_revenue, order_date from marts.orders order by all"
RIGHT = (("1", 19.9, "2025-01-01"), ("2", 5, "2025-01-02"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    (tmp_path / "till.csv").write_text("number,day,product,price\n1,2025-01-01,a,9.95\n2,2025-01-02,b,2.50\n")
    (tmp_path / "mapping.yml").write_text(MAPPING)
    load_source(tmp_path / "mapping.yml", tmp_path / "shop.duckdb")
    return tmp_path / "shop.duckdb"


def found(replay: Replay, warehouse: Path, *checks: Check) -> str:
    with build(replay, warehouse, checks) as connection:
        return "\n".join(differences(connection, checks))


def test_right_values_are_found_right(replay: Replay, warehouse: Path) -> None:
    keys = Check("select count(distinct order_item_id), count(*) from staging.stg_order_items", ((2, 2),))
    assert found(replay, warehouse, Check(QUERY, RIGHT), keys) == ""


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((("1", 19.91, "2025-01-01"), RIGHT[1]), "expected ['1', 19.91, '2025-01-01']\n  found    ['1', 19.90,"),
        ((("1", "19.90", "2025-01-01"), RIGHT[1]), "found    ['1', 19.90, '2025-01-01']"),
        ((RIGHT[0],), "expected no row"),
        ((*RIGHT, ("3", 1, "2025-01-03")), "found    no row"),
    ],
)
def test_a_difference_is_shown(
    replay: Replay, warehouse: Path, rows: tuple[tuple[object, ...], ...], message: str
) -> None:
    assert message in found(replay, warehouse, Check(QUERY, rows))


def test_a_failing_query_is_shown(replay: Replay, warehouse: Path) -> None:
    assert "no_such_column" in found(replay, warehouse, Check("select no_such_column from marts.orders", ()))
