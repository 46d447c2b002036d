"""Every dbt unit test holds under any vars: what it expects does not depend on those that the shop chose."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from landing import copy_raw
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
    warehouse = tmp_path / "shop.duckdb"
    shutil.copy(sample_warehouse, warehouse)
    copy_raw(sample_warehouse, warehouse)
    run = run_dbt(
        ["test", "--select", "test_type:unit"], variables=SHOPS[shop], warehouse=warehouse, target=tmp_path / "target"
    )
    assert len(run.names("pass")) > 200
