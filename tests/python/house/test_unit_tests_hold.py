"""Every dbt unit test holds under any vars: what it expects does not depend on those that the shop chose."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from test_vars import project_vars

from landing import copy_raw
from parsing import PARSED_WITH
from shopper.dbt import run_dbt

WINDOWS_SHORT = {
    "earliest_date": "2001-05-05",
    "rfm_window_days": 100,
    "session_timeout_minutes": 7,
    "session_max_hours": 3,
    "funnel_window_days": 2,
    "attribution_window_days": 11,
    "clv_monthly_discount_rate": 0.05,
    "clv_min_repeat_customers": 33,
    "clv_backtest_weeks": 9,
    "basket_min_orders": 3,
    "basket_min_support": 0.2,
    "max_basket_items": 7,
}
WINDOWS_LONG = {
    "as_of_date": "2024-02-02",
    "rfm_window_days": 1000,
    "session_timeout_minutes": 240,
    "session_max_hours": 100,
    "funnel_window_days": 60,
    "attribution_window_days": 200,
    "clv_monthly_discount_rate": 0,
    "clv_min_repeat_customers": 999,
    "clv_backtest_weeks": 52,
    "basket_min_orders": 50,
    "basket_min_support": 0,
    "max_basket_items": 1000,
}
SHOPS = {
    "short": {
        "raw_data": "source", "reporting_timezone": "America/New_York", "reporting_currency": "USD", **WINDOWS_SHORT,
    },
    "long": {"reporting_timezone": "Pacific/Auckland", "reporting_currency": "JPY", **WINDOWS_LONG},
}  # fmt: skip


@pytest.mark.parametrize("shop", SHOPS)
def test_unit_tests_hold_under_other_vars(shop: str, sample_warehouse: Path, tmp_path: Path) -> None:
    """Those of models whose SQL is another under these vars; all others are the same statements as in the sample."""
    warehouse, target = tmp_path / "shop.duckdb", tmp_path / "target"
    shutil.copy(sample_warehouse, warehouse)
    copy_raw(sample_warehouse, warehouse)
    how = {"variables": SHOPS[shop], "warehouse": warehouse, "target": target}
    run_dbt(["compile", "--select", "resource_type:model"], **how)
    sample, others = _compiled(sample_warehouse.parent / "target"), _compiled(target)
    assert others.keys() == sample.keys()
    changed = sorted(model for model, sql in others.items() if sql != sample[model])
    assert {"int_rfm_dates", "int_session_bounds", "int_visitor_funnel_entries", "stg_run_period"} <= {*changed}
    run = run_dbt(["test", "--select", *(f"{model},test_type:unit" for model in changed)], **how)
    assert len(run.names("pass")) > 50


def test_two_vars_alone_decide_what_dbt_parses(manifest: dict[str, Any], tmp_path: Path) -> None:
    """Tests with other vars start from what dbt has parsed for one of them."""
    others = {"reporting_timezone": "Pacific/Auckland", "earliest_date": "2001-05-05", **WINDOWS_LONG}
    target = tmp_path / "target"
    parse = ["parse", "--no-partial-parse", "--write-json"]
    run_dbt(parse, variables=others, warehouse=tmp_path / "shop.duckdb", target=target)
    found = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert sorted([*others, *PARSED_WITH]) == sorted(project_vars())
    kinds = ("nodes", "sources", "unit_tests", "macros", "metrics", "semantic_models", "saved_queries", "exposures")
    for kind in (*kinds, "groups"):
        assert found[kind].keys() == manifest[kind].keys()
        different = [name for name, one in found[kind].items() if _parsed(one) != _parsed(manifest[kind][name])]
        assert different == [], kind


OF_COMPILING: Final = {"build_path", "compiled", "compiled_code", "compiled_path", "created_at", "depends_on",
                       "extra_ctes", "extra_ctes_injected", "index", "relation_name"}  # fmt: skip
"""What dbt adds to a node when it compiles or runs it; to what a Python model depends on, a macro of its own."""


def _parsed(node: dict[str, Any]) -> dict[str, Any]:
    """What parsing alone says of a node."""
    behind = node.get("depends_on", {})
    macros = [name for name in behind.get("macros", ()) if name != "macro.dbt.py_script_postfix"]
    kept = {name: value for name, value in node.items() if name not in OF_COMPILING}
    return {**kept, "nodes_behind": behind.get("nodes"), "macros_behind": macros}


def _compiled(target: Path) -> dict[str, str]:
    """The SQL of each model, as dbt compiled it. That of its tests is in folders with the names of YAML files."""
    files = (path for path in target.glob("compiled/*/models/**/*.sql") if path.parent.suffix != ".yml")
    return {path.stem: path.read_text(encoding="utf-8") for path in files}
