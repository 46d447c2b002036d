"""Rules of explanation: every column has one, and what it says adds up to what the mart holds, on the sample shop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from explained import unexplained
from shopper.explain.lineage import read_lineage
from shopper.explain.rules import mart_rules
from shopper.explain.warehouse import Warehouse, read_only

EXPLAINED = [
    "kpi_daily", "channel_efficiency", "channel_efficiency_overall", "channel_attribution", "funnel_daily",
    "customers", "customer_rfm", "customer_lifetime_value", "retention_cohorts", "retention_cohorts_overall",
    "product_performance", "order_fulfilment", "experiment_results",
]  # fmt: skip


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


@pytest.mark.parametrize("mart", EXPLAINED)
def test_every_column_adds_up(mart: str, sample_warehouse: Path) -> None:
    wrong, checked = unexplained(sample_warehouse, mart)
    assert wrong == {}
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
