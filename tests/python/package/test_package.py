"""The project as a package of another dbt project, which has a model and a seed of its own over our marts."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from running import ROOT, rows
from shopper.dbt import WITHOUT_TESTS, run_dbt

OUR_SHOP = Path(__file__).parent / "our_shop"
# 23:30 UTC on the last of January is February in Paris; the tax-free prices are 2 x 10.00 and 30.00.
ORDERS = """
create schema raw;
create table raw.orders as
select * from (values
    ('001', 'c1', '2024-01-10T12:00:00Z', 'paid', 'EUR'), ('002', 'c1', '2024-01-31T23:30:00Z', 'paid', 'EUR')
) as given (order_id, customer_id, ordered_at, status, currency);
create table raw.order_items as
select * from (values ('1', '001', 'p', '2', '10.00'), ('2', '002', 'p', '1', '30.00'))
as given (order_item_id, order_id, product_id, quantity, unit_price);
"""


def test_another_project_builds_our_marts_and_its_own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPPER_ANALYTICS", str(ROOT))
    project, warehouse = tmp_path / "our_shop", tmp_path / "our_shop.duckdb"
    monkeypatch.setenv("SHOPPER_WAREHOUSE", str(warehouse))
    shutil.copytree(OUR_SHOP, project)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(ORDERS)

    run_dbt(["deps"], project=project)
    run_dbt(["build", "--select", "+revenue_against_target", *WITHOUT_TESTS], warehouse=warehouse, project=project)

    assert rows(warehouse, "select * from our.revenue_against_target order by month") == [
        (date(2024, 1, 1), 100, Decimal("20.00")),
        (date(2024, 2, 1), 30, Decimal("30.00")),
    ]
    # Our schemas are ours, with their names and types; texts of rules stay texts.
    assert rows(warehouse, "select order_id, currency from marts.orders order by all") == [
        ("001", "EUR"),
        ("002", "EUR"),
    ]
    types = dict(rows(warehouse, "select column_name, data_type from duckdb_columns() where table_name = 'targets'"))
    assert types == {"month": "DATE", "target": "INTEGER"}  # the other project's seeds are its own
