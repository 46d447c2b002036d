"""Rules of explanation: every column has one, and what it says adds up to what the mart holds, on the sample shop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shopper.explain.lineage import read_lineage
from shopper.explain.measuring import Measuring
from shopper.explain.rules import mart_rules
from shopper.explain.warehouse import Warehouse, listed, read_only

EXPLAINED = [
    "kpi_daily", "channel_efficiency", "channel_efficiency_overall", "channel_attribution", "funnel_daily",
    "customers", "customer_rfm", "customer_lifetime_value", "retention_cohorts", "retention_cohorts_overall",
    "product_performance", "order_fulfilment", "experiment_results",
]  # fmt: skip
# Not checked, each for its reason.
UNCHECKED: dict[str, str] = {}


@pytest.fixture(scope="module")
def connection(sample_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with read_only(sample_warehouse) as opened:
        yield opened


def test_the_marts_with_rules() -> None:
    assert sorted(mart_rules()) == sorted(EXPLAINED)


@pytest.mark.parametrize("mart", EXPLAINED)
def test_every_column_has_a_rule(mart: str, connection: duckdb.DuckDBPyConnection) -> None:
    rules, columns = mart_rules()[mart], set(Warehouse(connection).columns(f"marts.{mart}"))
    known = {*rules.key, *rules.dimensions, *rules.columns}
    # A mart of totals lacks the columns that it totals over; its rules are those of the other mart.
    assert (columns - known, rules.columns.keys() - columns) == (set(), set())


def sampled_cells(connection: duckdb.DuckDBPyConnection, mart: str) -> list[tuple[dict[str, Any], list[str]]]:
    """Rows and the columns to check in each: all of the first and the last row, and of every column its largest, its
    smallest and an empty cell.
    """
    warehouse = Warehouse(connection)
    rules, columns = mart_rules()[mart], warehouse.columns(f"marts.{mart}")
    key = listed([name for name in rules.key if name in columns])
    found = []
    for order in (key, ", ".join(f"{name} desc" for name in key.split(", "))):
        found += [(row, list(rules.columns)) for row in warehouse.rows(f"from marts.{mart} order by {order} limit 1")]
    for column in rules.columns:
        for condition, order in (("is not null", "desc, "), ("is not null", ", "), ("is null", ", ")):
            sql = f'from marts.{mart} where "{column}" {condition} order by "{column}" {order}{key} limit 1'
            found += [(row, [column]) for row in warehouse.rows(sql)]
    return found


@pytest.mark.parametrize("mart", EXPLAINED)
def test_every_column_adds_up(mart: str, connection: duckdb.DuckDBPyConnection) -> None:
    broken, unchecked, checked = {}, {}, 0
    for row, columns in sampled_cells(connection, mart):
        measuring = Measuring(Warehouse(connection), mart_rules()[mart], row, rows=1)
        for column in columns:
            measure = measuring.measure(column)
            checked += measure.adds_up is True
            if measure.broken:
                broken[column] = (row, measure.recomputed)
            if measure.adds_up is None:
                unchecked[f"{mart}.{column}"] = measure.note
    assert (broken, unchecked.keys() - UNCHECKED.keys()) == ({}, set())
    assert checked > len(mart_rules()[mart].columns)


def test_the_lineage_is_that_of_dbt(sample_warehouse: Path, root: Path) -> None:
    manifest = json.loads((sample_warehouse.parent / "target/manifest.json").read_text(encoding="utf-8"))
    expected = {
        node["name"]: tuple(sorted({name.split(".")[-1] for name in node["depends_on"]["nodes"]}))
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and not node["original_file_path"].startswith("models/staging")
    }
    lineage = read_lineage(root).parents
    assert {name: lineage[name] for name in expected} == expected
